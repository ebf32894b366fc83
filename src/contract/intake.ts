import * as z from 'zod/mini'
import { base64Of, hex, id16, isoWeek } from './forms.ts'
import { operation } from './operation.ts'
import { FIRST_WRAPS, ITEM_BYTES, MAX_FIRST_ITEMS, WRAP_BYTES } from './sizes.ts'

/** A puzzle, signed by the server: find a 32-bit counter for which SHA-256(nonce, counter) starts with `bits` zero bits. */
export const puzzle = z.object({
  nonce: hex(16),
  bits: z.int().check(z.gte(1), z.lte(24)),
  /** Seconds since 1970. */
  expires: z.int().check(z.gte(0), z.lte(0xffffffff)),
  mac: hex(16),
})

export type Puzzle = z.infer<typeof puzzle>

const openBody = z.object({
  mailbox: id16,
  authPk: hex(32),
  week: isoWeek,
  wraps: z.array(z.object({ address: id16, body: base64Of([WRAP_BYTES]) })).check(z.length(FIRST_WRAPS)),
  items: z.array(base64Of(ITEM_BYTES)).check(z.minLength(1), z.maxLength(MAX_FIRST_ITEMS)),
  manifestSha256: hex(32),
  commitment: hex(32),
  pow: z.extend(puzzle, { counter: z.int().check(z.gte(0), z.lte(0xffffffff)) }),
})

export type OpenReport = z.infer<typeof openBody>

/** How a report comes in: sealed, from anybody, without an account. */
export const intake = {
  organisation: operation({
    name: 'intake.organisation',
    summary:
      'Name and public root keys of the organisation. A client holds them against the fingerprint that the organisation printed: from a server alone they prove nothing.',
    method: 'GET',
    path: '/api/intake/organisation',
    request: { kind: 'none' },
    reply: {
      kind: 'json',
      schema: z.object({
        org: z.string().check(z.minLength(1), z.maxLength(128)),
        rootKeys: z.array(hex(32)).check(z.length(3)),
      }),
    },
    errors: {
      /** Nobody has set the organisation up yet. */
      ORGANISATION_NOT_SET_UP: 503,
    },
    malformed: 'REQUEST_INVALID',
  }),
  challenge: operation({
    name: 'intake.challenge',
    summary: 'A puzzle to be solved before a report is sent. `lowPower` asks for an easier one.',
    method: 'POST',
    path: '/api/intake/challenge',
    request: { kind: 'json', schema: z.object({ lowPower: z.boolean() }), maxBytes: 256 },
    reply: { kind: 'json', schema: puzzle },
    errors: {},
    malformed: 'REQUEST_INVALID',
  }),
  open: operation({
    name: 'intake.open',
    summary:
      'Takes a sealed report and makes its mailbox. Answers once everything is durable, with a signed receipt of fixed length. The same report again gives a receipt again and is kept once.',
    method: 'POST',
    path: '/api/intake/open',
    request: { kind: 'json', schema: openBody, maxBytes: 1024 * 1024 },
    reply: { kind: 'json', schema: z.object({ receipt: z.string() }) },
    errors: {
      /** The puzzle is not solved, or a harder one is asked for now: ask for a challenge again. */
      POW_REQUIRED: 403,
      /** The puzzle is too old, not ours, or was used: ask for a challenge again. */
      POW_STALE: 409,
      /** Not a report: sizes, counts, manifest, or a mailbox that is taken by another report. */
      INTAKE_SHAPE: 422,
      /** Too many reports at once. Nothing was stored; the text is still where it was written. */
      INTAKE_BUSY: 503,
    },
    malformed: 'INTAKE_SHAPE',
  }),
}

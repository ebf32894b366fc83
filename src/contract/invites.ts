import * as z from 'zod/mini'
import { hex, isoWeek } from './forms.ts'
import { CONFIRMED_ERRORS, confirmed } from './members.ts'
import { operation } from './operation.ts'

/** Passes that one request can ask for: see `MAX_PASSES_AT_ONCE`. */
const MAX_AT_ONCE = 16
/** Pictures that one invite can let in. */
export const MAX_INVITED_PICTURES = 100_000

const done = z.object({ done: z.literal(true) })
const ROLE_ERRORS = { ...CONFIRMED_ERRORS, STAFF_ROLE: 403 } as const

/**
 * How a witness is let in without an account: staff give her a code, of which the server keeps a hash, an end and how many
 * pictures are left. She exchanges it for passes that are issued blindly, so that no sighting can be traced to the invite or to
 * another sighting by anything the server has seen.
 */
export const invites = {
  create: operation({
    name: 'invites.create',
    summary: 'Keeps the hash of an invite, which is made where this is called and never sent.',
    method: 'POST',
    path: '/api/invites/create',
    request: {
      kind: 'json',
      schema: confirmed(
        z.object({
          hash: hex(32),
          pictures: z.int().check(z.gte(1), z.lte(MAX_INVITED_PICTURES)),
          /** The week at whose end it expires: 26 weeks ahead at most. */
          until: isoWeek,
        }),
      ),
      maxBytes: 1_024,
    },
    reply: { kind: 'json', schema: done },
    errors: {
      ...ROLE_ERRORS,
      /** There is such an invite. */
      INVITE_CONFLICT: 409,
      /** A week that is over, or too far away. */
      INVITE_WEEK: 422,
    },
    malformed: 'REQUEST_INVALID',
  }),
  end: operation({
    name: 'invites.end',
    summary:
      'Ends an invite at once. What is not there is no error. Passes that were issued stay good for their two weeks.',
    method: 'POST',
    path: '/api/invites/end',
    request: { kind: 'json', schema: confirmed(z.object({ hash: hex(32) })), maxBytes: 1_024 },
    reply: { kind: 'json', schema: done },
    errors: ROLE_ERRORS,
    malformed: 'REQUEST_INVALID',
  }),
  key: operation({
    name: 'invites.key',
    summary: 'The public key under which passes are issued in this week: the same for everybody who asks.',
    method: 'GET',
    path: '/api/invites/key',
    request: { kind: 'none' },
    reply: { kind: 'json', schema: z.object({ week: isoWeek, publicKey: hex(32) }) },
    errors: {},
    malformed: 'REQUEST_INVALID',
  }),
  exchange: operation({
    name: 'invites.exchange',
    summary:
      'Issues passes for pictures that are left on an invite: for the first few of those asked for, when fewer are left. An answer that gets lost has used them up.',
    method: 'POST',
    path: '/api/invites/exchange',
    request: {
      kind: 'json',
      schema: z.object({
        /** 20 digits. */
        code: z.string().check(z.regex(/^[0-9]{20}$/)),
        blinded: z.array(hex(32)).check(z.minLength(1), z.maxLength(MAX_AT_ONCE)),
      }),
      maxBytes: 4_096,
    },
    reply: {
      kind: 'json',
      schema: z.object({
        week: isoWeek,
        publicKey: hex(32),
        evaluated: z.array(hex(32)),
        proof: hex(64),
      }),
    },
    errors: {
      /** Never given out, or ended. */
      INVITE_UNKNOWN: 403,
      /** No picture is left on it: ask for another one. */
      INVITE_SPENT: 409,
      /** Its week is over: ask for another one. */
      INVITE_EXPIRED: 409,
      /** Not elements of the group. Nothing was used up. */
      PASS_FORM: 422,
      /** Too many at once; try again in a moment. Nothing was used up. */
      INVITES_BUSY: 503,
    },
    malformed: 'REQUEST_INVALID',
  }),
}

/** What of a pass is shown with a sighting. */
export const shownPass = z.object({ week: isoWeek, nonce: hex(32), mac: hex(32) })
export type ShownPass = z.infer<typeof shownPass>

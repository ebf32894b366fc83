import * as z from 'zod/mini'
import { SESSION_ERRORS, session } from './members.ts'
import { operation } from './operation.ts'
import { HIT_LIST_BYTES } from './sizes.ts'

const identity = z.object({ identity: z.string().check(z.maxLength(100)) })
const state = z.object({
  /** Whether the bank is being matched now. */
  isOpen: z.boolean(),
  /** Sets that could not be opened with this identity; they are kept. */
  unreadableSets: z.int(),
})

export type MatcherState = z.infer<typeof state>

const OPEN_ERRORS = {
  /** Not the identity of this bank. */
  MATCHER_IDENTITY: 403,
  BANK_NOT_SET_UP: 503,
} as const

/**
 * The matcher, and the lists of hits, which staff alone may fetch and in which nobody sees
 * anything but hits of rows whose ids they know: whoever registers a picture knows its ids too, and must not learn from them
 * where it is being reported.
 */
export const matches = {
  open: operation({
    name: 'matches.open',
    summary:
      'Hands the identity of the bank to the matcher, which keeps it in memory only, and starts matching.',
    method: 'POST',
    path: '/api/matches/open',
    request: { kind: 'json', schema: identity, maxBytes: 512 },
    reply: { kind: 'json', schema: state },
    errors: OPEN_ERRORS,
    malformed: 'MATCHER_IDENTITY',
  }),
  close: operation({
    name: 'matches.close',
    summary: 'Forgets the identity and all prints. What comes in is kept until the matcher is opened again.',
    method: 'POST',
    path: '/api/matches/close',
    request: { kind: 'json', schema: identity, maxBytes: 512 },
    reply: { kind: 'json', schema: state },
    errors: OPEN_ERRORS,
    malformed: 'MATCHER_IDENTITY',
  }),
  state: operation({
    name: 'matches.state',
    summary: 'Whether the bank is being matched, and whether it is so large that a match needs more votes.',
    method: 'POST',
    path: '/api/matches/state',
    request: { kind: 'json', schema: z.object({ session }), maxBytes: 256 },
    reply: {
      kind: 'json',
      schema: z.object({ isOpen: z.boolean(), isLargeBank: z.boolean(), quarter: z.int() }),
    },
    errors: SESSION_ERRORS,
    malformed: 'REQUEST_INVALID',
  }),
  list: operation({
    name: 'matches.list',
    summary: `The list of a quarter of an hour: always ${HIT_LIST_BYTES} bytes, hits and what looks like hits.`,
    method: 'POST',
    path: '/api/matches/list',
    request: {
      kind: 'json',
      schema: z.object({ session, quarter: z.int().check(z.gte(0), z.lte(2 ** 40)) }),
      maxBytes: 256,
    },
    reply: { kind: 'bytes', maxBytes: HIT_LIST_BYTES },
    errors: {
      ...SESSION_ERRORS,
      /** There is no list of that quarter, or not any more. */
      LIST_NOT_FOUND: 404,
    },
    malformed: 'REQUEST_INVALID',
  }),
}

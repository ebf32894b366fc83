import * as z from 'zod/mini'
import { base64Of, id16 } from './forms.ts'
import { puzzle } from './intake.ts'
import { operation } from './operation.ts'
import { PRINT_SET_BYTES } from './sizes.ts'

/** How many sets one request may name. */
export const MAX_SETS = 64

const solved = z.extend(puzzle, { counter: z.int().check(z.gte(0), z.lte(0xffffffff)) })
const registration = z.object({ id: id16, body: base64Of([PRINT_SET_BYTES]), pow: solved })
const sets = z.object({ ids: z.array(id16).check(z.minLength(1), z.maxLength(MAX_SETS)) })
const done = z.object({ done: z.literal(true) })

export type PrintSetRegistration = z.infer<typeof registration>

export const POW_ERRORS = {
  /** The puzzle is not solved, or a harder one is asked for now: ask for a challenge again. */
  POW_REQUIRED: 403,
  /** The puzzle is too old, not ours, or was used: ask for a challenge again. */
  POW_STALE: 409,
} as const

/**
 * Registered prints, sealed to the bank. A request names no mailbox: whoever knows the random id of a set, which lies in
 * the sealed case, may keep or withdraw it, and the server does not learn whose it is.
 */
export const bank = {
  recipient: operation({
    name: 'bank.recipient',
    summary:
      'The recipient that print sets and sightings are sealed to. A client takes it from the signed roster.',
    method: 'GET',
    path: '/api/bank/recipient',
    request: { kind: 'none' },
    reply: { kind: 'json', schema: z.object({ recipient: z.string() }) },
    errors: { BANK_NOT_SET_UP: 503 },
    malformed: 'REQUEST_INVALID',
  }),
  register: operation({
    name: 'bank.register',
    summary: 'Keeps a sealed set of prints. Answers once it is durable. The same set again is kept once.',
    method: 'POST',
    path: '/api/bank/register',
    request: { kind: 'json', schema: registration, maxBytes: 128 * 1024 },
    reply: { kind: 'json', schema: done },
    errors: {
      ...POW_ERRORS,
      /** Another set has this id. */
      BANK_CONFLICT: 409,
    },
    malformed: 'REQUEST_INVALID',
  }),
  withdraw: operation({
    name: 'bank.withdraw',
    summary: 'Erases sets and stops matching them before it answers. What is not there is no error.',
    method: 'POST',
    path: '/api/bank/withdraw',
    request: { kind: 'json', schema: sets, maxBytes: 4_096 },
    reply: { kind: 'json', schema: done },
    errors: {},
    malformed: 'REQUEST_INVALID',
  }),
  renew: operation({
    name: 'bank.renew',
    summary: 'Keeps sets for another half year. Clients of a case do it; what nobody renews is erased.',
    method: 'POST',
    path: '/api/bank/renew',
    request: { kind: 'json', schema: sets, maxBytes: 4_096 },
    reply: { kind: 'json', schema: done },
    errors: {},
    malformed: 'REQUEST_INVALID',
  }),
}

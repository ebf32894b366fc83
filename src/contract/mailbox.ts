import * as z from 'zod/mini'
import { base64Of, hex, id16, isoWeek } from './forms.ts'
import { EMPTY_CURSOR } from './mailbox-page.ts'
import { operation } from './operation.ts'
import { ITEM_BYTES, PAGE_BYTES, WRAP_BYTES } from './sizes.ts'

/**
 * A request in the name of a mailbox. `signature` is that of the mailbox's key over the label `saksi/v1/sig/mailbox`, a
 * line feed and the canonical JSON of {mailbox, nonce, op, bodySha256}, the last being the SHA-256 of the canonical JSON
 * of `payload`.
 */
export function signedBy<Payload extends z.ZodMiniType>(payload: Payload) {
  return z.object({
    mailbox: id16,
    authPk: hex(32),
    nonce: z.string().check(z.regex(/^[A-Za-z0-9_-]{43}$/)),
    signature: hex(64),
    payload,
  })
}

export const epoch = z.int().check(z.gte(1), z.lte(65_535))
const item = z.object({ id: id16, epoch, body: base64Of(ITEM_BYTES) })
const cursor = z.string().check(z.length(EMPTY_CURSOR.length), z.regex(/^[A-Za-z0-9_-]+$/))

const withdrawal = z.discriminatedUnion('mode', [
  z.object({ mode: z.literal('keep'), until: isoWeek, commitment: hex(32) }),
  z.object({
    mode: z.literal('erase'),
    commitment: hex(32),
    /** One for each exhibit that is erased with it. */
    erased: z.array(hex(32)).check(z.maxLength(64)),
  }),
])

const rotation = z.object({
  mailbox: id16,
  authPk: hex(32),
  /** Her wrap of each epoch, made for the new code. */
  wraps: z.array(z.object({ epoch, body: base64Of([WRAP_BYTES]) })).check(z.minLength(1), z.maxLength(256)),
  /** The signed record of the change, sealed. */
  item,
})

export const MAILBOX_ERRORS = {
  /** There is none: never was, was erased, or has another key. These cannot be told apart. */
  MAILBOX_NOT_FOUND: 404,
  /** The signature is not of this key over this request. Says nothing about whether there is such a mailbox. */
  MAILBOX_SIGNATURE: 401,
  /** The nonce was used, is too old or is not ours: ask for a challenge again. */
  MAILBOX_NONCE_USED: 409,
} as const

const CHANGE_ERRORS = {
  ...MAILBOX_ERRORS,
  /** More than the case may hold. */
  QUOTA: 409,
  /** The case takes nothing in any more. */
  CASE_CLOSED: 409,
  /** Another item has this id, or the new mailbox is taken. */
  MAILBOX_CONFLICT: 409,
} as const

const done = z.object({ done: z.literal(true) })

/** How a survivor comes back: with her return code, which the server never sees. */
export const mailbox = {
  challenge: operation({
    name: 'mailbox.challenge',
    summary: 'A nonce for one signed request. Does not say for which mailbox it is asked.',
    method: 'POST',
    path: '/api/mailbox/challenge',
    request: { kind: 'none' },
    reply: { kind: 'json', schema: z.object({ nonce: z.string() }) },
    errors: {},
    malformed: 'REQUEST_INVALID',
  }),
  fetch: operation({
    name: 'mailbox.fetch',
    summary: `A page of the mailbox: always ${PAGE_BYTES} bytes.`,
    method: 'POST',
    path: '/api/mailbox/fetch',
    request: { kind: 'json', schema: signedBy(z.object({ cursor })), maxBytes: 2_048 },
    reply: { kind: 'bytes', maxBytes: PAGE_BYTES },
    errors: MAILBOX_ERRORS,
    malformed: 'REQUEST_INVALID',
  }),
  post: operation({
    name: 'mailbox.post',
    summary: 'Puts a sealed item into the case. The same item again is kept once.',
    method: 'POST',
    path: '/api/mailbox/post',
    request: { kind: 'json', schema: signedBy(item), maxBytes: 512 * 1024 },
    reply: { kind: 'json', schema: done },
    errors: CHANGE_ERRORS,
    malformed: 'REQUEST_INVALID',
  }),
  withdraw: operation({
    name: 'mailbox.withdraw',
    summary:
      'Stops the work and keeps what there is until a week, or erases everything at once. Answers with a signed receipt.',
    method: 'POST',
    path: '/api/mailbox/withdraw',
    request: { kind: 'json', schema: signedBy(withdrawal), maxBytes: 16 * 1024 },
    reply: { kind: 'json', schema: z.object({ receipt: z.string() }) },
    errors: MAILBOX_ERRORS,
    malformed: 'REQUEST_INVALID',
  }),
  rotate: operation({
    name: 'mailbox.rotate',
    summary: 'Moves the case to the mailbox of a new return code. The old one is as if it had never been.',
    method: 'POST',
    path: '/api/mailbox/rotate',
    request: { kind: 'json', schema: signedBy(rotation), maxBytes: 1_536 * 1024 },
    reply: { kind: 'json', schema: done },
    errors: CHANGE_ERRORS,
    malformed: 'REQUEST_INVALID',
  }),
}

export type PostedItem = z.infer<typeof item>
export type Withdrawal = z.infer<typeof withdrawal>
export type Rotation = z.infer<typeof rotation>

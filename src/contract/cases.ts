import * as z from 'zod/mini'
import { base64Of, id16 } from './forms.ts'
import { epoch } from './mailbox.ts'
import { CONFIRMED_ERRORS, confirmed, SESSION_ERRORS, session } from './members.ts'
import { operation } from './operation.ts'
import { ITEM_BYTES, MAX_BLOB_BYTES, PART_BYTES, WRAP_BYTES } from './sizes.ts'

const MAX_SLOTS = 256
/** 90 days and what is left of the week. */
const MAX_KEPT_WEEKS = 13
const part = z.int().check(z.gte(0), z.lte(MAX_BLOB_BYTES / PART_BYTES))
const item = z.object({ id: id16, epoch, body: base64Of(ITEM_BYTES) })
const slot = z.int().check(z.gte(0), z.lt(1_280))
const wrap = z.object({ slot, address: id16, body: base64Of([WRAP_BYTES]) })
const day = z.string().check(z.regex(/^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$/))
const done = z.object({ done: z.literal(true) })
const ofCase = z.object({ session, case: id16 })
/**
 * How many items the case had for whoever wrote this. With one more, somebody wrote meanwhile: `CASE_CHANGED`, and what was to
 * be added has to be written anew, since every message is tied to those before it.
 */
const count = z.int().check(z.gte(0), z.lte(1_000_000))

/**
 * There is no case, or she has no wrap of it: `NOT_FOUND` of every operation, and the same bytes for both. It is one of
 * `COMMON_ERRORS`.
 */
const CHANGE_ERRORS = {
  ...SESSION_ERRORS,
  /** The case takes nothing in any more. */
  CASE_CLOSED: 409,
  /** Another item has this id. */
  CASE_CONFLICT: 409,
  /** Somebody wrote meanwhile: read the case again and write anew. */
  CASE_CHANGED: 409,
  /** More than the case may hold. */
  QUOTA: 409,
} as const

const WRAP_ERRORS = {
  ...CONFIRMED_ERRORS,
  CASE_CLOSED: CHANGE_ERRORS.CASE_CLOSED,
  CASE_CONFLICT: CHANGE_ERRORS.CASE_CONFLICT,
  CASE_CHANGED: CHANGE_ERRORS.CASE_CHANGED,
  QUOTA: CHANGE_ERRORS.QUOTA,
  /** A slot that is taken, an address that the roster does not have in a role that reads cases, or one that is missing. */
  CASE_SLOTS: 422,
} as const

/** Cases as the people see them who hold a wrap; for everybody else there are none. */
export const cases = {
  list: operation({
    name: 'cases.list',
    summary:
      'The cases of which she has a wrap, in no order that means anything. There is no counter of all cases.',
    method: 'POST',
    path: '/api/cases/list',
    request: { kind: 'json', schema: z.object({ session }), maxBytes: 512 },
    reply: {
      kind: 'json',
      schema: z.object({
        cases: z.array(
          z.object({
            id: id16,
            status: z.enum(['open', 'withdrawn', 'closing', 'closed']),
            nextDueDay: z.nullable(day),
          }),
        ),
      }),
    },
    errors: SESSION_ERRORS,
    malformed: 'REQUEST_INVALID',
  }),
  get: operation({
    name: 'cases.get',
    summary: 'Her own wraps, the addresses of all slots, and which items there are.',
    method: 'POST',
    path: '/api/cases/get',
    request: { kind: 'json', schema: ofCase, maxBytes: 512 },
    reply: {
      kind: 'json',
      schema: z.object({
        status: z.enum(['open', 'withdrawn', 'closing', 'closed']),
        nextDueDay: z.nullable(day),
        /** Where the survivor's wraps are delivered. */
        mailbox: id16,
        wraps: z.array(z.object({ epoch, slot, body: base64Of([WRAP_BYTES]) })),
        slots: z.array(z.object({ epoch, slot, address: id16 })),
        items: z.array(z.object({ id: id16, epoch, direction: z.enum(['in', 'out']) })),
      }),
    },
    errors: SESSION_ERRORS,
    malformed: 'REQUEST_INVALID',
  }),
  item: operation({
    name: 'cases.item',
    summary: 'One sealed item.',
    method: 'POST',
    path: '/api/cases/item',
    request: { kind: 'json', schema: z.extend(ofCase, { item: id16 }), maxBytes: 512 },
    reply: { kind: 'json', schema: z.object({ body: base64Of(ITEM_BYTES) }) },
    errors: SESSION_ERRORS,
    malformed: 'REQUEST_INVALID',
  }),
  post: operation({
    name: 'cases.post',
    summary: 'Adds a sealed item. The survivor gets to see it from the next quarter hour on.',
    method: 'POST',
    path: '/api/cases/post',
    request: {
      kind: 'json',
      schema: z.extend(ofCase, { item, count: z.optional(count) }),
      maxBytes: 512 * 1024,
    },
    reply: { kind: 'json', schema: done },
    errors: CHANGE_ERRORS,
    malformed: 'REQUEST_INVALID',
  }),
  part: operation({
    name: 'cases.part',
    summary: 'One part of a finished sealed file of the case.',
    method: 'POST',
    path: '/api/cases/part',
    request: { kind: 'json', schema: z.extend(ofCase, { blob: id16, part }), maxBytes: 512 },
    reply: { kind: 'bytes', maxBytes: PART_BYTES },
    errors: SESSION_ERRORS,
    malformed: 'REQUEST_INVALID',
  }),
  move: operation({
    name: 'cases.move',
    summary:
      'Sets what the server may know of how far the case is. A supervisor alone closes it, and for how many weeks it is kept then.',
    method: 'POST',
    path: '/api/cases/move',
    request: {
      kind: 'json',
      schema: confirmed(
        z.object({
          case: id16,
          status: z.enum(['open', 'closing', 'closed']),
          /** Counts for `closed` only. */
          keptWeeks: z.int().check(z.gte(1), z.lte(MAX_KEPT_WEEKS)),
        }),
      ),
      maxBytes: 1_024,
    },
    reply: { kind: 'json', schema: done },
    errors: { ...CONFIRMED_ERRORS, STAFF_ROLE: 403, CASE_CLOSED: 409 },
    malformed: 'REQUEST_INVALID',
  }),
  due: operation({
    name: 'cases.due',
    summary: 'Sets the day on which somebody has to look at the case again.',
    method: 'POST',
    path: '/api/cases/due',
    request: { kind: 'json', schema: z.extend(ofCase, { day: z.nullable(day) }), maxBytes: 512 },
    reply: { kind: 'json', schema: done },
    errors: SESSION_ERRORS,
    malformed: 'REQUEST_INVALID',
  }),
  wrap: operation({
    name: 'cases.wrap',
    summary: 'Gives the case to a further member: in slots of filler, or in a new block of four.',
    method: 'POST',
    path: '/api/cases/wrap',
    request: {
      kind: 'json',
      schema: confirmed(
        z.object({
          case: id16,
          wraps: z.array(z.extend(wrap, { epoch })).check(z.minLength(1), z.maxLength(MAX_SLOTS)),
          /** The signed record of it, sealed. */
          item,
          count,
        }),
      ),
      maxBytes: 1_536 * 1024,
    },
    reply: { kind: 'json', schema: done },
    errors: WRAP_ERRORS,
    malformed: 'REQUEST_INVALID',
  }),
  epoch: operation({
    name: 'cases.epoch',
    summary:
      'Begins a new epoch: its wraps, the survivor’s and that of recovery among them, and its record twice. Whoever of the staff has no wrap in it loses the former ones.',
    method: 'POST',
    path: '/api/cases/epoch',
    request: {
      kind: 'json',
      schema: confirmed(
        z.object({
          case: id16,
          epoch,
          wraps: z.array(wrap).check(z.minLength(12), z.maxLength(MAX_SLOTS)),
          items: z.array(item).check(z.length(2)),
          count,
        }),
      ),
      maxBytes: 2 * 1024 * 1024,
    },
    reply: { kind: 'json', schema: done },
    errors: { ...WRAP_ERRORS, STAFF_ROLE: 403 },
    malformed: 'REQUEST_INVALID',
  }),
}

export type NewWrap = z.infer<typeof wrap>
export type SealedItem = z.infer<typeof item>

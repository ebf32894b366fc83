import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '../../bytes/index.ts'
import { canonicalBytes } from '../keys/canonical.ts'
import {
  day,
  exactly,
  type Form,
  hex32,
  id16,
  isObject,
  shape,
  signature64,
  tableOf,
  whole,
} from '../roster/forms.ts'
import { MAX_EPOCH } from '../wrap/case-key.ts'
import { MESSAGE_RULES, type Message, type MessageType, type SignedMessage, SURVIVOR } from './model.ts'

const MAX_AUTHORS = 128

const isAuthor: Form<string> = (value): value is string => value === SURVIVOR || id16(value)
const isType: Form<MessageType> = (value): value is MessageType =>
  typeof value === 'string' && Object.hasOwn(MESSAGE_RULES, value)
const isBody: Form<Message['body']> = (value): value is Message['body'] => isObject(value)

const hasMessageFields: Form<Message> = shape(
  {
    v: exactly(1),
    t: isType,
    caseRef: id16,
    epoch: whole(1, MAX_EPOCH),
    author: isAuthor,
    seq: whole(1),
    seen: tableOf(isAuthor, whole(1), MAX_AUTHORS),
    roster: whole(1),
    day,
    body: isBody,
  },
  { prev: hex32 },
)

/** True for a message in its form; `value` has a canonical form. */
export const isMessage: Form<Message> = (value): value is Message =>
  hasMessageFields(value) &&
  (value.prev === undefined) === (value.seq === 1) &&
  !Object.hasOwn(value.seen, value.author)

/** True for a signed message in its form. Nothing about its signature is known yet. */
export const isSignedMessage: Form<SignedMessage> = shape({ b: isMessage, by: hex32, sig: signature64 })

/** What the next message of the same author names as `prev`: SHA-256 of the canonical bytes, 64 hexadecimal digits. */
export function messageDigest(message: Message): string {
  return bytesToHex(sha256(canonicalBytes(message)))
}

import { type CanonicalValue, isWellFormed } from '#lib/bytes/index.ts'
import type { Message, MessageType } from '#lib/seal/index.ts'
import type { EventType, JournalEntry, Role } from './case/index.ts'

/** What of a message's body an entry of the journal is. */
export interface EntryBody {
  readonly type: EventType
  readonly body: { readonly [field: string]: CanonicalValue }
}

const TYPES: Partial<Readonly<Record<EventType, MessageType>>> = {
  'case.submit': 'report',
  'message.write': 'reply',
  'consent.end': 'consent-end',
  'case.withdraw-keep': 'withdraw-request',
  'case.resume': 'withdraw-request',
  'case.erase': 'withdraw-request',
  'exhibit.erase': 'withdraw-request',
}

/**
 * The type of the signed message that an entry of the journal is in. Signatures of consents and withdrawals begin with words
 * of their own, so that one made for something else can never pass for them.
 */
export function messageTypeOf(type: string): MessageType {
  const own = Object.hasOwn(TYPES, type) ? TYPES[type as EventType] : undefined
  return own ?? (type.startsWith('consent.') ? 'consent' : 'entry')
}

/** Type and body of the message that carries an entry: what is handed to `composeMessage`. */
export function messageOf({ type, body }: EntryBody): Pick<Message, 't' | 'body'> {
  return { t: messageTypeOf(type), body: { type, body } }
}

/** Who wrote a verified message, and what it is called. */
export interface VerifiedMessage {
  readonly message: Message
  /** SHA-256 of the signed bytes: `messageDigest`. */
  readonly sha256: string
  /** Public key of the signature, 64 hexadecimal digits. */
  readonly key: string
  readonly role: Role
}

/**
 * The entry of the journal in a verified message, or null for a message that holds none: a list of files, or one whose type is
 * not that of its entry. New keys and wraps are entries too: `epoch.new` and `member.add`. `roleOf` gives the role of an entry
 * of the roster.
 */
export function entryOf(
  { message, sha256, key, role }: VerifiedMessage,
  roleOf: (entry: string) => Role | undefined,
): JournalEntry | null {
  const said = entryIn(message, roleOf)
  if (said === null) return null
  const { author, day, seq, prev, seen } = message
  return { id: sha256, author, key, role, day, seq, ...(prev !== undefined && { prev }), seen, ...said }
}

function entryIn(
  { t, epoch, body }: Message,
  roleOf: (entry: string) => Role | undefined,
): Pick<JournalEntry, 'type' | 'body'> | null {
  if (t === 'epoch') return { type: 'epoch.new', body: { epoch, epochReason: body['reason'] } }
  if (t === 'wrap') {
    const { toEntry: entry, why: reason } = body
    const entryRole = typeof entry === 'string' ? roleOf(entry) : undefined
    return { type: 'member.add', body: { entry, reason, ...(entryRole !== undefined && { entryRole }) } }
  }
  const { type, body: fields, ...others } = body
  if (typeof type !== 'string' || !isWellFormed(type) || Object.keys(others).length > 0) return null
  return messageTypeOf(type) === t ? { type, body: fields } : null
}

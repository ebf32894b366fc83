import { hexToBytes } from '../../bytes/index.ts'
import { base64urlToBytes } from '../keys/base64url.ts'
import { verifyRecord } from '../keys/signing.ts'
import { type AuthorKey, isKeyValidOn, keysOf } from '../roster/authors.ts'
import { DAY_SECONDS, startOfDay } from '../roster/days.ts'
import type { Role } from '../roster/model.ts'
import type { VerifiedRoster } from '../roster/verify-roster.ts'
import { CASE_ROLES, MESSAGE_RULES, type Message, type SignedMessage, SURVIVOR } from './model.ts'
import { isSignedMessage, messageDigest } from './signed-message.ts'

/** A key that the survivor signs with, or signed with before she changed her code. */
export interface SurvivorKey {
  /** 64 hexadecimal digits: `signPk` of the case-open record. */
  readonly sign: string
  /** Her last message with a code that she has given up: whoever finds that code cannot speak for her any more. */
  readonly lastSeq?: number
}

/** What a reader knows about a case before reading its messages. */
export interface CaseContext {
  readonly caseRef: string
  readonly survivorKeys: readonly SurvivorKey[]
  /** The organisation's own roster first, then those of partners. */
  readonly rosters: readonly [VerifiedRoster, ...VerifiedRoster[]]
  /** `YYYY-MM-DD` in UTC. */
  readonly today: string
}

/** An item as it was delivered. */
export interface DeliveredItem {
  readonly id: string
  /** The epoch whose identity opened it. */
  readonly epoch: number
  /** What `openItem` gave, or null when it refused. */
  readonly payload: unknown
}

/**
 * Why a sender is not verified: it did not open; is not in the form of a message; is of another case; of another epoch; nobody
 * known; its signature does not hold; its key was not valid on that day; its author may not write such a message; the same
 * author signed something that contradicts it.
 */
export type Reason =
  | 'unreadable'
  | 'form'
  | 'case'
  | 'epoch'
  | 'author'
  | 'signature'
  | 'retired'
  | 'role'
  | 'contradiction'

export interface CheckedMessage {
  readonly message: Message
  /** Of the message's canonical bytes, 64 hexadecimal digits. */
  readonly sha256: string
  readonly role: Role | 'survivor'
  /** True when the key has an end, so that its day decides whether it counts. */
  readonly isOfEndingKey: boolean
}

export type Checked =
  | { readonly isGood: true; readonly checked: CheckedMessage }
  /** `signed` only when a known key of the author did sign it. */
  | {
      readonly isGood: false
      readonly reason: Reason
      readonly claimed: Message | null
      readonly signed?: true
    }

/**
 * Checks one item alone, in this order: opened, form, case and epoch, author known, signature, key valid on its day, role. What
 * the messages around it say is for `judgeMessages`.
 */
export function checkMessage({ epoch, payload }: DeliveredItem, context: CaseContext): Checked {
  if (payload === null || payload === undefined) return refused('unreadable')
  if (!isSignedMessage(payload)) return refused('form')
  const { b } = payload
  if (b.caseRef !== context.caseRef) return refused('case', b)
  // The record of a new epoch is sealed to the old recipient as well, for whoever has to accept it.
  const isOfEpoch = b.epoch === epoch || (b.t === 'epoch' && b.epoch === epoch + 1)
  if (!isOfEpoch) return refused('epoch', b)
  return b.author === SURVIVOR ? checkSurvivor(payload, context) : checkStaff(payload, context)
}

function checkSurvivor(payload: SignedMessage, { survivorKeys }: CaseContext): Checked {
  const { b, by } = payload
  const key = survivorKeys.find(({ sign }) => sign === by)
  if (key === undefined) return refused('author', b)
  if (!isSignatureGood(payload)) return refused('signature', b)
  if (key.lastSeq !== undefined && b.seq > key.lastSeq) return refused('retired', b)
  if (MESSAGE_RULES[b.t].from === 'staff') return refused('role', b, true)
  return good(b, 'survivor', false)
}

function checkStaff(payload: SignedMessage, { rosters, today }: CaseContext): Checked {
  const { b, by } = payload
  // One roster speaks for an id: a partner that lists the id of a colleague must not be able to write in her name.
  const known = rosters.map(({ roster }) => keysOf(roster, b.author)).find((each) => each.length > 0) ?? []
  const keys = known.filter(({ sign }) => sign === by)
  if (keys.length === 0) return refused('author', b)
  if (!isSignatureGood(payload)) return refused('signature', b)
  const isInFuture = startOfDay(b.day) > startOfDay(today) + DAY_SECONDS
  const key: AuthorKey | undefined = keys.find((candidate) => isKeyValidOn(candidate, b.day))
  if (key === undefined || isInFuture) return refused('retired', b, true)
  if (MESSAGE_RULES[b.t].from === 'survivor' || !CASE_ROLES.includes(key.role))
    return refused('role', b, true)
  return good(b, key.role, key.lastDay !== '')
}

function isSignatureGood({ b, by, sig }: SignedMessage): boolean {
  const key = hexToBytes(by)
  const signature = base64urlToBytes(sig, 64)
  return key !== null && signature !== null && verifyRecord(key, MESSAGE_RULES[b.t].label, b, signature)
}

function good(message: Message, role: Role | 'survivor', isOfEndingKey: boolean): Checked {
  return { isGood: true, checked: { message, sha256: messageDigest(message), role, isOfEndingKey } }
}

function refused(reason: Reason, claimed: Message | null = null, signed?: true): Checked {
  return { isGood: false, reason, claimed, ...(signed && { signed }) }
}

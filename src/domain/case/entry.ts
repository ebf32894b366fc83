import { type Author, ROLES, type Role } from './roles.ts'
import { type Minute, parseClock, parseDay } from './time.ts'

/**
 * One message of a case after it was opened and verified: the signature holds, `author` is the survivor or a roster entry that
 * was valid on `day`, `role` is that entry's role and `id` is the SHA-256 of the signed bytes. What the author *says* is not
 * verified by any of that: `body` may hold anything.
 */
export interface JournalEntry {
  readonly id: string
  /** `survivor`, or the id of a roster entry. */
  readonly author: string
  /** Public key of the signature, hexadecimal. */
  readonly key: string
  readonly role: Role
  /** `YYYY-MM-DD`. The time of day, where a rule counts hours, is `body.at` (`HH:MM`, UTC). */
  readonly day: string
  /** From 1, one chain per author. */
  readonly seq: number
  /** `id` of the author's entry before this one. */
  readonly prev?: string
  /** Last `seq` that the author had seen of each other author. */
  readonly seen: Readonly<Record<string, number>>
  readonly type: string
  readonly body: unknown
}

/** An entry with its time, as merging and replay use it. */
export interface Entry {
  readonly id: string
  readonly by: Author
  readonly seq: number
  readonly prev: string | null
  readonly seen: ReadonlyMap<string, number>
  /** The earliest minute the entry can be of: without a time of day, the first of its day. */
  readonly at: Minute
  readonly hasTime: boolean
  readonly type: string
  readonly body: unknown
}

const MAX_SEEN = 256
const ID = /^[A-Za-z0-9_-]{1,64}$/

/** The entry with its time, or null when the frame around the body is not of the right form. Never throws. */
export function readEntry(value: unknown): Entry | null {
  if (!isRecord(value)) return null
  const { id, author, key, role, day, seq, prev, type } = value
  if (!isId(id) || !isId(author) || !isId(key) || !(prev === undefined || isId(prev))) return null
  if (typeof day !== 'string' || typeof type !== 'string') return null
  const known = ROLES.find((name) => name === role)
  const midnight = parseDay(day)
  const seen = readSeen(value['seen'])
  if (!known || midnight === null || !seen || !isCount(seq)) return null
  if ((author === 'survivor') !== (known === 'survivor')) return null
  const body = value['body']
  const said = isRecord(body) ? body['at'] : undefined
  const clock = typeof said === 'string' ? parseClock(said) : null
  return {
    id,
    by: { id: author, key, role: known },
    seq,
    prev: prev ?? null,
    seen,
    at: midnight + (clock ?? 0),
    hasTime: clock !== null,
    type,
    body,
  }
}

function readSeen(value: unknown): ReadonlyMap<string, number> | null {
  if (!isRecord(value)) return null
  const seen = new Map<string, number>()
  for (const [author, seq] of Object.entries(value)) {
    if (!isId(author) || !isCount(seq) || seen.size === MAX_SEEN) return null
    seen.set(author, seq)
  }
  return seen
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 1
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && ID.test(value)
}

/** A plain object, not a list. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

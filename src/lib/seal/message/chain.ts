import { DAY_SECONDS, startOfDay } from '../roster/days.ts'
import type { CheckedMessage } from './check-message.ts'
import { type Heads, type Message, SURVIVOR } from './model.ts'

/** A good message with its place in the order of delivery. */
export interface Placed extends CheckedMessage {
  readonly at: number
}

/** By author, each chain in the order of its numbers; no number twice. */
export type Accepted = ReadonlyMap<string, readonly Placed[]>

/** The first of each, and for every further one the place of the first. */
export function splitDuplicates(messages: readonly Placed[]): {
  readonly first: readonly Placed[]
  readonly duplicates: ReadonlyMap<number, number>
} {
  const places = new Map<string, number>()
  const duplicates = new Map<number, number>()
  const first = messages.filter(({ sha256, at }) => {
    const earlier = places.get(sha256)
    if (earlier === undefined) places.set(sha256, at)
    else duplicates.set(at, earlier)
    return earlier === undefined
  })
  return { first, duplicates }
}

/**
 * The places of messages that an author signed and that cannot all be: two with one number, or one that names another
 * predecessor than the one that is there. Neither side of such a pair counts, since nobody can tell which is the real one,
 * except against what this reader knew before.
 */
export function findContradictions(messages: readonly Placed[], known: Heads): Set<number> {
  const byNumber = new Map<string, Placed[]>()
  for (const each of messages) {
    const place = placeOf(each.message.author, each.message.seq)
    byNumber.set(place, [...(byNumber.get(place) ?? []), each])
  }
  const isKnown = ({ message, sha256 }: Placed) => known.get(message.author)?.sha256 === sha256
  const bad = new Set<number>()
  for (const [first, ...others] of byNumber.values()) {
    const all = first === undefined ? [] : [first, ...others]
    const isOther =
      first !== undefined && known.get(first.message.author)?.seq === first.message.seq && !isKnown(first)
    if (others.length > 0 || isOther) for (const each of all) if (!isKnown(each)) bad.add(each.at)
  }
  for (const each of messages) {
    const { author, seq, prev } = each.message
    const before = byNumber.get(placeOf(author, seq - 1)) ?? []
    if (before.length === 0 || before.some(({ sha256 }) => sha256 === prev)) continue
    if (!isKnown(each)) bad.add(each.at)
    for (const other of before) if (!isKnown(other)) bad.add(other.at)
  }
  return bad
}

/**
 * The places of messages under a key with an end that say an earlier day than a message they have read: whoever stole the key
 * can write any day, but not unread what the real author had answered. Days of survivors' telephones are not counted on.
 */
export function findBackdated(messages: readonly Placed[]): Set<number> {
  const byNumber = new Map(
    messages.map((each) => [placeOf(each.message.author, each.message.seq), each.message]),
  )
  const isLater = (other: Message | undefined, { day }: Message) =>
    other !== undefined && other.author !== SURVIVOR && startOfDay(other.day) > startOfDay(day) + DAY_SECONDS
  const backdated = messages.filter(({ isOfEndingKey, message }) => {
    if (!isOfEndingKey) return false
    const read = [[message.author, message.seq - 1] as const, ...Object.entries(message.seen)]
    return read.some(([author, seq]) => isLater(byNumber.get(placeOf(author, seq)), message))
  })
  return new Set(backdated.map(({ at }) => at))
}

/**
 * The places of messages that were delivered before something that they had read, each with the last delivered of what it had
 * read.
 */
export function findMoved(accepted: Accepted): Set<number> {
  const latest = new Map([...accepted].map(([author, chain]) => [author, latestPlaces(chain)]))
  const moved = new Set<number>()
  for (const { at, message } of [...accepted.values()].flat()) {
    for (const [author, seq] of [
      [message.author, message.seq - 1] as const,
      ...Object.entries(message.seen),
    ]) {
      const count = countUpTo(accepted.get(author) ?? [], seq)
      const readAt = latest.get(author)?.[count - 1] ?? -1
      if (readAt < at) continue
      moved.add(at)
      moved.add(readAt)
    }
  }
  return moved
}

/** For each message of a chain the last place of it and those before it. */
function latestPlaces(chain: readonly Placed[]): number[] {
  let latest = -1
  return chain.map(({ at }) => {
    latest = Math.max(latest, at)
    return latest
  })
}

/** True when everything that the message follows directly was accepted. */
export function isComplete({ author, seq, seen }: Message, accepted: Accepted): boolean {
  const isThere = (of: string, number: number) => {
    const chain = accepted.get(of) ?? []
    return chain[countUpTo(chain, number) - 1]?.message.seq === number
  }
  return (
    (seq === 1 || isThere(author, seq - 1)) &&
    Object.entries(seen).every(([of, number]) => isThere(of, number))
  )
}

export function headsOf(accepted: Accepted): Heads {
  return new Map(
    [...accepted].flatMap(([author, chain]) => {
      const last = chain.at(-1)
      return last === undefined ? [] : [[author, { seq: last.message.seq, sha256: last.sha256 }]]
    }),
  )
}

/** How many messages of a chain, which is in order, have a number not above `seq`. */
function countUpTo(chain: readonly Placed[], seq: number): number {
  let low = 0
  let high = chain.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((chain[middle]?.message.seq ?? 0) <= seq) low = middle + 1
    else high = middle
  }
  return low
}

const placeOf = (author: string, seq: number): string => `${author} ${seq}`

import type { Accepted } from './chain.ts'
import type { Heads, Message } from './model.ts'

/** Messages of one author that must exist and were not delivered: both numbers belong to the gap. */
export interface Gap {
  readonly author: string
  readonly from: number
  readonly to: number
}

/**
 * What is missing: every number of an author up to the largest that was accepted, that somebody had read, or that was known,
 * except those of `others`, which were delivered and do not count.
 */
export function findGaps(accepted: Accepted, known: Heads, others: readonly Message[]): Gap[] {
  const tops = new Map<string, number>()
  const raise = (author: string, seq: number) => tops.set(author, Math.max(seq, tops.get(author) ?? 0))
  for (const [author, { seq }] of known) raise(author, seq)
  for (const { message } of [...accepted.values()].flat()) {
    raise(message.author, message.seq)
    for (const [author, seq] of Object.entries(message.seen)) raise(author, seq)
  }
  return [...tops].flatMap(([author, top]) => {
    const there = [
      ...(accepted.get(author) ?? []).map(({ message }) => message.seq),
      ...others.filter((message) => message.author === author).map(({ seq }) => seq),
    ]
    return rangesBetween(author, there, top)
  })
}

/** Ranges, never a list of numbers: an author can claim to have read a message with any number. */
function rangesBetween(author: string, there: readonly number[], top: number): Gap[] {
  const gaps: Gap[] = []
  let next = 1
  for (const seq of [...there.filter((number) => number <= top).sort((a, b) => a - b), top + 1]) {
    if (seq > next) gaps.push({ author, from: next, to: seq - 1 })
    next = Math.max(next, seq + 1)
  }
  return gaps
}

import { LogStoreError } from './errors.ts'
import { MAX_PENDING, type Pending } from './pending.ts'
import { dayText, instantText, mergeBy } from './schedule.ts'
import type { AcceptedEntries } from './storage.ts'

/** A commitment in base64 that is handed in, and what its interim receipt will say. */
export type Arrival = Pick<Pending, 'commitment' | 'manifestSha256' | 'publicRecord'>

/** Where a commitment stands: in the signed tree, or waiting for it. */
export type Accepted = { readonly index: number } | { readonly pending: Pending }

export interface AcceptOptions {
  readonly now: Date
  readonly intervalMinutes: number
}

/**
 * Accepts commitments, in the order given; the same one again gets the answer of the first time. Those that find no room
 * until the next checkpoint get null: nothing of theirs was written.
 */
export async function acceptAll(
  entries: AcceptedEntries,
  arrivals: readonly Arrival[],
  options: AcceptOptions,
): Promise<(Accepted | null)[]> {
  const known = await lookUp(entries, arrivals)
  const fresh = [...new Map(arrivals.map((arrival) => [arrival.commitment, arrival])).values()].filter(
    ({ commitment }) => !known.has(commitment),
  )
  if (fresh.length > 0) {
    const room = Math.max(0, MAX_PENDING - (await entries.countPending()))
    const accepted = fresh.slice(0, room)
    if (accepted.length > 0) await entries.addPending(accepted.map((arrival) => promised(arrival, options)))
    // Asked again rather than taken for granted: of two that hand in the same at the same time, one is written.
    for (const [commitment, answer] of await lookUp(entries, accepted)) known.set(commitment, answer)
  }
  return arrivals.map(({ commitment }) => known.get(commitment) ?? null)
}

export function busy(): LogStoreError {
  return new LogStoreError(
    'LOG_BUSY',
    'Too much is waiting for the next checkpoint. Nothing was accepted and nothing is lost: hand the same in again after it.',
  )
}

async function lookUp(
  entries: AcceptedEntries,
  arrivals: readonly Arrival[],
): Promise<Map<string, Accepted>> {
  const commitments = arrivals.map(({ commitment }) => commitment)
  const answers = new Map<string, Accepted>()
  for (const [commitment, pending] of await entries.findPending(commitments)) {
    answers.set(commitment, { pending })
  }
  // After what waits: an entry goes from there to the tree, never back.
  for (const [commitment, index] of await entries.findLogged(commitments)) answers.set(commitment, { index })
  return answers
}

/** With what its interim receipt will say. */
export function promised(arrival: Arrival, { now, intervalMinutes }: AcceptOptions): Pending {
  return { ...arrival, receivedOn: dayText(now), mergeBy: instantText(mergeBy(now, intervalMinutes)) }
}

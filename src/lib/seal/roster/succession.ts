import { SealError } from '../errors.ts'
import { startOfDay } from './days.ts'
import type { Roster, RosterEntry } from './model.ts'
import { rosterDigest } from './roster-text.ts'

/** Cases that a person who leaves can still open, by entry id, and why two officers let her go all the same. */
export interface OpenCases {
  readonly count: ReadonlyMap<string, number>
  readonly override?: { readonly reason: string; readonly officers: readonly [number, number] }
}

/**
 * What officers' devices check before they sign: that `next` is a good successor of the roster in `previousText` (its signed
 * text). Throws `ROSTER_SUCCESSION` with every fault in its message: not the next version of the same organisation, a key
 * that vanishes without being listed as given up (messages of the past would become unverified), a given-up key forgotten,
 * a person who leaves while cases still need a new epoch and two different officers have not decided otherwise.
 */
export function checkSuccession(previous: Roster, previousText: string, next: Roster, open: OpenCases): void {
  const faults = [
    ...(next.org === previous.org ? [] : ['another organisation']),
    ...(next.v === previous.v + 1 ? [] : ['not the next version']),
    ...(next.prev === rosterDigest(previousText) ? [] : ['it does not name the list before it']),
    ...(startOfDay(next.iss) >= startOfDay(previous.iss) ? [] : ['it is older than the list before it']),
    ...(previous.bank === undefined || next.bank?.age === previous.bank.age
      ? []
      : ['the bank gets another key']),
    ...vanished(previous, next).map(({ id }) => `the key of ${id} vanishes`),
    ...forgotten(previous, next).map((id) => `the given-up key of ${id} is forgotten`),
    ...stillOpen(previous, next, open).map((id) => `cases of ${id} still need a new epoch`),
  ]
  if (faults.length > 0)
    throw new SealError('ROSTER_SUCCESSION', `The new list cannot be signed: ${faults.join('; ')}.`)
}

function vanished(previous: Roster, next: Roster): RosterEntry[] {
  const kept = new Set([...next.entries, ...next.retired].map(({ id, sign }) => `${id} ${sign}`))
  return previous.entries.filter(({ id, sign }) => !kept.has(`${id} ${sign}`))
}

function forgotten(previous: Roster, next: Roster): string[] {
  const kept = new Set(next.retired.map(({ id, sign }) => `${id} ${sign}`))
  return previous.retired.filter(({ id, sign }) => !kept.has(`${id} ${sign}`)).map(({ id }) => id)
}

function stillOpen(previous: Roster, next: Roster, { count, override }: OpenCases): string[] {
  const isDecided =
    override !== undefined && override.reason.trim() !== '' && override.officers[0] !== override.officers[1]
  if (isDecided) return []
  const staying = new Set(next.entries.map(({ id }) => id))
  return previous.entries.map(({ id }) => id).filter((id) => !staying.has(id) && (count.get(id) ?? 0) > 0)
}

import { SealError } from '../errors.ts'
import type { RandomBytes } from '../keys/random.ts'
import { shuffled } from '../keys/shuffle.ts'
import type { RosterEntry } from '../roster/model.ts'
import type { Reader } from './slots.ts'

/** How many people of an intake team can read a new case. */
export const MAX_INTAKE_READERS = 8

export interface ReaderChoice {
  readonly survivor: { readonly mailbox: string; readonly recipient: string }
  readonly recovery: { readonly addr: string; readonly age: string }
  /** All entries of the roster; of them those who do intake on this day are chosen. */
  readonly entries: readonly RosterEntry[]
  /** Ids of entries that must not read the case. They stay on this device and inside of the case. */
  readonly exclude: readonly string[]
  /** The day, `YYYY-MM-DD`. */
  readonly day: string
  /** Entries of a partner organisation's roster, when she chose one. */
  readonly partnerEntries?: readonly RosterEntry[]
}

/**
 * Who gets a wrap of a new case: survivor, recovery, and up to eight people of the intake team, without those she excludes. A
 * person who stands in the roster twice is excluded with both entries. Errors: `CASE_NO_RECIPIENT` when nobody is left who could
 * read it: then a partner organisation has to be chosen.
 */
export function chooseReaders(choice: ReaderChoice, random: RandomBytes): Reader[] {
  const everyone = [...choice.entries, ...(choice.partnerEntries ?? [])]
  const isAllowed = (entry: RosterEntry): boolean => !isExcluded(entry, choice.exclude, everyone)
  const intake = everyone
    .filter((entry) => doesIntakeOn(entry, choice.day) && isAllowed(entry))
    .filter(
      ({ age, addr }, i, all) => all.findIndex((other) => other.age === age || other.addr === addr) === i,
    )
  if (intake.length === 0)
    throw new SealError(
      'CASE_NO_RECIPIENT',
      'Nobody is left who could read this report. Choose a partner organisation. Nothing was sent.',
    )
  const team = shuffled(intake, random).slice(0, MAX_INTAKE_READERS)
  return [
    { address: choice.survivor.mailbox, recipient: choice.survivor.recipient },
    { address: choice.recovery.addr, recipient: choice.recovery.age },
    ...team.map(({ addr, age }) => ({ address: addr, recipient: age })),
  ]
}

/**
 * Refuses (`CASE_EXCLUDED_RECIPIENT`) to give a case to an entry on its exclusion list, or to one that has the key or address of
 * such an entry. `entries` are all of the roster.
 */
export function checkNotExcluded(
  entry: RosterEntry,
  exclude: readonly string[],
  entries: readonly RosterEntry[],
): void {
  if (isExcluded(entry, exclude, entries))
    throw new SealError(
      'CASE_EXCLUDED_RECIPIENT',
      'This person is not to read this case. Nothing was shared.',
    )
}

function isExcluded(
  entry: RosterEntry,
  exclude: readonly string[],
  entries: readonly RosterEntry[],
): boolean {
  return (
    exclude.includes(entry.id) ||
    entries.some(
      ({ id, age, sign, addr }) =>
        exclude.includes(id) && (age === entry.age || sign === entry.sign || addr === entry.addr),
    )
  )
}

function doesIntakeOn({ role, since, until }: RosterEntry, day: string): boolean {
  return role === 'intake' && since <= day && (until === undefined || day <= until)
}

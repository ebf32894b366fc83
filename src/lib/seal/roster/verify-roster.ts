import { type Note, type Policy, parseNote, type Vkey } from '../../tlog/index.ts'
import { SealError } from '../errors.ts'
import { DAY_SECONDS, startOfDay } from './days.ts'
import { checkLogged, type LogPromise, type Publicity } from './log-proof.ts'
import type { Roster } from './model.ts'
import { countSigners, type OrgRoot, ROOT_THRESHOLD, rootVkeys } from './root.ts'
import { parseRosterText, rosterDigest } from './roster-text.ts'

/** Clocks may be wrong by so much. */
export const CLOCK_SKEW_SECONDS = DAY_SECONDS

/** What a client trusts before it has seen any roster. It is built into the client; nothing of it comes from a server. */
export interface RosterTrust {
  readonly root: OrgRoot
  /** No older roster is accepted. */
  readonly minVersion: number
  /** Which logs and witnesses are trusted. */
  readonly policy: Policy
  /** What the logs sign their receipts with: without any, no promise stands for a proof. */
  readonly receiptKeys?: readonly Vkey[]
  /** Takes a proof also from a log of which the policy names no witness: one that can show two histories. */
  readonly allowsNoWitness?: boolean
}

/** A roster that this client, or this case, has already met. */
export interface SeenRoster {
  readonly version: number
  readonly sha256: string
}

declare const verified: unique symbol

/** A roster that only `verifyRoster` gives out. */
export interface VerifiedRoster {
  readonly [verified]: true
  readonly roster: Roster
  /** Of its text, 64 hexadecimal digits. */
  readonly sha256: string
  /** How it is known to be public. */
  readonly publicity: Publicity
  /** False when versions between the one seen before and this one were not looked at; see `verifyRosterChain`. */
  readonly isNextToSeen: boolean
}

/**
 * Returns the roster in the signed note when everything about it holds, and throws at the first thing that does not, in this
 * order. `ROSTER_INVALID`: not a signed note; a signature under a root key that fails; fewer than two different root keys;
 * another type; not in its form; another organisation. `ROSTER_ROLLBACK`: older than the client's floor or than what was seen
 * before, another roster of the same version, or one that does not continue what was seen. `ROSTER_EXPIRED`: not valid at
 * `nowSeconds` (seconds since 1970), with a day for wrong clocks. `ROSTER_UNLOGGED`: `proof`, the `.tlog-proof` file beside
 * it, does not show it in a trusted log, or is older than seven days; or there is none, and no `promise` of the log that has
 * time to be kept.
 */
export function verifyRoster(
  input: Uint8Array | string,
  proof: Uint8Array | string | null,
  {
    trust,
    nowSeconds,
    seen,
    promise = null,
  }: {
    readonly trust: RosterTrust
    readonly nowSeconds: number
    readonly seen?: SeenRoster
    readonly promise?: LogPromise | null
  },
): VerifiedRoster {
  const { roster, sha256 } = openRosterNote(input, trust.root)
  checkVersion(roster, sha256, trust.minVersion, seen)
  checkDates(roster, nowSeconds)
  const { policy, receiptKeys = [], allowsNoWitness = false } = trust
  const claim = { version: roster.v, sha256, nowSeconds, policy, receiptKeys, allowsNoWitness }
  const publicity = checkLogged(proof, promise, claim)
  const isNextToSeen = seen === undefined || roster.v <= seen.version + 1
  // The one place where the mark is set: every check has passed.
  return { roster, sha256, publicity, isNextToSeen } as VerifiedRoster
}

/**
 * The rosters in the notes, oldest first, when each is signed by two root keys, is of this organisation, and continues the
 * one before it. Dates and the log are not looked at, since rosters of the past have expired. Throws `ROSTER_INVALID` and
 * `ROSTER_ROLLBACK`.
 */
export function verifyRosterChain(notes: readonly (Uint8Array | string)[], root: OrgRoot): Roster[] {
  let seen: SeenRoster | undefined
  return notes.map((note) => {
    const { roster, sha256 } = openRosterNote(note, root)
    if (seen !== undefined && roster.v !== seen.version + 1) throw rollback('a version between is missing')
    checkVersion(roster, sha256, 1, seen)
    seen = { version: roster.v, sha256 }
    return roster
  })
}

function openRosterNote(input: Uint8Array | string, root: OrgRoot): { roster: Roster; sha256: string } {
  const note = readSigned(input, root)
  const roster = parseRosterText(note.text)
  if (roster.org !== root.org) throw invalid('it is of another organisation')
  return { roster, sha256: rosterDigest(note.text) }
}

function readSigned(input: Uint8Array | string, root: OrgRoot): Note {
  try {
    const note = parseNote(input)
    if (countSigners(note, rootVkeys(root)) >= ROOT_THRESHOLD) return note
  } catch (cause) {
    throw invalid('it is not signed as it has to be', cause)
  }
  throw invalid('one root key alone has signed it')
}

function checkVersion(
  roster: Roster,
  sha256: string,
  minVersion: number,
  seen: SeenRoster | undefined,
): void {
  if (roster.v < minVersion) throw rollback('this page knows a newer one')
  if (seen === undefined) return
  if (roster.v < seen.version) throw rollback('a newer one was seen before')
  if (roster.v === seen.version && sha256 !== seen.sha256)
    throw rollback('another one of the same version was seen before')
  if (roster.v === seen.version + 1 && roster.prev !== seen.sha256)
    throw rollback('it does not continue the one seen before')
}

function checkDates({ iss, exp }: Roster, nowSeconds: number): void {
  const isBegun = startOfDay(iss) <= nowSeconds + CLOCK_SKEW_SECONDS
  // It is valid on its last day.
  const isOver = nowSeconds >= startOfDay(exp) + DAY_SECONDS + CLOCK_SKEW_SECONDS
  if (!isBegun || isOver || !Number.isFinite(nowSeconds))
    throw new SealError(
      'ROSTER_EXPIRED',
      `The list of the organisation's people is valid from ${iss} to ${exp}.`,
    )
}

function invalid(what: string, cause?: unknown): SealError {
  return new SealError('ROSTER_INVALID', `The list of the organisation's people is refused: ${what}.`, {
    cause,
  })
}

function rollback(what: string): SealError {
  return new SealError('ROSTER_ROLLBACK', `The list of the organisation's people is refused: ${what}.`)
}

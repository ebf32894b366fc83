import { type CaseRules, DEFAULT_RULES } from '#domain/index.ts'
import { bytesToHex } from '#lib/bytes/index.ts'
import { AppError } from '#lib/errors/index.ts'
import type { RandomBytes, VerifiedRoster } from '#lib/seal/index.ts'
import type { Client } from './client.ts'
import { once, type Persist } from './persist.ts'
import type { StaffSession } from './staff.ts'
import { fetchRoster, type OrganisationTrust } from './trust.ts'

export type DeskErrorCode =
  /** The verified roster does not have her with her key: she left, or the server gave the entry of somebody else. */
  | 'STAFF_NOT_IN_ROSTER'
  /** What was delivered as a case opens as none: no wrap of hers, or no record that opens it. */
  | 'CASE_UNREADABLE'
  /** The bank's identity that was delivered is not that of the recipient in the roster. */
  | 'BANK_BOX_OTHER'
  /** Others wrote again and again while this was being written. Try once more. */
  | 'CASE_BUSY'
  /** No such person in the roster, or nobody who may read cases. */
  | 'COLLEAGUE_UNKNOWN'

/** Something that a member wanted to do did not happen; nothing was changed. */
export class DeskError extends AppError<DeskErrorCode> {}

/** What a member works with after she has signed in. All of it is in memory only. */
export interface Desk {
  readonly client: Client
  readonly session: StaffSession
  readonly trust: OrganisationTrust
  /** The organisation's own first, then those of partners. */
  readonly rosters: readonly [VerifiedRoster, ...VerifiedRoster[]]
  /** By which journals are replayed. */
  readonly rules: CaseRules
  readonly random: RandomBytes
  readonly persist: Persist
  /** The clock, asked anew each time. */
  readonly now: () => Date
}

export interface DeskMeans {
  readonly random: RandomBytes
  readonly now: () => Date
  readonly persist?: Persist
  /** What a country pack and the organisation decide. Without a linter no notice is complete. */
  readonly rules?: Partial<CaseRules>
}

/**
 * Opens the desk of somebody who has signed in: the roster is fetched and verified before anything else. Throws what
 * `fetchRoster` throws, and `DeskError` STAFF_NOT_IN_ROSTER.
 */
export async function openDesk(
  client: Client,
  session: StaffSession,
  trust: OrganisationTrust,
  { random, now, persist = once, rules }: DeskMeans,
): Promise<Desk> {
  const verified = await fetchRoster(client, trust, { now: now() })
  return deskWith({ client, session, trust, random, persist, now }, verified, rules)
}

/** The desk with the newest roster: somebody joined or left. Throws as `openDesk`, and `SealError` ROSTER_ROLLBACK. */
export async function refreshDesk(desk: Desk): Promise<Desk> {
  const [{ roster, sha256 }] = desk.rosters
  const seen = { version: roster.v, sha256 }
  const verified = await fetchRoster(desk.client, desk.trust, { now: desk.now(), seen })
  return deskWith(desk, verified, desk.rules)
}

function deskWith(
  means: Omit<Desk, 'rosters' | 'rules'>,
  verified: VerifiedRoster,
  rules: Partial<CaseRules> | undefined,
): Desk {
  const { session } = means
  const { entries } = verified.roster
  const own = entries.find(({ id }) => id === session.entry)
  if (own?.sign !== bytesToHex(session.identity.sign.publicKey))
    throw new DeskError(
      'STAFF_NOT_IN_ROSTER',
      'The list of the organisation’s people does not have you with your key.',
    )
  const roster = new Map(entries.map(({ id, role }) => [id, role]))
  return {
    ...means,
    rosters: [verified],
    rules: { ...DEFAULT_RULES, lintNotice: () => ['linter'], ...rules, roster },
  }
}

/** Minutes since 1970, as journals count. */
export function minuteOf(now: Date): number {
  return Math.floor(now.getTime() / 60_000)
}

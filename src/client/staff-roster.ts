import { members } from '#contract/members.ts'
import {
  checkSuccession,
  formatRosterText,
  type OpenCases,
  parseRosterText,
  type RetiredKey,
  type RosterEntry,
  rosterDigest,
  SealError,
  type VerifiedRoster,
  verifyRosterChain,
} from '#lib/seal/index.ts'
import { parseNote, parsePolicy } from '#lib/tlog/index.ts'
import type { Client } from './client.ts'
import { bankIdentity } from './matches.ts'
import { type MadeColleague, memberOf } from './set-up-colleague.ts'
import { BANK_ROLES, bankBoxes, rosterDays, rosterOpening } from './set-up-roster.ts'
import type { Desk } from './staff-desk.ts'
import { type OrganisationTrust, rosterTrust } from './trust.ts'

/** Who joins the team, and who leaves it and why. */
export interface TeamPlan {
  readonly joining?: readonly RosterEntry[]
  readonly leaving?: readonly {
    readonly entry: string
    readonly reason: RetiredKey['reason']
    /** The last day on which messages of a compromised key count. */
    readonly notAfter?: string
  }[]
}

/**
 * The text of the next roster, to be signed by two officers on devices of their own (`signRootText`, `addRootSignature`). Keys of
 * those who leave stay valid for what they have written. `open`: how many cases each of them still has the key of, see
 * `casesStillHers`. Throws `SealError` ROSTER_SUCCESSION, ROSTER_INVALID.
 */
export function draftRoster(
  { roster, sha256 }: Pick<VerifiedRoster, 'roster' | 'sha256'>,
  { joining = [], leaving = [] }: TeamPlan,
  { now, open }: { readonly now: Date; readonly open: OpenCases },
): string {
  const { iss, exp } = rosterDays(now)
  const retired = leaving.flatMap(({ entry, reason, notAfter }): RetiredKey[] => {
    const found = roster.entries.find(({ id }) => id === entry)
    if (found === undefined) return []
    const { id, role, sign, since: from } = found
    return [{ id, role, sign, from, to: iss, reason, ...(notAfter !== undefined && { notAfter }) }]
  })
  const staying = roster.entries.filter(({ id }) => !leaving.some(({ entry }) => entry === id))
  const next = {
    ...roster,
    v: roster.v + 1,
    prev: sha256,
    iss,
    exp,
    entries: [...staying, ...joining],
    retired: [...roster.retired, ...retired],
  }
  checkSuccession(roster, formatRosterText(roster), next, open)
  return formatRosterText(next)
}

/**
 * The newest roster as far as the next one has to continue it: signed by two root keys, not below the client's floor. Whether it
 * is of today and in the log does not matter for that: an organisation whose roster has expired must be able to make the next
 * one. Nothing may be sealed to whom it names. Throws `SealError` ROSTER_INVALID, ROSTER_ROLLBACK; `CallError`.
 */
export async function rosterToSucceed(
  client: Client,
  trust: OrganisationTrust,
): Promise<Pick<VerifiedRoster, 'roster' | 'sha256'>> {
  const { note } = await client.members.roster()
  const [roster] = verifyRosterChain([note], rosterTrust(trust).root)
  if (roster === undefined || roster.v < trust.minRosterVersion)
    throw new SealError(
      'ROSTER_ROLLBACK',
      'The server gave a list of people that is too old to be continued.',
    )
  return { roster, sha256: rosterDigest(parseNote(note).text) }
}

/**
 * Puts a signed roster up, with the ways of unlocking of who is new in it, and the bank's key for those of them who may open the
 * matcher. Whoever is not in it is signed out for good; if she alone of the staff can read a case, only with `leavesCases`, which
 * two officers have to decide. `refreshDesk` gives the desk with it. Throws `CallError`: see
 * `members.publishRoster`; `DeskError` BANK_BOX_OTHER; `SealError` ROSTER_INVALID.
 */
export async function publishRoster(
  { client, session, trust, random, now, persist }: Omit<Desk, 'rosters' | 'rules'>,
  note: string,
  joining: readonly MadeColleague[] = [],
  { leavesCases = false }: { readonly leavesCases?: boolean } = {},
): Promise<void> {
  const { text } = parseNote(note)
  const { v, bank } = parseRosterText(text)
  const log = parsePolicy(trust.policy, { allowNoWitness: true }).logs[0]?.vkey.name ?? ''
  const entries = joining.map(({ colleague }) => colleague.entry)
  const isBankNeeded = bank !== undefined && entries.some(({ role }) => BANK_ROLES.includes(role))
  const payload = {
    note,
    opening: rosterOpening(text, v, { log, now: now(), random }),
    members: joining.map(memberOf),
    leavesCases,
    boxes: isBankNeeded
      ? await bankBoxes(await bankIdentity({ client, session }, bank.age), entries, random)
      : [],
  }
  await persist(async () =>
    client.members.publishRoster(await session.confirm(members.publishRoster, payload)),
  )
}

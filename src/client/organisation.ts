import { AppError } from '#lib/errors/index.ts'
import {
  type OrgRoot,
  orgRoot,
  rootFingerprint,
  rosterDigest,
  type VerifiedRoster,
  verifyRosterChain,
} from '#lib/seal/index.ts'
import { parseNote } from '#lib/tlog/index.ts'
import type { Client } from './client.ts'

export type OrganisationErrorCode =
  /** The server speaks for another organisation than the one whose fingerprint is at hand. */
  | 'ORGANISATION_OTHER'
  /** A fingerprint has 40 hexadecimal digits. */
  | 'ORGANISATION_FINGERPRINT'

/** The organisation behind a server is not shown to be the one that is meant. Nothing is sealed to it. */
export class OrganisationError extends AppError<OrganisationErrorCode> {}

/** Whom reports and pictures are sealed for. */
export interface Organisation {
  readonly root: OrgRoot
  readonly verified: VerifiedRoster
  /** To whom print sets and sightings are sealed. */
  readonly bank: string
}

const DAY_SECONDS = 86_400

/**
 * The organisation behind a server, held against the fingerprint of its root that it printed (40 hexadecimal digits, in any
 * grouping): its roster is signed by two of those keys and of today. Throws `OrganisationError`, `CallError`, and `SealError`
 * ROSTER_INVALID or ROSTER_EXPIRED.
 */
export async function readOrganisation(
  client: Client,
  { fingerprint, nowSeconds }: { readonly fingerprint: string; readonly nowSeconds: number },
): Promise<Organisation> {
  const expected = digitsOf(fingerprint)
  const told = await client.intake.organisation()
  const root = orgRoot(told.org, told.rootKeys)
  if (digitsOf(rootFingerprint(root)) !== expected) {
    throw new OrganisationError(
      'ORGANISATION_OTHER',
      'This server is not that of the organisation whose fingerprint was given. Nothing was sent. Check the address and the fingerprint, or call the organisation.',
    )
  }
  const { note } = await client.members.roster()
  const verified = verifiedRoster(note, root, nowSeconds)
  const { recipient: bank } = await client.bank.recipient()
  return { root, verified, bank }
}

/** The digits of a fingerprint, however they are grouped. Throws `OrganisationError` ORGANISATION_FINGERPRINT. */
export function digitsOf(fingerprint: string): string {
  const digits = fingerprint.normalize('NFKC').replace(/[\s-]/g, '').toLowerCase()
  if (/^[0-9a-f]{40}$/.test(digits)) return digits
  throw new OrganisationError(
    'ORGANISATION_FINGERPRINT',
    'The fingerprint of an organisation has 40 digits and letters from a to f. It is printed on its leaflets.',
  )
}

function verifiedRoster(note: string, root: OrgRoot, nowSeconds: number): VerifiedRoster {
  const [roster] = verifyRosterChain([note], root)
  const today = dayOf(nowSeconds)
  if (roster === undefined || roster.iss > dayOf(nowSeconds + DAY_SECONDS) || roster.exp < today) {
    throw new AppError('ROSTER_EXPIRED', 'The list of the organisation’s people is not of today.')
  }
  // Signed by two root keys whose fingerprint was printed, and of today.
  return { roster, sha256: rosterDigest(parseNote(note).text), isNextToSeen: true } as VerifiedRoster
}

/** `YYYY-MM-DD` in UTC. */
export function dayOf(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().slice(0, 10)
}

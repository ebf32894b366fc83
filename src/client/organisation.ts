import { AppError } from '#lib/errors/index.ts'
import {
  bankRecipient,
  type OrgRoot,
  orgRoot,
  rootFingerprint,
  type VerifiedRoster,
} from '#lib/seal/index.ts'
import type { Client } from './client.ts'
import { fetchRoster, type OrganisationTrust } from './trust.ts'

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
  /** To whom print sets and sightings are sealed, as two officers signed it. */
  readonly bank: string
}

/**
 * The organisation behind a server. With `trust`, all of it is held against what the organisation gave out beside its leaflets.
 * With the `fingerprint` of its root alone (40 hexadecimal digits, in any grouping), roster and bank are held against that, and
 * the custody log is the one that the server names: then the server cannot name other people, but it could show a log of its
 * own. Throws `OrganisationError`, `CallError`, `SealError` ROSTER_*, ROOT_INVALID.
 */
export async function readOrganisation(
  client: Client,
  known: { readonly trust: OrganisationTrust } | { readonly fingerprint: string },
  now: Date,
): Promise<Organisation> {
  const trust = 'trust' in known ? known.trust : await trustByFingerprint(client, known.fingerprint)
  const verified = await fetchRoster(client, trust, { now })
  return { root: orgRoot(trust.org, trust.rootKeys), verified, bank: bankRecipient(verified) }
}

async function trustByFingerprint(client: Client, fingerprint: string): Promise<OrganisationTrust> {
  const expected = digitsOf(fingerprint)
  const { org, rootKeys } = await client.intake.organisation()
  if (digitsOf(rootFingerprint(orgRoot(org, rootKeys))) !== expected) {
    throw new OrganisationError(
      'ORGANISATION_OTHER',
      'This server is not that of the organisation whose fingerprint was given. Nothing was sent. Check the address and the fingerprint, or call the organisation.',
    )
  }
  return { org, rootKeys, minRosterVersion: 1, ...(await client.members.log()) }
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

/** `YYYY-MM-DD` in UTC. */
export function dayOf(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().slice(0, 10)
}

import {
  orgRoot,
  type RosterTrust,
  type SeenRoster,
  type VerifiedRoster,
  verifyRoster,
} from '#lib/seal/index.ts'
import { parsePolicy, parseVkey } from '#lib/tlog/index.ts'
import type { Client } from './client.ts'

/**
 * What a client of an organisation is built with, or is given by the organisation beside its leaflets; never taken from the
 * server it is to check. Plain JSON.
 */
export interface OrganisationTrust {
  readonly org: string
  /** 64 hexadecimal digits each, in the order of their numbers. */
  readonly rootKeys: readonly string[]
  readonly minRosterVersion: number
  /** Which custody log and witnesses are trusted (C2SP tlog-policy). Without witnesses it says `quorum none`. */
  readonly policy: string
  /** What the log's receipts are checked with: a vkey. */
  readonly receiptsKey: string
}

/** The same in the form that rosters are verified with. Throws `SealError` ROOT_INVALID, `TlogError`. */
export function rosterTrust({
  org,
  rootKeys,
  minRosterVersion,
  policy,
  receiptsKey,
}: OrganisationTrust): RosterTrust {
  return {
    root: orgRoot(org, rootKeys),
    minVersion: minRosterVersion,
    policy: parsePolicy(policy, { allowNoWitness: true }),
    receiptKeys: [parseVkey(receiptsKey)],
    // The policy itself says so, and it is not the server's.
    allowsNoWitness: true,
  }
}

/**
 * The newest roster of an organisation, verified: signed by two of its root keys, of today, not older than what was seen, and in
 * the custody log, or promised to be there by a time that is not over. Nothing may be sealed before. Throws `SealError`
 * ROSTER_INVALID, ROSTER_ROLLBACK, ROSTER_EXPIRED, ROSTER_UNLOGGED; `CallError`.
 */
export async function fetchRoster(
  client: Client,
  trust: OrganisationTrust,
  { now, seen }: { readonly now: Date; readonly seen?: SeenRoster },
): Promise<VerifiedRoster> {
  const { note, proof, opening, receipt } = await client.members.roster()
  return verifyRoster(note, proof, {
    trust: rosterTrust(trust),
    nowSeconds: Math.floor(now.getTime() / 1_000),
    ...(seen !== undefined && { seen }),
    promise: receipt === '' ? null : { receipt, opening },
  })
}

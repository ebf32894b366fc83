import { type OrgRoot, orgRoot, rootInvalid } from './root.ts'
import type { VerifiedRoster } from './verify-roster.ts'

/**
 * The root of a partner organisation, as a verified roster vouches for it: what the partner's own roster is checked against, after
 * `followRotations` when its keys were changed since. Throws `ROOT_INVALID` for an organisation that is no partner.
 */
export function partnerRoot({ roster }: VerifiedRoster, org: string): OrgRoot {
  const partner = roster.partners.find((each) => each.org === org)
  if (partner === undefined) throw rootInvalid(`${JSON.stringify(org)} is no partner`)
  return orgRoot(partner.org, partner.rootKeys)
}

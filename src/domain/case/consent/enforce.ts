import type { RefusalCode } from '../refusals.ts'
import type { Consent } from '../state.ts'
import type { Minute } from '../time.ts'
import type { DataClass, Purpose } from '../vocabulary.ts'

/** What somebody wants to send to whom. */
export interface Request {
  readonly recipient: string
  readonly purpose: Purpose
  readonly dataClasses: readonly DataClass[]
  readonly exhibits: readonly string[]
}

/**
 * Why a consent does not cover a request, or null when it does: given and neither ended nor replaced (`CONSENT_MISSING`), not
 * expired (`CONSENT_EXPIRED`), for this recipient and purpose, and with every data class and exhibit asked for
 * (`CONSENT_FIELDS`). No consent for one purpose or recipient covers another.
 */
export function refuseConsent(
  consent: Consent | undefined,
  request: Request,
  at: Minute,
): RefusalCode | null {
  if (!consent || consent.recipient !== request.recipient || consent.purpose !== request.purpose)
    return 'CONSENT_MISSING'
  if (consent.state === 'expired' || (consent.state === 'given' && at >= consent.ends))
    return 'CONSENT_EXPIRED'
  if (consent.state !== 'given') return 'CONSENT_MISSING'
  const isCovered =
    request.dataClasses.every((name) => consent.dataClasses.includes(name)) &&
    request.exhibits.every((exhibit) => consent.exhibits.includes(exhibit)) &&
    (request.exhibits.length === 0 || request.dataClasses.includes('exhibits'))
  return isCovered ? null : 'CONSENT_FIELDS'
}

import type { RefusalCode } from '../refusals.ts'
import { TIMES } from '../rules.ts'
import type { Place } from '../state.ts'
import type { Minute } from '../time.ts'

/** What the ordering rule looks at besides the place. */
export interface SendQuestion {
  /** What `refuseConsent` said. */
  readonly consent: RefusalCode | null
  /** What the linter of the notice found missing. */
  readonly missing: readonly string[]
  readonly isUrgent: boolean
  readonly at: Minute
}

/** Where the optional preservation request stands. It times out 72 hours after the place was preserved. */
export function preservationRequest(
  place: Place,
  at: Minute,
): 'open' | 'sent' | 'declined' | 'timed-out' | 'not-applicable' {
  const hasTimedOut = place.preservedAt !== null && at >= place.preservedAt + TIMES.preservationRequestWait
  return place.preservationRequest === 'open' && hasTimedOut ? 'timed-out' : place.preservationRequest
}

/**
 * Why a notice about a place may not be sent yet, or null when it may. There is no other refusal than these:
 * - her consent does not cover it (`CONSENT_MISSING`, `CONSENT_EXPIRED`, `CONSENT_FIELDS`);
 * - `NOTICE_INCOMPLETE`: the linter found something missing;
 * - `EVIDENCE_NOT_PRESERVED`: on the default plan the place is not preserved; on her choice "now" it is not even recorded;
 * - `ORDER_WAITING_CHOICE`: on the default plan nothing has been decided about a preservation request for less than 72 hours.
 *
 * Once a place is recorded, nothing but her own choice holds the notice back. When recording fails, or says nothing for 15
 * minutes after her choice, the notice goes out on her word; at once where the risk is urgent and recording has failed. An
 * override for imminent harm, approved by a supervisor, counts like her choice.
 */
export function refuseNotice(place: Place, question: SendQuestion): RefusalCode | null {
  if (question.consent) return question.consent
  if (question.missing.length > 0) return 'NOTICE_INCOMPLETE'
  if (isPreserved(place) && preservationRequest(place, question.at) !== 'open') return null
  if (isNow(place)) return isRecorded(place) || isExcused(place, question) ? null : 'EVIDENCE_NOT_PRESERVED'
  return isPreserved(place) ? 'ORDER_WAITING_CHOICE' : 'EVIDENCE_NOT_PRESERVED'
}

/** True where `refuseNotice` refuses nothing. */
export function canSendNotice(place: Place, question: SendQuestion): boolean {
  return refuseNotice(place, question) === null
}

function isPreserved(place: Place): boolean {
  return place.preservedAt !== null
}

/** What is preserved was recorded. */
function isRecorded(place: Place): boolean {
  return place.recordedAt !== null || isPreserved(place)
}

function isNow(place: Place): boolean {
  return place.chosenNowAt !== null || place.override?.isApproved === true
}

/** Whoever stays silent about a failure must not be able to hold her back, so her own choice starts the wait as well. */
function isExcused({ recordingFailedAt, chosenNowAt }: Place, { isUrgent, at }: SendQuestion): boolean {
  if (chosenNowAt === null) return false
  if (recordingFailedAt !== null && isUrgent) return true
  return at >= Math.min(recordingFailedAt ?? chosenNowAt, chosenNowAt) + TIMES.recordingFailureWait
}

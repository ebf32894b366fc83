import { refuseApprover, refuseOpenSends, refuseSafetyPlan, refuseSilence } from '../closure/close-rules.ts'
import { refuseConsent } from '../consent/enforce.ts'
import type { Context } from '../event.ts'
import { standingHolds } from '../hold/events.ts'
import type { Guard } from '../machine.ts'
import { isUnder18 } from '../minors/picture-rule.ts'
import type { RefusalCode } from '../refusals.ts'
import { isSamePerson } from '../roles.ts'
import { TIMES } from '../rules.ts'
import { hasStatutoryClock } from '../task/tasks.ts'

export type CaseGuard =
  | 'no-safety-word'
  | 'a-day-old'
  | 'second-person-junk'
  | 'safety-answer'
  | 'risk-set'
  | 'lead-assigned'
  | 'consent-or-her-choice'
  | 'under-18'
  | 'listed-reason'
  | 'no-statutory-clock'
  | 'sends-final'
  | 'safety-plan'
  | 'second-person-close'
  | 'approver'
  | 'agreed-or-silent'
  | 'objector'
  | 'reopen-cause'
  | 'her-signature'
  | 'date-ahead'
  | 'no-duty-to-keep'
  | 'time-over'

type Refuses = (context: Context) => RefusalCode | null

function guard(says: string, refuses: Refuses): Guard<Context> {
  return { says, refuses }
}

/** The guards of the table of the case. */
export const CASE_GUARDS: Readonly<Record<CaseGuard, Guard<Context>>> = {
  'no-safety-word': guard('no word of the safety list', ({ draft }) =>
    draft.hasSafetyWord ? 'SAFETY_WORD' : null,
  ),
  'a-day-old': guard('at least 24 h old', ({ draft, at }) =>
    at >= draft.statusSince + TIMES.junkAge ? null : 'TOO_EARLY',
  ),
  'second-person-junk': guard('a second person', ({ draft, by }) => {
    if (!draft.junk) return 'SECOND_PERSON_NEEDED'
    return isSamePerson(draft.junk.by, by) ? 'SELF_APPROVAL' : null
  }),
  'safety-answer': guard('safety answer recorded, or "could not reach"', ({ draft }) =>
    draft.safetyAnswer === null ? 'SAFETY_ANSWER_MISSING' : null,
  ),
  'risk-set': guard('risk set', ({ draft }) => (draft.risk ? null : 'RISK_MISSING')),
  'lead-assigned': guard('lead assigned', ({ draft }) => (draft.lead === null ? 'LEAD_MISSING' : null)),
  'consent-or-her-choice': guard('consent for the organisation, or her own signature', refuseReferOut),
  'under-18': guard('age band says under 18, in the picture or now', ({ draft }) =>
    isUnder18(draft.ageBand) ? null : 'AGE_NOT_UNDER_18',
  ),
  'listed-reason': guard('reason code; for a false report a reason of its list too', ({ body }) =>
    (body.closeReason === 'false-report') === (body.falseReportReason !== undefined)
      ? null
      : 'REASON_UNKNOWN',
  ),
  'no-statutory-clock': guard('no open statutory clock', ({ draft }) =>
    hasStatutoryClock(draft) ? 'STATUTORY_CLOCK_OPEN' : null,
  ),
  'sends-final': guard('each notice and referral final or left on purpose', ({ draft, body }) =>
    refuseOpenSends(draft, body.left ?? []),
  ),
  'safety-plan': guard('safety plan reviewed within 14 days', ({ draft, at }) => refuseSafetyPlan(draft, at)),
  'second-person-close': guard('a second person, for a false report', ({ draft, by }) => {
    if (draft.closing?.reason !== 'false-report') return 'TRANSITION_REFUSED'
    return isSamePerson(draft.closing.by, by) ? 'SELF_APPROVAL' : null
  }),
  approver: guard(
    'another person, a supervisor; a third person for a false report; oversight if she died',
    ({ draft, by }) => (draft.closing ? refuseApprover(draft, draft.closing, by) : 'NO_PROPOSAL'),
  ),
  'agreed-or-silent': guard(
    'she agreed, or gave no answer for 14 days and the risk is neither high nor urgent',
    ({ draft, at }) => (draft.closing ? refuseSilence(draft, draft.closing, at) : 'NO_PROPOSAL'),
  ),
  objector: guard('survivor or supervisor', ({ by }) =>
    by.role === 'survivor' || by.role === 'supervisor' ? null : 'ROLE_NOT_ALLOWED',
  ),
  'reopen-cause': guard('survivor message, new sighting, or supervisor reason', ({ by, body }) => {
    if (by.role === 'survivor' || body.reopenCause === 'new-sighting') return null
    if (body.reopenCause !== 'supervisor-reason' || body.reason === undefined) return 'REASON_UNKNOWN'
    return by.role === 'supervisor' ? null : 'ROLE_NOT_ALLOWED'
  }),
  'her-signature': guard('survivor signature', ({ by }) => (by.role === 'survivor' ? null : 'SURVIVOR_ONLY')),
  'date-ahead': guard('keep-until date ahead', ({ body, at }) =>
    body.keepUntil !== undefined && body.keepUntil > at ? null : 'TOO_EARLY',
  ),
  'no-duty-to-keep': guard(
    'no hold under a statutory duty of the country pack',
    ({ draft, at, rules: { erasureStoppingAuthorities } }) =>
      standingHolds(draft, at).some(({ authority }) => erasureStoppingAuthorities.has(authority))
        ? 'ERASURE_HELD'
        : null,
  ),
  'time-over': guard('expiry job: its time is over and no hold stands', ({ draft, at }) =>
    draft.expires !== null && at >= draft.expires && standingHolds(draft, at).length === 0
      ? null
      : 'TOO_EARLY',
  ),
}

function refuseReferOut({ draft, by, body, at }: Context): RefusalCode | null {
  if (by.role === 'survivor') return null
  const consent = draft.consents.get(body.consent ?? '')
  if (!consent || body.recipient === undefined) return 'CONSENT_MISSING'
  if (draft.blockedAgencies.has(body.recipient)) return 'CONFLICT_AGENCY'
  const { purpose } = consent
  return refuseConsent(consent, { recipient: body.recipient, purpose, dataClasses: [], exhibits: [] }, at)
}

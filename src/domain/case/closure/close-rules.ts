import { isFinalNotice } from '../notice/events.ts'
import { isFinalReferral } from '../referral/events.ts'
import type { RefusalCode } from '../refusals.ts'
import { type Author, isSamePerson } from '../roles.ts'
import { TIMES } from '../rules.ts'
import type { CaseState, Closing } from '../state.ts'
import type { Minute } from '../time.ts'

/** Whether every notice and referral is final or among those left on purpose. */
export function refuseOpenSends(state: CaseState, left: readonly string[]): RefusalCode | null {
  const open = [
    ...[...state.notices.values()].filter((notice) => !isFinalNotice(notice)),
    ...[...state.referrals.values()].filter((referral) => !isFinalReferral(referral)),
  ]
  return open.every(({ id }) => left.includes(id)) ? null : 'SENDS_OPEN'
}

/** A safety plan counts for closing while its last review is at most 14 days old. */
export function refuseSafetyPlan({ safetyPlanReviewedAt }: CaseState, at: Minute): RefusalCode | null {
  return safetyPlanReviewedAt !== null && at - safetyPlanReviewedAt <= TIMES.safetyPlanFresh
    ? null
    : 'SAFETY_PLAN_OLD'
}

/** Who may approve: never the proposer; for a false report two other people before; for a death oversight alone. */
export function refuseApprover(state: CaseState, closing: Closing, by: Author): RefusalCode | null {
  if (isSamePerson(closing.by, by)) return 'SELF_APPROVAL'
  if (closing.reason === 'survivor-died') return by.role === 'oversight' ? null : 'OVERSIGHT_NEEDED'
  if (by.role !== 'supervisor') return 'ROLE_NOT_ALLOWED'
  if (!state.members.has(by.id)) return 'NOT_A_MEMBER'
  if (closing.reason !== 'false-report') return null
  if (!closing.second) return 'SECOND_PERSON_NEEDED'
  return isSamePerson(closing.second, by) ? 'SELF_APPROVAL' : null
}

/** Whether she has agreed, or has been silent for 14 days where silence counts: never at high risk, never for a duplicate. */
export function refuseSilence(state: CaseState, closing: Closing, at: Minute): RefusalCode | null {
  if (closing.reason === 'survivor-died' || closing.hasAgreed) return null
  const level = state.risk?.level
  const isHigh = level === 'high' || level === 'urgent'
  if (closing.hasAnswered || closing.reason === 'duplicate' || isHigh) return 'SURVIVOR_NOT_ASKED'
  return at >= closing.since + TIMES.closingSilence ? null : 'SURVIVOR_NOT_ASKED'
}

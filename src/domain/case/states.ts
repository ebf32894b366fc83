/** The states of everything a case holds, in the order in which they are reached. */

export const CASE_STATUSES = [
  'unopened',
  'new',
  'triage',
  'active',
  'closing',
  'closed',
  'quarantine',
  'withdrawn',
  'transferred',
  'erased',
] as const
export type CaseStatus = (typeof CASE_STATUSES)[number]

export const CONSENT_STATES = [
  'draft',
  'offered',
  'given',
  'declined',
  'expired',
  'ended',
  'replaced',
] as const
export type ConsentState = (typeof CONSENT_STATES)[number]

export const EXHIBIT_STATES = ['referenced', 'captured', 'preserved', 'used', 'withheld', 'erased'] as const
export type ExhibitState = (typeof EXHIBIT_STATES)[number]

export const NOTICE_STATES = [
  'draft',
  'ready',
  'approved',
  'sent',
  'acknowledged',
  'removed',
  'refused',
  'overdue',
  'escalated',
  'reappeared',
  'cancelled',
] as const
export type NoticeState = (typeof NOTICE_STATES)[number]

export const REFERRAL_STATES = [
  'draft',
  'previewed',
  'sent',
  'acknowledged',
  'accepted',
  'declined',
  'booked',
  'done',
  'revoked',
  'closed',
] as const
export type ReferralState = (typeof REFERRAL_STATES)[number]

export const TASK_STATES = ['open', 'done', 'cancelled', 'handed-over'] as const
export type TaskState = (typeof TASK_STATES)[number]

export const HANDOVER_STATES = ['offered', 'accepted', 'declined'] as const
export type HandoverState = (typeof HANDOVER_STATES)[number]

export const BREAK_GLASS_STATES = ['proposed', 'active', 'ended', 'reviewed'] as const
export type BreakGlassState = (typeof BREAK_GLASS_STATES)[number]

/** States in which staff work on a case. */
export const WORKING = ['triage', 'active', 'closing'] as const satisfies readonly CaseStatus[]
/** Before and while staff work on it. */
export const OPEN = ['new', ...WORKING] as const satisfies readonly CaseStatus[]
/** All in which there is somebody to write to: everything but before the report and after erasure. */
export const ALIVE = [
  'new',
  'triage',
  'active',
  'closing',
  'closed',
  'quarantine',
  'withdrawn',
  'transferred',
] as const satisfies readonly CaseStatus[]
/** Those in which nothing she asks for may be held back by what staff did with the case. */
export const HER_SENDING = [
  'new',
  'triage',
  'active',
  'closing',
  'closed',
  'quarantine',
  'transferred',
] as const satisfies readonly CaseStatus[]

export { type AccessLine, accessView } from './access/access-view.ts'
export { BREAK_GLASS_TABLE, type BreakGlassEvent } from './break-glass/table.ts'
export { type ClosurePack, closurePack } from './closure/closure-pack.ts'
export { type Approvers, approversFor } from './conflict/approvers.ts'
export { type BoardRow, boardOf, type NamedCase, openCaseBand } from './conflict/board.ts'
export { refuseMember } from './conflict/refuse-member.ts'
export { type Request, refuseConsent } from './consent/enforce.ts'
export { CONSENT_TABLE, type ConsentEvent } from './consent/table.ts'
export type { JournalEntry } from './entry.ts'
export type { Belonging, Context, EventRule } from './event.ts'
export { EVENTS, type EventType } from './events.ts'
export { EXHIBIT_TABLE, type ExhibitEvent } from './exhibit/table.ts'
export type { FieldName, Fields } from './fields.ts'
export { HANDOVER_TABLE, type HandoverEvent } from './handover/table.ts'
export { standingHolds } from './hold/events.ts'
export {
  type Effect,
  type Guard,
  type Machine,
  printMachine,
  type Transition,
} from './machine.ts'
export type { OrderWarning, OrderWarningCode } from './merge.ts'
export { logAsCsv } from './message/log-csv.ts'
export { mayFeedOwnBank, refusePicture } from './minors/picture-rule.ts'
export { likelyDuplicates } from './notice/events.ts'
export { NOTICE_TABLE, type NoticeEvent, refuseOrder } from './notice/table.ts'
export {
  canSendNotice,
  preservationRequest,
  refuseNotice,
  type SendQuestion,
} from './order/can-send-notice.ts'
export { matchId } from './prints/events.ts'
export { REFERRAL_TABLE, type ReferralEvent } from './referral/table.ts'
export { CaseError, REFUSALS, type RefusalCode } from './refusals.ts'
export { type NotAccepted, type Replay, replayCase, whyNot } from './replay.ts'
export {
  ACTIONS,
  type Action,
  type Author,
  isSamePerson,
  type Permission,
  permissionOf,
  printRoles,
  ROLES,
  type Role,
} from './roles.ts'
export { type CaseRules, DEFAULT_RULES, type NoticeClock, type StatutoryDuty, TIMES } from './rules.ts'
export {
  type Budget,
  DEFAULT_BUDGET,
  exposureBand,
  isLowering,
  type Opening,
  openingStop,
  type Stop,
} from './staff/exposure.ts'
export type * from './state.ts'
export type {
  BreakGlassState,
  CaseStatus,
  ConsentState,
  ExhibitState,
  HandoverState,
  NoticeState,
  ReferralState,
  TaskState,
} from './states.ts'
export { type PublishedTable, publishTable, unsafeCells } from './statistics/publish-table.ts'
export {
  type CountedCell,
  type PublishedCell,
  publishCell,
  publishShare,
  refuseTable,
  type TableRefusal,
} from './statistics/release.ts'
export { type CodeLists, type StatCard, statCard } from './statistics/stat-card.ts'
export { CASE_TABLE, type CaseEvent } from './status/table.ts'
export { TASK_TABLE, type TaskEvent } from './task/table.ts'
export { hasStatutoryClock, isOverdue } from './task/tasks.ts'
export { type Minute, momentOf, weekOf } from './time.ts'
export { deputyAlertAt, isLower, RISK_RULES, type RiskRule, suggestRisk } from './triage/risk-levels.ts'
export type * from './vocabulary.ts'

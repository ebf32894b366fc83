import { ACCESS_EVENTS } from './access/events.ts'
import { BREAK_GLASS_EVENTS } from './break-glass/events.ts'
import { CONFLICT_EVENTS } from './conflict/events.ts'
import { CONSENT_EVENTS } from './consent/events.ts'
import type { EventRule } from './event.ts'
import { EXHIBIT_EVENTS } from './exhibit/events.ts'
import { HANDOVER_EVENTS } from './handover/events.ts'
import { HOLD_EVENTS } from './hold/events.ts'
import { MESSAGE_EVENTS } from './message/events.ts'
import { MINORS_EVENTS } from './minors/events.ts'
import { NOTICE_EVENTS } from './notice/events.ts'
import { ORDER_EVENTS } from './order/events.ts'
import { PRINTS_EVENTS } from './prints/events.ts'
import { REFERRAL_EVENTS } from './referral/events.ts'
import { CASE_EVENTS } from './status/events.ts'
import { TASK_EVENTS } from './task/events.ts'
import { TRIAGE_EVENTS } from './triage/events.ts'

const ALL = {
  ...CASE_EVENTS,
  ...TRIAGE_EVENTS,
  ...MINORS_EVENTS,
  ...CONSENT_EVENTS,
  ...EXHIBIT_EVENTS,
  ...PRINTS_EVENTS,
  ...ORDER_EVENTS,
  ...NOTICE_EVENTS,
  ...REFERRAL_EVENTS,
  ...TASK_EVENTS,
  ...HANDOVER_EVENTS,
  ...CONFLICT_EVENTS,
  ...HOLD_EVENTS,
  ...BREAK_GLASS_EVENTS,
  ...MESSAGE_EVENTS,
  ...ACCESS_EVENTS,
} as const

/** Every kind of entry a case journal can have. */
export type EventType = keyof typeof ALL

export const EVENTS: Readonly<Record<EventType, EventRule>> = ALL

/** The rule of a kind of entry, undefined for a kind this program does not know. */
export function ruleOf(type: string): EventRule | undefined {
  return Object.hasOwn(EVENTS, type) ? EVENTS[type as EventType] : undefined
}

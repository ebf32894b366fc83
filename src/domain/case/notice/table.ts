import { refuseConsent } from '../consent/enforce.ts'
import type { Context } from '../event.ts'
import { type Effect, type Guard, machine } from '../machine.ts'
import { refuseNotice } from '../order/can-send-notice.ts'
import { isChosenNow } from '../order/her-choice.ts'
import type { RefusalCode } from '../refusals.ts'
import type { Notice } from '../state.ts'
import { NOTICE_STATES, type NoticeState } from '../states.ts'
import { change } from '../subject.ts'
import { meetTasks, openTask } from '../task/tasks.ts'
import { newDraft } from './new-draft.ts'

export const NOTICE_TABLE_EVENTS = [
  'edit',
  'check',
  'approve',
  'send',
  'acknowledged',
  'removed',
  'refused',
  'clock-ran-out',
  'escalate',
  'reappeared',
  'cancel',
] as const
export type NoticeEvent = (typeof NOTICE_TABLE_EVENTS)[number]

/** A step of one notice. */
export interface NoticeContext extends Context {
  readonly notice: Notice
}

type Guards = 'hers-if-chosen' | 'complete' | 'text-seen' | 'order' | 'clock-over' | 'new-id'
type Effects = 'note-missing' | 'start-clock' | 'end-clock' | 'ask-escalation' | 'next-notice' | 'new-text'

const guards: Readonly<Record<Guards, Guard<NoticeContext>>> = {
  'hers-if-chosen': {
    says: 'by her alone once she chose to send it now',
    refuses: ({ by, draft, notice }) =>
      by.role !== 'survivor' && isChosenNow(draft, notice) ? 'SURVIVOR_ONLY' : null,
  },
  complete: {
    says: 'the linter finds nothing missing',
    refuses: (context) => (missing(context).length === 0 ? null : 'NOTICE_INCOMPLETE'),
  },
  'text-seen': {
    says: 'survivor saw the exact text and who will see her name',
    refuses: ({ body, notice, by }) => {
      if (body.textSha256 !== notice.textSha256) return 'TEXT_CHANGED'
      return by.role === 'survivor' || body.how !== undefined ? null : 'BODY_INVALID'
    },
  },
  order: { says: 'order guard: consent, linter, evidence, her choice', refuses: refuseOrder },
  'clock-over': {
    says: 'the time of the platform is over',
    refuses: ({ notice, at }) => (notice.clockEnds !== null && at >= notice.clockEnds ? null : 'TOO_EARLY'),
  },
  'new-id': {
    says: 'the next notice has an id of its own',
    refuses: ({ body, draft }) => (body.id !== undefined && !draft.notices.has(body.id) ? null : 'ID_TAKEN'),
  },
}

const effects: Readonly<Record<Effects, Effect<NoticeContext>>> = {
  'note-missing': {
    says: 'what is missing is listed',
    run: (context) => change(context.draft.notices, context.notice.id, { missing: missing(context) }),
  },
  'start-clock': {
    says: 'clock starts; copy and SHA-256 to case and custody log',
    run: startClock,
  },
  'end-clock': {
    says: 'the clock is answered',
    run: ({ draft, notice }) => meetTasks(draft, 'notice-clock', notice.id, 'answered'),
  },
  'ask-escalation': {
    says: 'the clock has run out; task "escalate"',
    run: (context) => {
      meetTasks(context.draft, 'notice-clock', context.notice.id, 'ran-out')
      openTask(context, { kind: 'escalate', link: context.notice.id })
    },
  },
  'next-notice': {
    says: 'a new draft, filled in from this one',
    run: ({ draft, notice, body, at }) => {
      meetTasks(draft, 'escalate', notice.id, 'next-notice')
      const { id, recipient = notice.recipient, consent = notice.consent } = body
      if (id !== undefined) draft.notices.set(id, newDraft({ ...notice, id, recipient, consent }, at))
    },
  },
  'new-text': {
    says: 'the new text has to be checked and seen again',
    run: ({ draft, notice, body }) =>
      change(draft.notices, notice.id, {
        content: body.content ?? notice.content,
        textSha256: body.textSha256 ?? notice.textSha256,
        missing: [],
      }),
  },
}

const UNSENT = ['draft', 'ready', 'approved'] as const
const WITH_PLATFORM = ['sent', 'acknowledged'] as const
// What a platform does late is still what happened, so an overdue notice takes answers too.
const ANSWERABLE = [...WITH_PLATFORM, 'overdue'] as const

/** The states of a notice to a platform. */
export const NOTICE_TABLE = machine<NoticeContext, NoticeState, NoticeEvent, Guards, Effects>({
  name: 'notice',
  states: NOTICE_STATES,
  events: NOTICE_TABLE_EVENTS,
  transitions: [
    // A text she has not approved yet may still need work; one she has approved is hers.
    { from: ['draft', 'ready'], event: 'edit', guards: [], to: 'draft', effects: ['new-text'] },
    { from: ['approved'], event: 'edit', guards: ['hers-if-chosen'], to: 'draft', effects: ['new-text'] },
    { from: ['draft'], event: 'check', guards: ['complete'], to: 'ready', effects: ['note-missing'] },
    { from: ['draft'], event: 'check', guards: [], to: 'draft', effects: ['note-missing'] },
    { from: ['ready'], event: 'approve', guards: ['text-seen'], to: 'approved', effects: [] },
    { from: ['approved'], event: 'send', guards: ['order'], to: 'sent', effects: ['start-clock'] },
    { from: ['sent'], event: 'acknowledged', guards: [], to: 'acknowledged', effects: [] },
    { from: ANSWERABLE, event: 'removed', guards: [], to: 'removed', effects: ['end-clock'] },
    { from: ANSWERABLE, event: 'refused', guards: [], to: 'refused', effects: ['end-clock'] },
    {
      from: WITH_PLATFORM,
      event: 'clock-ran-out',
      guards: ['clock-over'],
      to: 'overdue',
      effects: ['ask-escalation'],
    },
    {
      from: ['refused', 'overdue'],
      event: 'escalate',
      guards: ['new-id'],
      to: 'escalated',
      effects: ['next-notice'],
    },
    {
      from: ['removed'],
      event: 'reappeared',
      guards: ['new-id'],
      to: 'reappeared',
      effects: ['next-notice'],
    },
    { from: UNSENT, event: 'cancel', guards: ['hers-if-chosen'], to: 'cancelled', effects: [] },
  ],
  guards,
  effects,
})

function missing({ rules, notice }: NoticeContext): readonly string[] {
  try {
    return rules.lintNotice(notice.noticeType, notice.content)
  } catch {
    // The content is whatever a member wrote. A linter that chokes on it must not keep the case from being read.
    return ['linter']
  }
}

/** Why this notice may not be sent now: the ordering rule over the case as it stands. */
export function refuseOrder(context: NoticeContext): RefusalCode | null {
  const { draft, notice, at } = context
  const place = draft.places.get(notice.place)
  if (!place) return 'UNKNOWN_ID'
  return refuseNotice(place, {
    consent: refuseConsent(draft.consents.get(notice.consent), { ...notice, purpose: 'takedown' }, at),
    missing: missing(context),
    isUrgent: draft.risk?.level === 'urgent',
    at,
  })
}

function startClock(context: NoticeContext): void {
  const { draft, notice, at, rules } = context
  const clock = rules.noticeClocks.get(notice.noticeType)
  const clockEnds = clock ? at + clock.minutes : null
  change(draft.notices, notice.id, { sentAt: at, clockEnds })
  if (!clock) return
  openTask(context, {
    kind: 'notice-clock',
    link: notice.id,
    due: clockEnds,
    closedBy: 'notice.removed, notice.refused or the end of its time',
    isStatutory: clock.isStatutory,
  })
}

import type { Context } from '../event.ts'
import { type Effect, type Guard, machine } from '../machine.ts'
import { isSamePerson } from '../roles.ts'
import { TIMES } from '../rules.ts'
import type { BreakGlass } from '../state.ts'
import { BREAK_GLASS_STATES, type BreakGlassState } from '../states.ts'
import { meetTasks, openTask } from '../task/tasks.ts'

export type BreakGlassEvent = 'approve' | 'end' | 'run-out' | 'review'

/** A step of one use of break-glass. */
export interface BreakGlassContext extends Context {
  readonly use: BreakGlass
}

type Guards = 'second-person' | 'at-most-a-day' | 'time-over' | 'oversight'
type Effects = 'ask-to-tell' | 'reviewed'

const guards: Readonly<Record<Guards, Guard<BreakGlassContext>>> = {
  'second-person': {
    says: 'a second person, who has the case as well',
    refuses: ({ use, by }) => (isSamePerson(use.by, by) ? 'SELF_APPROVAL' : null),
  },
  'at-most-a-day': {
    says: 'it ends within 24 hours of the approval',
    refuses: ({ use, at }) =>
      use.until > at && use.until <= at + TIMES.breakGlassLongest ? null : 'BREAK_GLASS_TOO_LONG',
  },
  'time-over': {
    says: 'its time is over',
    refuses: ({ use, at }) => (at >= use.until ? null : 'TOO_EARLY'),
  },
  oversight: {
    says: 'by oversight',
    refuses: ({ by }) => (by.role === 'oversight' ? null : 'OVERSIGHT_NEEDED'),
  },
}

const effects: Readonly<Record<Effects, Effect<BreakGlassContext>>> = {
  'ask-to-tell': {
    says: 'sealed to the named receiver only; custody record; tell the survivor when safe; review within 7 days',
    run: (context) => {
      const link = context.use.id
      openTask(context, { kind: 'tell-survivor-when-safe', link })
      openTask(context, {
        kind: 'break-glass-review',
        link,
        due: context.at + TIMES.breakGlassReview,
        closedBy: 'breakglass.review',
      })
    },
  },
  reviewed: {
    says: 'the review is done',
    run: ({ draft, use }) => meetTasks(draft, 'break-glass-review', use.id, 'reviewed'),
  },
}

/** Break-glass: imminent danger to life. */
export const BREAK_GLASS_TABLE = machine<
  BreakGlassContext,
  BreakGlassState,
  BreakGlassEvent,
  Guards,
  Effects
>({
  name: 'break-glass',
  states: BREAK_GLASS_STATES,
  events: ['approve', 'end', 'run-out', 'review'],
  transitions: [
    {
      from: ['proposed'],
      event: 'approve',
      guards: ['second-person', 'at-most-a-day'],
      to: 'active',
      effects: ['ask-to-tell'],
    },
    { from: ['active'], event: 'end', guards: [], to: 'ended', effects: [] },
    { from: ['active'], event: 'run-out', guards: ['time-over'], to: 'ended', effects: [] },
    {
      from: ['active', 'ended'],
      event: 'review',
      guards: ['oversight'],
      to: 'reviewed',
      effects: ['reviewed'],
    },
  ],
  guards,
  effects,
})

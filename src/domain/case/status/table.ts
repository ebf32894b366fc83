import type { Context } from '../event.ts'
import { machine, type Transition } from '../machine.ts'
import { ALIVE, CASE_STATUSES, type CaseStatus } from '../states.ts'
import { CASE_EFFECTS, type CaseEffect } from './effects.ts'
import { CASE_GUARDS, type CaseGuard } from './guards.ts'

export const CASE_TABLE_EVENTS = [
  'submit',
  'open',
  'propose-junk',
  'mark-junk',
  'restore',
  'accept',
  'refer-out',
  'minors-confirmed',
  'propose-close',
  'second-close',
  'agree-close',
  'approve-close',
  'object',
  'reopen',
  'withdraw-keep',
  'resume',
  'erase',
  'expire',
] as const
export type CaseEvent = (typeof CASE_TABLE_EVENTS)[number]

type Line = Transition<CaseStatus, CaseEvent, CaseGuard, CaseEffect>

function line(
  from: readonly CaseStatus[],
  event: CaseEvent,
  guards: readonly CaseGuard[],
  to: CaseStatus | 'same',
  effects: readonly CaseEffect[] = [],
): Line {
  return { from, event, guards, to, effects }
}

/** The states of a case. Only two lines lead to `erased`: her signature, and time that is over. */
export const CASE_TABLE = machine<Context, CaseStatus, CaseEvent, CaseGuard, CaseEffect>({
  name: 'case',
  states: CASE_STATUSES,
  events: CASE_TABLE_EVENTS,
  transitions: [
    line(['unopened'], 'submit', ['her-signature'], 'new', ['take-in']),
    line(['new'], 'open', [], 'triage', ['first-answer']),
    line(['new'], 'propose-junk', ['no-safety-word', 'a-day-old'], 'same', ['remember-proposer']),
    line(['new'], 'mark-junk', ['no-safety-word', 'a-day-old', 'second-person-junk'], 'quarantine', [
      'quarantine',
    ]),
    line(['quarantine'], 'restore', [], 'triage', ['first-answer']),
    line(['triage'], 'accept', ['safety-answer', 'risk-set', 'lead-assigned'], 'active', ['plan']),
    line(['triage'], 'refer-out', ['consent-or-her-choice'], 'transferred', ['transfer']),
    line(['triage', 'active'], 'minors-confirmed', ['under-18'], 'same', ['minors-path']),
    line(
      ['active'],
      'propose-close',
      ['listed-reason', 'no-statutory-clock', 'sends-final', 'safety-plan'],
      'closing',
      ['ask-her'],
    ),
    line(['closing'], 'second-close', ['second-person-close'], 'same', ['second']),
    line(['closing'], 'agree-close', ['her-signature'], 'same', ['agree']),
    // A clock may have started since the proposal.
    line(['closing'], 'approve-close', ['approver', 'agreed-or-silent', 'no-statutory-clock'], 'closed', [
      'close',
    ]),
    line(['closing'], 'object', ['objector'], 'active', ['keep-open']),
    line(['closed'], 'reopen', ['reopen-cause'], 'active', ['reopen']),
    line(ALIVE, 'withdraw-keep', ['her-signature', 'date-ahead'], 'withdrawn', ['stop-work']),
    line(['withdrawn'], 'resume', ['her-signature'], 'triage', ['resume']),
    line(ALIVE, 'erase', ['her-signature', 'no-duty-to-keep'], 'erased', ['shred']),
    line(ALIVE, 'expire', ['time-over'], 'erased', ['shred']),
  ],
  guards: CASE_GUARDS,
  effects: CASE_EFFECTS,
})

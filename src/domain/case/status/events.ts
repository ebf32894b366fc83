import { event } from '../event.ts'
import { ALIVE, type CaseStatus } from '../states.ts'
import { moveCase } from './move-case.ts'

// Which states a step starts from is the table's to say.
const ANY: readonly CaseStatus[] = ['unopened', ...ALIVE, 'erased']
const WORK = { action: 'evidence', permits: ['yes'], statuses: ANY } as const
const HERS = { action: 'withdraw', permits: ['own'], statuses: ANY } as const

/** The steps of the case itself. */
export const CASE_EVENTS = {
  'case.submit': event({
    action: 'submit',
    permits: ['own'],
    statuses: ANY,
    needs: ['members', 'exclude'],
    may: ['text', 'ageBand', 'factors'],
    run: (context) => moveCase(context, 'submit'),
  }),
  'case.open': event({ ...WORK, needs: [], run: (context) => moveCase(context, 'open') }),
  'case.propose-junk': event({
    ...WORK,
    needs: ['at', 'junkReason'],
    run: (context) => moveCase(context, 'propose-junk'),
  }),
  'case.mark-junk': event({
    ...WORK,
    needs: ['at', 'junkReason'],
    run: (context) => moveCase(context, 'mark-junk'),
  }),
  'case.restore': event({ ...WORK, needs: [], run: (context) => moveCase(context, 'restore') }),
  'case.accept': event({ ...WORK, needs: [], run: (context) => moveCase(context, 'accept') }),
  'case.refer-out': event({
    ...WORK,
    permits: ['own', 'yes'],
    needs: ['recipient'],
    may: ['consent'],
    run: (context) => moveCase(context, 'refer-out'),
  }),
  'case.minors-confirmed': event({
    ...WORK,
    needs: [],
    run: (context) => moveCase(context, 'minors-confirmed'),
  }),
  'case.propose-close': event({
    action: 'close',
    permits: ['propose'],
    statuses: ANY,
    needs: ['closeReason'],
    may: ['falseReportReason', 'left', 'reason'],
    run: (context) => moveCase(context, 'propose-close'),
  }),
  'case.second-close': event({
    action: 'close',
    permits: ['propose'],
    statuses: ANY,
    needs: [],
    run: (context) => moveCase(context, 'second-close'),
  }),
  'case.agree-close': event({
    action: 'close',
    permits: ['agree'],
    statuses: ANY,
    needs: [],
    run: (context) => moveCase(context, 'agree-close'),
  }),
  'case.approve-close': event({
    action: 'close',
    permits: ['approve', 'review'],
    statuses: ANY,
    // Oversight has no wrap; whether the author belongs is for the guard to say.
    belonging: 'anyone',
    needs: [],
    run: (context) => moveCase(context, 'approve-close'),
  }),
  'case.object': event({
    action: 'close',
    permits: ['agree', 'approve'],
    statuses: ANY,
    needs: [],
    may: ['reason'],
    run: (context) => moveCase(context, 'object'),
  }),
  'case.reopen': event({
    ...WORK,
    permits: ['own', 'yes'],
    needs: [],
    may: ['reopenCause', 'reason'],
    run: (context) => moveCase(context, 'reopen'),
  }),
  'case.withdraw-keep': event({
    ...HERS,
    needs: ['keepUntil'],
    run: (context) => moveCase(context, 'withdraw-keep'),
  }),
  'case.resume': event({ ...HERS, needs: [], run: (context) => moveCase(context, 'resume') }),
  'case.erase': event({ ...HERS, needs: [], run: (context) => moveCase(context, 'erase') }),
} as const

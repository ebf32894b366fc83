import { type Context, event } from '../event.ts'
import type { Fields } from '../fields.ts'
import type { RefusalCode } from '../refusals.ts'
import { TIMES } from '../rules.ts'
import type { CaseState, Notice } from '../state.ts'
import { ALIVE, HER_SENDING, OPEN } from '../states.ts'
import { step } from '../subject.ts'
import type { Minute } from '../time.ts'
import { newDraft } from './new-draft.ts'
import { NOTICE_TABLE, type NoticeEvent } from './table.ts'

const SEND = ['approve', 'yes', 'with-consent'] as const
const COMMON = { action: 'send', permits: SEND, statuses: OPEN, herStatuses: HER_SENDING } as const
/** What a platform did is written down in any state of the case. */
const REPORTED = { action: 'send', permits: SEND, statuses: ALIVE } as const

/** Notices to platforms. */
export const NOTICE_EVENTS = {
  'notice.draft': event({
    ...COMMON,
    needs: ['id', 'place', 'consent', 'recipient', 'noticeType', 'sender', 'content', 'textSha256'],
    may: ['dataClasses', 'exhibits'],
    run: ({ draft, body, at }) => {
      if (draft.notices.has(body.id)) return 'ID_TAKEN'
      if (!draft.places.has(body.place)) return 'UNKNOWN_ID'
      draft.notices.set(body.id, newDraft(body, at))
      return null
    },
  }),
  'notice.edit': event({
    ...COMMON,
    needs: ['about', 'content', 'textSha256'],
    run: (context) => move(context, 'edit'),
  }),
  'notice.check': event({ ...COMMON, needs: ['about'], run: (context) => move(context, 'check') }),
  'notice.approve': event({
    ...COMMON,
    needs: ['about', 'textSha256', 'nameSeenBy'],
    may: ['how'],
    run: (context) => move(context, 'approve'),
  }),
  'notice.send': event({
    ...COMMON,
    needs: ['at', 'about', 'copySha256'],
    run: (context) => move(context, 'send'),
  }),
  'notice.acknowledged': event({
    ...REPORTED,
    needs: ['about', 'reference'],
    run: (context) => move(context, 'acknowledged'),
  }),
  'notice.removed': event({ ...REPORTED, needs: ['about'], run: (context) => move(context, 'removed') }),
  'notice.refused': event({
    ...REPORTED,
    needs: ['about', 'reason'],
    run: (context) => move(context, 'refused'),
  }),
  'notice.escalate': event({
    ...COMMON,
    needs: ['about', 'id', 'recipient', 'consent'],
    run: (context) => move(context, 'escalate'),
  }),
  'notice.reappeared': event({
    ...COMMON,
    needs: ['about', 'id'],
    run: (context) => move(context, 'reappeared'),
  }),
  'notice.cancel': event({ ...COMMON, needs: ['about'], run: (context) => move(context, 'cancel') }),
} as const

function move(
  context: Context<Pick<Fields, 'about'> & Partial<Fields>>,
  moved: NoticeEvent,
): RefusalCode | null {
  const { draft, body } = context
  return step(draft.notices, NOTICE_TABLE, body.about, moved, (notice) => ({ ...context, notice }))
}

/** Notices whose platform has let its time pass are overdue. */
export function runOutClocks(context: Context): void {
  const { draft, at } = context
  for (const { id, clockEnds, state } of draft.notices.values())
    if (clockEnds !== null && at >= clockEnds && (state === 'sent' || state === 'acknowledged'))
      step(draft.notices, NOTICE_TABLE, id, 'clock-ran-out', (notice) => ({
        ...context,
        entry: `${id}:${clockEnds}`,
        notice,
      }))
}

/** She has withdrawn: what was not sent is not sent. */
export function cancelUnsent(context: Context): void {
  const { draft } = context
  for (const { id } of draft.notices.values())
    step(draft.notices, NOTICE_TABLE, id, 'cancel', (notice) => ({ ...context, notice }))
}

/** Notices of the same place and type within 24 hours: the console asks, and blocks nothing. */
export function likelyDuplicates(state: CaseState, notice: Notice, at: Minute): string[] {
  return [...state.notices.values()]
    .filter(
      ({ id, place, noticeType, draftedAt, state: other }) =>
        id !== notice.id &&
        place === notice.place &&
        noticeType === notice.noticeType &&
        other !== 'cancelled' &&
        Math.abs(at - draftedAt) < TIMES.duplicateNotice,
    )
    .map(({ id }) => id)
}

/** A notice nothing more is expected of. Others have to be finished, or left on purpose, before the case is closed. */
export function isFinalNotice({ state }: Notice): boolean {
  return state === 'removed' || state === 'cancelled' || state === 'escalated' || state === 'reappeared'
}

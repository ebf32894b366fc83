import { type Context, event } from '../event.ts'
import type { Fields } from '../fields.ts'
import type { RefusalCode } from '../refusals.ts'
import { OPEN } from '../states.ts'
import { step } from '../subject.ts'
import { HANDOVER_TABLE, type HandoverEvent } from './table.ts'

/** Handing a case to somebody else. */
export const HANDOVER_EVENTS = {
  'handover.offer': event({
    action: 'add-member',
    permits: ['yes'],
    statuses: OPEN,
    needs: ['id', 'to', 'summary'],
    run: ({ draft, body, by }) => {
      if (draft.handovers.has(body.id)) return 'ID_TAKEN'
      if (draft.excluded.has(body.to)) return 'CASE_EXCLUDED_RECIPIENT'
      if (body.to === by.id) return 'SELF_APPROVAL'
      const { id, to, summary } = body
      draft.handovers.set(id, { id, to, summary, from: by, state: 'offered' })
      return null
    },
  }),
  'handover.accept': event({
    action: 'add-member',
    permits: ['yes'],
    statuses: OPEN,
    belonging: 'anyone',
    needs: ['about'],
    run: (context) => move(context, 'accept'),
  }),
  'handover.decline': event({
    action: 'add-member',
    permits: ['yes'],
    statuses: OPEN,
    belonging: 'anyone',
    needs: ['about', 'reason'],
    run: (context) => move(context, 'decline'),
  }),
} as const

function move(
  context: Context<Pick<Fields, 'about'> & Partial<Fields>>,
  moved: HandoverEvent,
): RefusalCode | null {
  const { draft, body } = context
  return step(draft.handovers, HANDOVER_TABLE, body.about, moved, (handover) => ({ ...context, handover }))
}

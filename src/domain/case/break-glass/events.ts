import { type Context, event } from '../event.ts'
import type { Fields } from '../fields.ts'
import type { RefusalCode } from '../refusals.ts'
import { ALIVE, OPEN } from '../states.ts'
import { step } from '../subject.ts'
import { BREAK_GLASS_TABLE, type BreakGlassEvent } from './table.ts'

/** Break-glass: two people who have the case open a named part of it to a named receiver, for a day at most. */
export const BREAK_GLASS_EVENTS = {
  'breakglass.propose': event({
    action: 'break-glass',
    permits: ['propose'],
    statuses: OPEN,
    needs: ['at', 'id', 'reason', 'receiver', 'dataClasses', 'until'],
    run: ({ draft, body, by, since }) => {
      if (draft.breakGlasses.has(body.id)) return 'ID_TAKEN'
      const { id, reason, receiver, dataClasses, until } = body
      draft.breakGlasses.set(id, { id, state: 'proposed', by, since, reason, receiver, dataClasses, until })
      return null
    },
  }),
  'breakglass.approve': event({
    action: 'break-glass',
    permits: ['second-person'],
    statuses: OPEN,
    needs: ['at', 'about'],
    run: (context) => move(context, 'approve'),
  }),
  'breakglass.end': event({
    action: 'break-glass',
    permits: ['propose', 'second-person'],
    statuses: ALIVE,
    needs: ['about'],
    run: (context) => move(context, 'end'),
  }),
  'breakglass.review': event({
    action: 'break-glass',
    permits: ['review'],
    statuses: ALIVE,
    belonging: 'anyone',
    needs: ['about', 'note'],
    run: (context) => move(context, 'review'),
  }),
} as const

function move(
  context: Context<Pick<Fields, 'about'> & Partial<Fields>>,
  moved: BreakGlassEvent,
): RefusalCode | null {
  const { draft, body } = context
  return step(draft.breakGlasses, BREAK_GLASS_TABLE, body.about, moved, (use) => ({ ...context, use }))
}

/** Break-glass ends by itself. */
export function endBreakGlasses(context: Context): void {
  for (const { id, state, until } of context.draft.breakGlasses.values())
    if (state === 'active' && context.at >= until)
      step(context.draft.breakGlasses, BREAK_GLASS_TABLE, id, 'run-out', (use) => ({ ...context, use }))
}

import { type Context, event } from '../event.ts'
import type { Fields } from '../fields.ts'
import type { RefusalCode } from '../refusals.ts'
import { ALIVE, OPEN } from '../states.ts'
import { change, step } from '../subject.ts'
import { TASK_TABLE, type TaskEvent } from './table.ts'

type AboutTask = Context<Pick<Fields, 'task'> & Partial<Fields>>

/** Tasks and statutory clocks. */
export const TASK_EVENTS = {
  'task.create': event({
    action: 'write',
    permits: ['yes'],
    statuses: ALIVE,
    needs: ['id', 'kind'],
    may: ['due', 'owner', 'link'],
    run: (context) => create(context, null, false),
  }),
  'task.done': event({
    action: 'write',
    permits: ['yes'],
    statuses: ALIVE,
    needs: ['task'],
    may: ['note'],
    run: (context) => move(context, 'done', context.body.note ?? 'done'),
  }),
  'task.cancel': event({
    action: 'write',
    permits: ['yes'],
    statuses: ALIVE,
    needs: ['task', 'reason'],
    run: (context) => move(context, 'cancel', context.body.reason),
  }),
  'clock.start': event({
    action: 'write',
    permits: ['yes'],
    statuses: OPEN,
    needs: ['id', 'kind', 'due'],
    may: ['owner', 'link'],
    run: (context) => create(context, 'clock.met', true),
  }),
  'clock.met': event({
    action: 'write',
    permits: ['yes'],
    statuses: ALIVE,
    needs: ['task', 'reference'],
    run: (context) => {
      const task = context.draft.tasks.get(context.body.task)
      if (task && task.closedBy !== 'clock.met') return 'TASK_LOCKED'
      return move(context, 'matching-event', context.body.reference)
    },
  }),
} as const

function create(
  { draft, body, by }: Context<Pick<Fields, 'id' | 'kind'> & Partial<Fields>>,
  closedBy: string | null,
  isStatutory: boolean,
): RefusalCode | null {
  if (draft.tasks.has(body.id)) return 'ID_TAKEN'
  if (body.owner !== undefined && !draft.members.has(body.owner)) return 'UNKNOWN_ID'
  draft.tasks.set(body.id, {
    id: body.id,
    kind: body.kind,
    state: 'open',
    due: body.due ?? null,
    owner: body.owner ?? by.id,
    createdBy: by.id,
    link: body.link ?? null,
    outcome: null,
    closedBy,
    isStatutory,
  })
  return null
}

function move({ draft, body }: AboutTask, moved: TaskEvent, outcome: string): RefusalCode | null {
  const refused = step(draft.tasks, TASK_TABLE, body.task, moved, (task) => ({ task }))
  if (refused === null) change(draft.tasks, body.task, { outcome })
  return refused
}

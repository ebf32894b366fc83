import { machine } from '../machine.ts'
import type { Task } from '../state.ts'
import { TASK_STATES, type TaskState } from '../states.ts'

export type TaskEvent = 'done' | 'cancel' | 'hand-over' | 'matching-event'

export interface TaskContext {
  readonly task: Task
}

/** `overdue` is no state: an open task whose due minute has passed. */
export const TASK_TABLE = machine<TaskContext, TaskState, TaskEvent, 'by-hand', never>({
  name: 'task',
  states: TASK_STATES,
  events: ['done', 'cancel', 'hand-over', 'matching-event'],
  transitions: [
    { from: ['open'], event: 'done', guards: ['by-hand'], to: 'done', effects: [] },
    { from: ['open'], event: 'cancel', guards: ['by-hand'], to: 'cancelled', effects: [] },
    { from: ['open'], event: 'hand-over', guards: [], to: 'handed-over', effects: [] },
    { from: ['open'], event: 'matching-event', guards: [], to: 'done', effects: [] },
  ],
  guards: {
    'by-hand': {
      says: 'no statutory clock, and nothing that only another event closes',
      refuses: ({ task }) =>
        task.isStatutory ? 'CLOCK_NOT_CANCELLABLE' : task.closedBy === null ? null : 'TASK_LOCKED',
    },
  },
  effects: {},
})

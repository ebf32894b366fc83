import type { CaseState, Task } from '../state.ts'
import type { Minute } from '../time.ts'

export interface NewTask {
  readonly kind: string
  readonly due?: Minute | null
  readonly owner?: string | null
  readonly link?: string | null
  readonly closedBy?: string
  readonly isStatutory?: boolean
}

/** The draft, and the entry because of which it changes. */
interface Cause {
  readonly draft: CaseState
  readonly entry: string
}

/**
 * Opens a task that a rule asks for. Its id comes from the entry that caused it, so that an entry which arrives late does not
 * rename it, and has a colon, which no id written by a person has.
 */
export function openTask({ draft, entry }: Cause, task: NewTask): void {
  const id = `${task.kind}:${entry}`
  draft.tasks.set(id, {
    id,
    kind: task.kind,
    state: 'open',
    due: task.due ?? null,
    owner: task.owner ?? draft.lead,
    createdBy: 'rule',
    link: task.link ?? null,
    outcome: null,
    closedBy: task.closedBy ?? null,
    isStatutory: task.isStatutory ?? false,
  })
}

/** The event that a task waits for has come: closes every open task of this kind and link. */
export function meetTasks(draft: CaseState, kind: string, link: string | null, outcome: string): void {
  for (const task of openTasks(draft))
    if (task.kind === kind && task.link === link)
      draft.tasks.set(task.id, { ...task, state: 'done', outcome })
}

/** She has withdrawn: the work on it stops, clocks included. Nothing else cancels a clock. */
export function cancelAllTasks(draft: CaseState, outcome: string): void {
  for (const task of openTasks(draft)) draft.tasks.set(task.id, { ...task, state: 'cancelled', outcome })
}

/** Gives tasks to another owner: each becomes `handed-over` and goes on as a new one with the same clock and lock. */
export function passOn({ draft, entry }: Cause, tasks: readonly Task[], owner: string | null): void {
  for (const task of tasks) {
    draft.tasks.set(task.id, { ...task, state: 'handed-over', outcome: owner })
    const id = `${task.id.split('@', 1).join('')}@${entry}`
    draft.tasks.set(id, { ...task, id, owner })
  }
}

export function openTasks(draft: CaseState): Task[] {
  return [...draft.tasks.values()].filter(({ state }) => state === 'open')
}

/** A law's clock that nothing has answered yet. */
export function hasStatutoryClock(draft: CaseState): boolean {
  return openTasks(draft).some(({ isStatutory }) => isStatutory)
}

/** An open task that should have been done by now. */
export function isOverdue(task: Task, now: Minute): boolean {
  return task.state === 'open' && task.due !== null && task.due < now
}

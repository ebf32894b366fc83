import type { Author, Role } from '../roles.ts'
import type { CaseState, Task } from '../state.ts'
import { isOverdue, openTasks } from '../task/tasks.ts'
import type { Minute } from '../time.ts'
import type { RiskLevel } from '../vocabulary.ts'

/** A case under the nickname its team knows it by: random words, nothing that counts. */
export interface NamedCase {
  readonly nickname: string
  readonly state: Readonly<CaseState>
}

/** A row of somebody's list of cases. */
export interface BoardRow {
  readonly nickname: string
  readonly status: string
  readonly risk: RiskLevel | null
  readonly tasks: readonly Task[]
  readonly overdue: number
}

/**
 * The list of cases of one person: those she is a member of, by nickname, with her own tasks. A case she is no member of leaves
 * no row, no counter and no gap: the list is the same as in a world without it.
 */
export function boardOf(viewer: Pick<Author, 'id'>, cases: readonly NamedCase[], now: Minute): BoardRow[] {
  return cases
    .filter(({ state }) => state.members.has(viewer.id) && !state.excluded.has(viewer.id))
    .map(({ nickname, state }) => {
      const tasks = openTasks(state).filter(({ owner }) => owner === viewer.id)
      const overdue = tasks.filter((task) => isOverdue(task, now)).length
      return { nickname, status: state.status, risk: state.risk?.level ?? null, tasks, overdue }
    })
    .toSorted((a, b) => (a.nickname < b.nickname ? -1 : a.nickname > b.nickname ? 1 : 0))
}

/** How many open cases there are: to oversight in bands, to nobody else at all. */
export function openCaseBand(role: Role, openCases: number): '0' | '1-4' | '5-9' | '10+' | null {
  if (role !== 'oversight') return null
  if (openCases <= 0) return '0'
  return openCases < 5 ? '1-4' : openCases < 10 ? '5-9' : '10+'
}

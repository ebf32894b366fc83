import type { Context } from '../event.ts'
import type { Role } from '../roles.ts'
import { openTask } from '../task/tasks.ts'

/** Whether a roster entry belongs to the minors team: by its role, or named by the organisation's rules. */
export function isMinorsTeam(entry: string, role: Role, { rules }: Pick<Context, 'rules'>): boolean {
  return role === 'minors-team' || rules.minorsTeam.has(entry)
}

/**
 * Puts the case on the minors path, from which nothing leads back: pictures are refused from here on, the statutory notice has
 * to be shown, and a new key of the case has to shut out everybody but the minors team.
 */
export function enterMinorsPath(context: Context<unknown>): void {
  const { draft } = context
  if (draft.isMinorsPath) return
  draft.isMinorsPath = true
  // They can neither be opened nor sent any more. Erasing them is for a person to do: an answer can be a slip.
  if (
    [...draft.exhibits.values()].some(
      ({ contentClass, sha256 }) => contentClass === 'picture' && sha256 !== null,
    )
  )
    openTask(context, { kind: 'withhold-pictures' })
  openTask(context, { kind: 'statutory-notice', closedBy: 'minors.notice-shown' })
  if ([...draft.members].every(([id, { role }]) => isMinorsTeam(id, role, context))) return
  draft.needsNewEpoch = true
  openTask(context, { kind: 'minors-team-epoch', closedBy: 'epoch.new' })
}

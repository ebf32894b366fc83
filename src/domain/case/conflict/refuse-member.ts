import type { Context } from '../event.ts'
import { isMinorsTeam } from '../minors/minors-path.ts'
import type { RefusalCode } from '../refusals.ts'
import type { Role } from '../roles.ts'

const WRAPPABLE: readonly Role[] = ['intake', 'caseworker', 'supervisor', 'minors-team', 'interpreter']

/** Why a roster entry may not become a member; null when it may. Nobody who was excluded ever may again. */
export function refuseMember(
  context: Pick<Context, 'draft' | 'rules'>,
  entry: string,
  role: Role,
): RefusalCode | null {
  const { draft } = context
  if (draft.excluded.has(entry)) return 'CASE_EXCLUDED_RECIPIENT'
  if (!WRAPPABLE.includes(role)) return 'ROLE_NOT_ALLOWED'
  return draft.isMinorsPath && !isMinorsTeam(entry, role, context) ? 'MINORS_TEAM_ONLY' : null
}

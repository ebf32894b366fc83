import { type Context, event } from '../event.ts'
import { isMinorsTeam } from '../minors/minors-path.ts'
import type { Role } from '../roles.ts'
import { TIMES } from '../rules.ts'
import { ALIVE, OPEN } from '../states.ts'
import { meetTasks, openTask, openTasks, passOn } from '../task/tasks.ts'
import { refuseMember } from './refuse-member.ts'

/** Who belongs to the case, who never will, and the keys that follow from it. */
export const CONFLICT_EVENTS = {
  'member.add': event({
    action: 'add-member',
    permits: ['yes'],
    statuses: ALIVE,
    needs: ['entry', 'entryRole'],
    may: ['reason', 'until'],
    run: (context) => {
      const { draft, body, at, rules } = context
      const refused = refuseMember(context, body.entry, body.entryRole)
      if (refused) return refused
      const known = rules.roster.get(body.entry)
      if (known !== undefined && body.entryRole !== 'interpreter' && body.entryRole !== known)
        return 'ROLE_NOT_ALLOWED'
      if (draft.members.has(body.entry)) return 'ID_TAKEN'
      if (body.entryRole === 'interpreter' && body.until === undefined) return 'BODY_INVALID'
      // Sessions are counted from the start of the day where no time of day is given, so they are never longer.
      if (body.until !== undefined && (body.until <= at || body.until > at + TIMES.sessionLongest))
        return 'BODY_INVALID'
      draft.members.set(body.entry, { role: body.entryRole, since: at, sessionEnds: body.until ?? null })
      return null
    },
  }),
  'member.recuse': event({
    action: 'write',
    permits: ['yes'],
    statuses: ALIVE,
    needs: [],
    run: (context) => {
      drop(context, context.by.id)
      return null
    },
  }),
  'member.exclude': event({
    action: 'exclude',
    permits: ['own', 'yes'],
    statuses: ALIVE,
    needs: ['entry'],
    run: (context) => {
      const { draft, body } = context
      if (draft.excluded.has(body.entry)) return 'ID_TAKEN'
      draft.excluded.add(body.entry)
      for (const handover of draft.handovers.values())
        if (handover.to === body.entry && handover.state === 'offered')
          draft.handovers.set(handover.id, { ...handover, state: 'declined' })
      drop(context, body.entry)
      return null
    },
  }),
  'agency.block': event({
    action: 'exclude',
    permits: ['own', 'yes'],
    statuses: ALIVE,
    needs: ['agency'],
    run: ({ draft, body }) => {
      draft.blockedAgencies.add(body.agency)
      return null
    },
  }),
  'epoch.new': event({
    action: 'add-member',
    permits: ['yes'],
    statuses: ALIVE,
    needs: ['epoch', 'epochReason'],
    run: (context) => {
      const { draft, body, by } = context
      if (body.epoch !== draft.epoch + 1 || !makesKeys(by.role, draft.isMinorsPath)) return 'EPOCH_UNTRUSTED'
      if (draft.isMinorsPath && !narrowToMinorsTeam(context)) return 'MINORS_TEAM_MISSING'
      draft.epoch = body.epoch
      draft.needsNewEpoch = false
      meetTasks(draft, 'new-epoch', null, String(body.epoch))
      meetTasks(draft, 'minors-team-epoch', null, String(body.epoch))
      return null
    },
  }),
  'safety-plan.review': event({
    action: 'evidence',
    permits: ['own', 'yes'],
    statuses: OPEN,
    herStatuses: ALIVE,
    needs: [],
    run: ({ draft, at }) => {
      draft.safetyPlanReviewedAt = at
      return null
    },
  }),
} as const

/** Her client takes a new key of the case from nobody else; cases of minors have no other members than the minors team. */
function makesKeys(role: Role, isMinorsPath: boolean): boolean {
  return role === 'caseworker' || role === 'supervisor' || (role === 'minors-team' && isMinorsPath)
}

/** Takes somebody out: what she was to do passes on in the words of any handover, and the case needs a new key. */
function drop(context: Context<unknown>, entry: string): void {
  const { draft } = context
  const wasMember = draft.members.delete(entry)
  if (draft.lead === entry) draft.lead = null
  passOn(
    context,
    openTasks(draft).filter(({ owner }) => owner === entry),
    draft.lead,
  )
  if (!wasMember) return
  draft.needsNewEpoch = true
  openTask(context, { kind: 'new-epoch', closedBy: 'epoch.new' })
}

/** Leaves only the minors team in; false, and nothing changed, when nobody of it belongs to the case yet. */
function narrowToMinorsTeam(context: Context<unknown>): boolean {
  const { draft } = context
  const { members } = draft
  const team = [...members].filter(([id, { role }]) => isMinorsTeam(id, role, context))
  if (team.length === 0) return false
  members.clear()
  for (const [id, member] of team) members.set(id, member)
  if (draft.lead !== null && !members.has(draft.lead)) draft.lead = null
  return true
}

import type { JobKind } from '../../jobs/index.ts'
import { isoWeekOf } from '../../time.ts'
import { goodWeeks } from './passes.ts'

export const EXPIRE_INVITES_JOB = 'invites.expire'

const DAY_MS = 24 * 60 * 60_000

/** Forgets invites whose week is over, and used passes that could not be used any more. */
export const expireInvitesJob: JobKind = {
  recurring: { everyMs: DAY_MS },
  handle: async (tx, _payload, now) => {
    await tx.deleteFrom('invites').where('expires_week', '<', isoWeekOf(now)).execute()
    await tx.deleteFrom('passes_spent').where('week', 'not in', goodWeeks(now)).execute()
  },
}

import { eraseCase } from './case-store/index.ts'
import type { JobKind } from './jobs/index.ts'
import { isoWeekOf } from './time.ts'

const QUARTER_MS = 15 * 60_000
const HOUR_MS = 60 * 60_000
/** So many cases in one transaction; the rest with the next round. */
const CASES_AT_A_TIME = 100

/** Forgets what only had to be known for a while: used nonces and puzzles, and when replies were released. */
export const forgetJob: JobKind = {
  recurring: { everyMs: QUARTER_MS },
  handle: async (tx, _payload, now) => {
    await tx.deleteFrom('mailbox_nonces').where('expires', '<', now).execute()
    await tx.deleteFrom('pow_spent').where('expires', '<', now).execute()
    await tx
      .updateTable('items')
      .set({ release_at_quarter: null })
      .where('release_at_quarter', '<=', now)
      .execute()
  },
}

/** Erases cases whose week is over: never opened, withdrawn and kept until then, or closed. */
export const expireCasesJob: JobKind = {
  recurring: { everyMs: HOUR_MS },
  handle: async (tx, _payload, now) => {
    const over = await tx
      .selectFrom('cases')
      .select('id')
      .where('expires_week', '<', isoWeekOf(now))
      .limit(CASES_AT_A_TIME)
      .forUpdate()
      .skipLocked()
      .execute()
    for (const { id } of over) await eraseCase(tx, id, now)
  },
}

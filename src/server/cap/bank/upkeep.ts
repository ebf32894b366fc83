import { randomInt } from 'node:crypto'
import { sql } from 'kysely'
import type { Db } from '../../database.ts'
import type { JobKind } from '../../jobs/index.ts'
import type { Matcher } from '../../matcher/index.ts'
import { isoWeekOf } from '../../time.ts'
import { deleteSets } from './store.ts'

export const MIX_JOB = 'bank.mix'
export const EXPIRE_SETS_JOB = 'bank.expire'

const HOUR_MS = 60 * 60_000
/** Fewer sets than this are not put away together: among them each would be too easy to tell. */
const FEWEST_AT_ONCE = 8
/** After a day they are, all the same. */
const MOST_ROUNDS = 24

/**
 * Puts waiting sets away: some at random, in random order, into a table that is written anew each time, so that neither order
 * nor place says which came together or when.
 */
export const mixJob: JobKind = {
  recurring: { everyMs: HOUR_MS },
  handle: async (tx) => {
    const waiting = await tx
      .selectFrom('bank_waiting')
      .select(['id', 'rounds'])
      .where('is_asked', '=', true)
      .forUpdate()
      .execute()
    // One in four stays behind, so that the hour in which a set is put away does not say in which it came.
    const chosen = waiting.filter(({ rounds }) => rounds >= MOST_ROUNDS || randomInt(4) !== 0)
    const isOverdue = waiting.some(({ rounds }) => rounds >= MOST_ROUNDS)
    if (chosen.length >= FEWEST_AT_ONCE || isOverdue)
      await putAway(
        tx,
        chosen.map(({ id }) => id),
      )
    await tx.updateTable('bank_waiting').set({ rounds: sql`rounds + 1` }).execute()
  },
}

async function putAway(tx: Db, ids: readonly Buffer[]): Promise<void> {
  const columns = sql`id, body, expires_week, fmt`
  await sql`create temporary table mixed on commit drop as
    select ${columns} from bank_sets
    union all select ${columns} from bank_waiting where id = any (${ids}::bytea[])`.execute(tx)
  await sql`truncate bank_sets`.execute(tx)
  await sql`insert into bank_sets (${columns}) select ${columns} from mixed order by random()`.execute(tx)
  await tx.deleteFrom('bank_waiting').where('id', 'in', ids).execute()
}

/** Erases sets that nobody renewed. */
export function expireSetsJob(matcher: Matcher): JobKind {
  return {
    recurring: { everyMs: 24 * HOUR_MS },
    handle: async (tx, _payload, now) => {
      const week = isoWeekOf(now)
      for (const table of ['bank_waiting', 'bank_sets'] as const) {
        const over = await tx.selectFrom(table).select('id').where('expires_week', '<', week).execute()
        if (over.length === 0) continue
        await deleteSets(
          tx,
          over.map(({ id }) => id),
        )
        for (const { id } of over) matcher.remove(id.toString('hex'))
      }
    },
  }
}

import { sql } from 'kysely'
import { expect } from 'vitest'
import type { Database } from '#node/db/index.ts'
import type { BandTables } from '../bands/index.ts'
import type { BandTarget } from './band-targets.ts'

/** Runs `work` while another connection keeps everyone out of the table. */
export async function whileLocked(target: BandTarget, work: () => Promise<void>): Promise<void> {
  const other = await target.open({})
  await other.kysely.transaction().execute(async (transaction) => {
    await sql`lock table radius_prints in access exclusive mode`.execute(transaction)
    await work()
  })
  await other.close()
}

/** Until as many statements wait for a lock. */
export async function untilOneWaits(database: Database<BandTables>, count = 1): Promise<void> {
  await expect
    .poll(
      async () => {
        const { rows } = await sql`select pid from pg_stat_activity where wait_event_type = 'Lock'`.execute(
          database.kysely,
        )
        return rows.length
      },
      { timeout: 10_000, interval: 20 },
    )
    .toBeGreaterThanOrEqual(count)
}

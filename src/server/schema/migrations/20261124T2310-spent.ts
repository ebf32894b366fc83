import { sql } from 'kysely'
import type { Migration } from '../migrate.ts'

/** Nonces and puzzles that were used. `expires` is rounded up to a quarter hour: the rest would be the time of a visit. */
export const spent: Migration = {
  id: '20261124T2310-spent',
  up: async (tx) => {
    for (const table of ['mailbox_nonces', 'pow_spent']) {
      await sql`
        create table ${sql.table(table)} (
          value_hash bytea primary key check (octet_length(value_hash) = 32),
          expires timestamptz not null check (date_bin('15 minutes', expires, 'epoch') = expires)
        )`.execute(tx)
      await sql`create index ${sql.ref(`${table}_by_expiry`)} on ${sql.table(table)} (expires)`.execute(tx)
    }
  },
}

import { sql } from 'kysely'
import type { Migration } from '../migrate.ts'

/**
 * Invites for witnesses, and passes that were used. Passes are issued blindly: nothing here, or seen when they are issued, leads
 * from one to the other.
 */
export const invites: Migration = {
  id: '20261125T0300-invites',
  up: async (tx) => {
    await sql`
      create table invites (
        hash bytea primary key check (octet_length(hash) = 32),
        remaining int not null check (remaining >= 0),
        expires_week text not null check (expires_week ~ '^20[0-9]{2}-W[0-5][0-9]$'),
        fmt smallint not null
      )`.execute(tx)
    await sql`
      create table passes_spent (
        value_hash bytea primary key check (octet_length(value_hash) = 32),
        week text not null check (week ~ '^20[0-9]{2}-W[0-5][0-9]$')
      )`.execute(tx)
    await sql`create index passes_spent_by_week on passes_spent (week)`.execute(tx)
  },
}

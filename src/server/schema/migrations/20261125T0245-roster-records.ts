import { sql } from 'kysely'
import type { Migration } from '../migrate.ts'

/**
 * The public record of a roster with its salt, and what the log has promised about it: with both a client knows that a roster
 * is public before the next checkpoint is made. Empty for a roster from before, which has its proof or gets none. And whether
 * whoever set the organisation up has every secret: until then it can be set up anew.
 */
export const rosterRecords: Migration = {
  id: '20261125T0245-roster-records',
  up: async (tx) => {
    await sql`alter table rosters add column opening text not null default ''`.execute(tx)
    await sql`alter table rosters add column receipt text not null default ''`.execute(tx)
    // An organisation that is there has its secrets.
    await sql`alter table organisation add column is_acknowledged boolean not null default true`.execute(tx)
  },
}

import { sql } from 'kysely'
import type { Migration } from '../migrate.ts'

export const jobs: Migration = {
  id: '20261124T2315-jobs',
  up: async (tx) => {
    await sql`
      create table jobs (
        id bigint generated always as identity primary key,
        kind text not null,
        key text unique,
        payload jsonb not null,
        due timestamptz not null,
        attempts integer not null default 0
      )`.execute(tx)
    await sql`create index jobs_by_due on jobs (due)`.execute(tx)
  },
}

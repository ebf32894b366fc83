import { sql } from 'kysely'
import type { Migration } from '../migrate.ts'

export const blobs: Migration = {
  id: '20261124T2305-blobs',
  up: async (tx) => {
    await sql`
      create table blobs (
        id bytea primary key check (octet_length(id) = 16),
        case_id bytea not null references cases on delete cascade,
        chunks integer not null check (chunks between 1 and 512),
        received bytea not null,
        size_class integer not null,
        state text not null check (state in ('open', 'finished')),
        created_week text not null,
        fmt smallint not null
      )`.execute(tx)
    await sql`create index blobs_of_case on blobs (case_id)`.execute(tx)
    await sql`
      create table blob_chunks (
        blob_id bytea not null references blobs on delete cascade,
        n integer not null check (n >= 0),
        sha256 bytea not null check (octet_length(sha256) = 32),
        storage_key text not null,
        primary key (blob_id, n)
      )`.execute(tx)
  },
}

import { sql } from 'kysely'
import type { Migration } from '../migrate.ts'

/*
 * Rules of Citus, should the tables be spread over machines one day: `cases` is small and stays whole (a reference
 * table); `wraps`, `items` and `blobs` go by case, `blob_chunks` by blob. No unique key lacks its distribution column.
 *
 * Ciphertext does not compress, so it is stored as it is; a piece of it can then be read without the rest.
 */
export const cases: Migration = {
  id: '20261124T2300-cases',
  up: async (tx) => {
    await sql`
      create table cases (
        id bytea primary key check (octet_length(id) = 16),
        mailbox bytea not null unique check (octet_length(mailbox) = 16),
        auth_pk bytea not null check (octet_length(auth_pk) = 32),
        created_week text not null,
        expires_week text,
        status text not null check (status in ('open', 'withdrawn', 'closing', 'closed')),
        next_due_day date,
        fmt smallint not null
      )`.execute(tx)
    await sql`
      create table commitments (
        case_id bytea references cases on delete set null,
        commitment bytea not null check (octet_length(commitment) = 32),
        state text not null check (state in ('pending', 'logged')),
        log_index bigint,
        check ((state = 'logged') = (log_index is not null))
      )`.execute(tx)
    await sql`create index commitments_of_case on commitments (case_id)`.execute(tx)
    await sql`create index commitments_pending on commitments (commitment) where state = 'pending'`.execute(
      tx,
    )
    await sql`
      create table wraps (
        case_id bytea not null references cases on delete cascade,
        epoch integer not null check (epoch between 1 and 65535),
        slot integer not null check (slot >= 0),
        address bytea not null check (octet_length(address) = 16),
        body bytea not null check (octet_length(body) = 1787),
        fmt smallint not null,
        primary key (case_id, epoch, slot)
      )`.execute(tx)
    await sql`create index wraps_by_address on wraps (address)`.execute(tx)
    await sql`
      create table items (
        case_id bytea not null references cases on delete cascade,
        id bytea not null check (octet_length(id) = 16),
        epoch integer not null check (epoch between 1 and 65535),
        body bytea not null,
        size_class smallint not null,
        release_at_quarter timestamptz check (date_bin('15 minutes', release_at_quarter, 'epoch') = release_at_quarter),
        direction text not null check (direction in ('in', 'out')),
        fmt smallint not null,
        primary key (case_id, id)
      )`.execute(tx)
    await sql`alter table items alter column body set storage external`.execute(tx)
    await sql`create index items_to_release on items (release_at_quarter) where release_at_quarter is not null`.execute(
      tx,
    )
  },
}

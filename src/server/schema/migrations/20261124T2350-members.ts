import { sql } from 'kysely'
import type { Migration } from '../migrate.ts'

/*
 * Who works here. A session and the proof of a roster are the only things of these that are ever taken back or changed;
 * rosters are kept for good, because messages of the past are judged by them.
 */
export const members: Migration = {
  id: '20261124T2350-members',
  up: async (tx) => {
    await sql`
      create table organisation (
        only_row boolean primary key default true check (only_row),
        org text not null,
        root_keys text[] not null check (cardinality(root_keys) = 3),
        root_files_handed smallint not null check (root_files_handed between 0 and 3),
        shares_handed smallint not null check (shares_handed between 0 and 5)
      )`.execute(tx)
    await sql`
      create table rosters (
        org text not null,
        version integer not null check (version >= 1),
        note text not null,
        proof text,
        primary key (org, version)
      )`.execute(tx)
    await sql`
      create table staff (
        id bytea primary key check (octet_length(id) = 16),
        handle text not null unique,
        address bytea not null check (octet_length(address) = 16),
        roster_entry bytea not null check (octet_length(roster_entry) = 16),
        state text not null check (state in ('active', 'left'))
      )`.execute(tx)
    await sql`
      create table staff_methods (
        id bytea primary key check (octet_length(id) = 16),
        staff_id bytea not null references staff on delete cascade,
        kind text not null check (kind in ('passphrase', 'passkey', 'sheet')),
        key_version integer not null check (key_version >= 1),
        kdf jsonb,
        salt bytea check (octet_length(salt) = 16),
        auth_pk bytea not null check (octet_length(auth_pk) = 32),
        box bytea not null check (octet_length(box) = 296),
        fmt smallint not null,
        check ((kind = 'passphrase') = (kdf is not null and salt is not null))
      )`.execute(tx)
    await sql`create index staff_methods_of_staff on staff_methods (staff_id)`.execute(tx)
    await sql`
      create table sessions (
        token_hash bytea primary key check (octet_length(token_hash) = 32),
        staff_id bytea not null references staff on delete cascade,
        method_id bytea not null references staff_methods on delete cascade,
        expires timestamptz not null,
        last_seen timestamptz not null check (date_bin('5 minutes', last_seen, 'epoch') = last_seen)
      )`.execute(tx)
    await sql`
      create table bank_boxes (
        address bytea primary key check (octet_length(address) = 16),
        body bytea not null,
        fmt smallint not null
      )`.execute(tx)
  },
}

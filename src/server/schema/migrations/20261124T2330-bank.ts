import { sql } from 'kysely'
import type { Migration } from '../migrate.ts'

/*
 * Registered prints and sightings. Nothing here is in the clear, nothing points to a case, and the only time is a week.
 * Rules of Citus: each table has one key, its random id, and goes by it.
 */
export const bank: Migration = {
  id: '20261124T2330-bank',
  up: async (tx) => {
    await sql`create table bank_recipient (recipient text primary key)`.execute(tx)
    await sql`
      create table bank_waiting (
        id bytea primary key check (octet_length(id) = 16),
        body bytea not null check (octet_length(body) = 67195),
        rounds smallint not null default 0,
        is_asked boolean not null default false,
        expires_week text not null,
        fmt smallint not null
      )`.execute(tx)
    await sql`create index bank_to_ask on bank_waiting (id) where not is_asked`.execute(tx)
    await sql`
      create table bank_sets (
        id bytea primary key check (octet_length(id) = 16),
        body bytea not null check (octet_length(body) = 67195),
        expires_week text not null,
        fmt smallint not null
      )`.execute(tx)
    await sql`
      create table sightings (
        id bytea primary key check (octet_length(id) = 16),
        body bytea not null check (octet_length(body) = 263851),
        context bytea not null,
        state text not null check (state in ('waiting', 'kept')),
        expires_week text not null,
        fmt smallint not null
      )`.execute(tx)
    await sql`create index sightings_waiting on sightings (id) where state = 'waiting'`.execute(tx)
    await sql`
      create table hits_waiting (
        id bytea primary key check (octet_length(id) = 16),
        body bytea not null check (octet_length(body) = 136),
        fmt smallint not null
      )`.execute(tx)
    await sql`
      create table hit_lists (
        quarter bigint primary key,
        body bytea not null check (octet_length(body) = 65280)
      )`.execute(tx)
    for (const [table, column] of [
      ['bank_waiting', 'body'],
      ['bank_sets', 'body'],
      ['sightings', 'body'],
      ['sightings', 'context'],
      ['hit_lists', 'body'],
    ] as const) {
      await sql`alter table ${sql.table(table)} alter column ${sql.ref(column)} set storage external`.execute(
        tx,
      )
    }
  },
}

import { type RawBuilder, sql } from 'kysely'
import type { Runner } from './database.ts'

/** SQLSTATE of what the triggers below refuse. */
export const APPEND_ONLY_STATE = 'SK001'

/**
 * Makes the tables of a log, or leaves them as they are. To be run in a transaction. The list of what was signed and the
 * leaves only grow: their owner has neither the right to change them nor, with that right, the triggers' leave.
 * Nothing refers to another table and each key is one column, so that the log can stay on the coordinator of a Citus
 * cluster while other tables are spread.
 */
export async function createLogTables(runner: Runner): Promise<void> {
  // Two programs that start at the same time would otherwise make the same table.
  await sql`select pg_advisory_xact_lock(${sql.lit(SCHEMA_LOCK)})`.execute(runner)
  for (const statement of [...TABLES, ...FUNCTIONS, ...TRIGGERS, ...GRANTS]) await statement.execute(runner)
}

const SCHEMA_LOCK = 0x5a4b5001

const TABLES: RawBuilder<unknown>[] = [
  // What is replaced: origin, policy, checkpoint, note, batch, rotation, halted.
  sql`create table if not exists custody_state (name text primary key, content bytea not null)`,
  sql`create table if not exists custody_resource (
    path text primary key, content bytea not null, added_at timestamptz not null default now())`,
  sql`create table if not exists custody_signed (
    size int8 primary key check (size >= 0), root bytea not null check (octet_length(root) = 32),
    signed_at text not null)`,
  sql`create table if not exists custody_leaf (
    position int8 primary key check (position >= 0),
    commitment bytea not null unique check (octet_length(commitment) = 32))`,
  sql`create table if not exists custody_pending (
    commitment bytea primary key check (octet_length(commitment) = 32), manifest_sha256 text not null,
    received_on text not null, merge_by text not null, public_record text)`,
  sql`create table if not exists custody_opening (
    kind text not null check (kind in ('record', 'items', 'pads')), name text not null, content bytea not null,
    kept_at timestamptz not null default now(), primary key (kind, name))`,
  sql`create table if not exists custody_writer (only_row int2 primary key check (only_row = 1), epoch int8 not null)`,
]

const FUNCTIONS: RawBuilder<unknown>[] = [
  sql`create or replace function custody_refuse() returns trigger language plpgsql set search_path from current as $$
    begin
      raise exception '% of %: it only grows', tg_op, tg_table_name using errcode = ${sql.lit(APPEND_ONLY_STATE)};
    end $$`,
  // One root for a size, sizes grow, and every leaf of what is signed is there.
  sql`create or replace function custody_sign() returns trigger language plpgsql set search_path from current as $$
    begin
      if new.size <= (select max(size) from custody_signed)
        or new.size <> (select coalesce(max(position) + 1, 0) from custody_leaf) then
        raise exception 'size % does not follow', new.size using errcode = ${sql.lit(APPEND_ONLY_STATE)};
      end if;
      return new;
    end $$`,
  sql`create or replace function custody_add_leaves() returns trigger language plpgsql set search_path from current as $$
    declare first int8; last int8; count int8;
    begin
      select min(position), max(position), count(*) into first, last, count from added;
      if count > 0 and (last - first + 1 <> count or first <>
        (select coalesce(max(position) + 1, 0) from custody_leaf where position < first)) then
        raise exception 'leaves from % do not follow', first using errcode = ${sql.lit(APPEND_ONLY_STATE)};
      end if;
      return null;
    end $$`,
  // Partial tiles make room for full ones; recovery may replace what was never signed, and says so.
  sql`create or replace function custody_remove() returns trigger language plpgsql set search_path from current as $$
    begin
      if old.path !~ '\\.p/[0-9]+$' and coalesce(current_setting('saksi.recovers', true), '') <> 'on' then
        raise exception '% is never removed', old.path using errcode = ${sql.lit(APPEND_ONLY_STATE)};
      end if;
      return old;
    end $$`,
]

const trigger = (name: string, what: string, table: string, action: string): RawBuilder<unknown> =>
  sql.raw(`create or replace trigger ${name} ${what} on ${table} ${action}`)

const refuse = 'for each statement execute function custody_refuse()'

const TRIGGERS: RawBuilder<unknown>[] = [
  trigger('keep', 'before update or delete or truncate', 'custody_signed', refuse),
  trigger('follow', 'before insert', 'custody_signed', 'for each row execute function custody_sign()'),
  trigger('keep', 'before update or delete or truncate', 'custody_leaf', refuse),
  trigger(
    'follow',
    'after insert',
    'custody_leaf',
    'referencing new table as added for each statement execute function custody_add_leaves()',
  ),
  trigger('keep', 'before update or truncate', 'custody_resource', refuse),
  trigger('remove', 'before delete', 'custody_resource', 'for each row execute function custody_remove()'),
]

const GRANTS: RawBuilder<unknown>[] = [
  sql`revoke all on custody_state, custody_resource, custody_signed, custody_leaf, custody_pending,
    custody_opening, custody_writer from public`,
  sql`revoke update, delete, truncate on custody_signed, custody_leaf from current_user`,
  sql`revoke update, truncate on custody_resource from current_user`,
]

import { type Kysely, sql, type Transaction } from 'kysely'
import { ServerError } from '../errors.ts'
import type { Tables } from './tables.ts'

/** One step forward of the schema. There is no way back: a mistake is put right by a further step. */
export interface Migration {
  /** `<UTC to the minute>-<what>`; sorts after those before it. */
  readonly id: string
  up(tx: Transaction<Tables>): Promise<void>
}

/** Any number; it keeps two servers that start at once from changing the schema together. */
const LOCK = 7_261_911_004

/**
 * Brings the database to the newest schema, each step in a transaction of its own. Run again, or by two servers at once,
 * it does nothing a second time. Throws `SERVER_DATABASE_NEWER` when the database has been through a step that this
 * program does not know; then nothing was changed.
 */
export async function migrate(
  kysely: Kysely<Tables>,
  migrations: readonly Migration[],
): Promise<readonly string[]> {
  const done: string[] = []
  await inTurn(kysely, (tx) => sql`create table if not exists migrations (id text primary key)`.execute(tx))
  for (const migration of migrations) {
    const isNew = await inTurn(kysely, async (tx) => {
      const known = (await tx.selectFrom('migrations').select('id').execute()).map(({ id }) => id)
      assertKnown(known, migrations)
      if (known.includes(migration.id)) return false
      await migration.up(tx)
      await tx.insertInto('migrations').values({ id: migration.id }).execute()
      return true
    })
    if (isNew) done.push(migration.id)
  }
  return done
}

function inTurn<Result>(
  kysely: Kysely<Tables>,
  work: (tx: Transaction<Tables>) => Promise<Result>,
): Promise<Result> {
  return kysely.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(${LOCK})`.execute(tx)
    return work(tx)
  })
}

function assertKnown(found: readonly string[], migrations: readonly Migration[]): void {
  if (found.every((id) => migrations.some((migration) => migration.id === id))) return
  throw new ServerError(
    'SERVER_DATABASE_NEWER',
    'The database belongs to a newer Saksi than this one. Nothing was changed. Install the newer Saksi again.',
  )
}

import { sql } from 'kysely'
import { parseBatch } from '../batch.ts'
import { LogStoreError } from '../errors.ts'
import { formatHalt } from '../halt.ts'
import type { Pending } from '../pending.ts'
import { assertGrowing, type Signed } from '../signed.ts'
import type { LogStorage, ReadResource, StorageFault } from '../storage.ts'
import type { LogDatabase, Runner } from './database.ts'
import { postgresEntries, readAllPending } from './entries.ts'
import { withLogErrors } from './errors.ts'
import { postgresOpenings } from './openings.ts'
import { createLogTables } from './schema.ts'
import { readState, type StateName, writeState } from './state.ts'
import { PostgresWriter } from './writer.ts'

/** What a log is made with. */
export interface FirstState {
  readonly origin: string
  readonly policy: string
  readonly signed: Signed
  readonly note: string
  readonly genesis: Parameters<LogStorage['openings']['keep']>[0]
  readonly pending: Pending
}

/**
 * Makes the tables and the log in them, in one transaction; `beforeCommit` runs right before it ends. Throws `LOG_EXISTS`
 * for a database that has a log, `DATABASE_*`.
 */
export async function createPostgresLog(
  database: LogDatabase,
  first: FirstState,
  beforeCommit: () => Promise<void>,
): Promise<void> {
  await withLogErrors(() =>
    database.transaction().execute(async (transaction) => {
      await createLogTables(transaction)
      if ((await readState(transaction, 'origin')) !== null) {
        throw new LogStoreError(
          'LOG_EXISTS',
          'There is a log in this database already. One database, one log.',
        )
      }
      await writeState(transaction, 'origin', first.origin)
      await writeState(transaction, 'policy', first.policy)
      await writeState(transaction, 'note', first.note)
      await sql`insert into custody_writer (only_row, epoch) values (1, 0)`.execute(transaction)
      await sql`insert into custody_signed (size, root, signed_at)
        values (${first.signed.size}, ${Buffer.from(first.signed.root)}, ${first.signed.at})`.execute(
        transaction,
      )
      await postgresOpenings(transaction).keep(first.genesis)
      await postgresEntries(transaction).addPending([first.pending])
      await beforeCommit()
    }),
  )
}

/**
 * A log in PostgreSQL. Throws `LOG_NOT_FOUND` when there is none, `LOG_DAMAGED` when it is another's than `origin`.
 * `close` is called by the storage's own.
 */
export async function postgresStorage(
  database: LogDatabase,
  origin: string,
  close: () => Promise<void>,
): Promise<LogStorage> {
  const found = await withLogErrors(() => readState(database, 'origin'))
  if (found === null || found.toString('utf8') !== origin) {
    throw found === null
      ? new LogStoreError('LOG_NOT_FOUND', 'There is no log in this database.')
      : new LogStoreError('LOG_DAMAGED', 'The database holds another log than the one these keys are for.')
  }
  const stateText = async (name: StateName): Promise<string | null> =>
    (await withLogErrors(() => readState(database, name)))?.toString('utf8') ?? null
  return {
    read: readResource(database),
    listPublic: () => listPublic(database),
    openings: postgresOpenings(database, (work) => database.transaction().execute(work)),
    find: async (commitments, size) => {
      const logged = await postgresEntries(database).findLogged(commitments)
      return new Map([...logged].filter(([, index]) => index < size))
    },
    readSigned: () => withLogErrors(() => readSigned(database)),
    readPending: () => readAllPending(database),
    readBatch: async () => {
      const text = await stateText('batch')
      return text === null ? null : parseBatch(Buffer.from(text))
    },
    readNote: () => stateText('note'),
    readRotation: () => stateText('rotation'),
    readHalt: async () => {
      const text = await stateText('halted')
      return text === null ? null : { text, where: "delete from custody_state where name = 'halted'" }
    },
    halt: (halt) => withLogErrors(() => writeState(database, 'halted', formatHalt(halt))),
    check: () => withLogErrors(() => checkTables(database)),
    lock: (waitMs) => PostgresWriter.open(database, waitMs),
    close,
  }
}

function readResource(runner: Runner): ReadResource {
  return (path) =>
    withLogErrors(async () => {
      if (path === 'checkpoint' || path === 'policy') return readState(runner, path)
      const { rows } = await sql<{ content: Buffer }>`
        select content from custody_resource where path = ${path}`.execute(runner)
      const content = rows[0]?.content
      return content === undefined ? null : new Uint8Array(content)
    })
}

async function listPublic(runner: Runner): Promise<string[]> {
  const { rows } = await withLogErrors(() =>
    sql<{ path: string }>`
      select path from custody_resource where path like 'public/%'`.execute(runner),
  )
  return rows.map(({ path }) => path.slice('public/'.length))
}

async function readSigned(runner: Runner): Promise<Signed[]> {
  const { rows } = await sql<{ size: string; root: Buffer; signed_at: string }>`
    select size, root, signed_at from custody_signed order by size`.execute(runner)
  const signed = rows.map(({ size, root, signed_at }) => ({
    size: Number(size),
    root: new Uint8Array(root),
    at: signed_at,
  }))
  assertGrowing(signed)
  return signed
}

/** The leaves are those of the entries, each at its place, and their guards are there. */
async function checkTables(runner: Runner): Promise<StorageFault[]> {
  const { rows } = await sql<{ size: string; leaves: string; guards: string }>`
    select (select max(size) from custody_signed) as size, (select count(*) from custody_leaf) as leaves,
      (select count(*) from pg_trigger where not tgisinternal and tgenabled <> 'D'
        and tgrelid in ('custody_signed'::regclass, 'custody_leaf'::regclass, 'custody_resource'::regclass)) as guards`.execute(
    runner,
  )
  const faults: StorageFault[] = []
  if (rows[0]?.size !== rows[0]?.leaves) {
    faults.push({ code: 'LOG_DAMAGED', where: 'custody_leaf', what: 'it does not have what was signed' })
  }
  if (rows[0]?.guards !== '6') {
    faults.push({
      code: 'LOG_DAMAGED',
      where: 'triggers',
      what: 'some that keep rows from being changed are gone',
    })
  }
  return faults
}

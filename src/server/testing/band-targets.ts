import { sql } from 'kysely'
import { startServer } from '#node/db/embedded/index.ts'
import { type Database, type DatabaseOptions, type DatabaseTarget, openDatabase } from '#node/db/index.ts'
import { postgres15Installation } from '#node/testing/postgres-15.ts'
import { makeTemporaryFolder, removeFolder } from '#node/testing/temporary-folder.ts'
import { writeWithoutSync } from '#node/testing/write-without-sync.ts'
import { type BandTables, createBands, distributeBands } from '../bands/index.ts'
import { citusUrl } from './citus.ts'
import { openScatteredDatabase } from './scattered-database.ts'

/** A database with an empty table `radius_prints`, and more connections to it. */
export interface BandTarget {
  readonly database: Database<BandTables>
  /** A second program's view of the same database. The caller closes it. */
  open(options: DatabaseOptions): Promise<Database<BandTables>>
  close(): Promise<void>
}

export interface NamedTarget {
  readonly name: string
  /** Its bands can be changed through it, and its plans seen. */
  readonly isOneServer: boolean
  open(): Promise<BandTarget>
}

/** Everything the index has to answer alike on. Citus is among them when `SAKSI_TEST_CITUS_URL` names a coordinator. */
export function bandTargets(): NamedTarget[] {
  const url = citusUrl()
  return [
    { name: 'the packaged PostgreSQL 18', isOneServer: true, open: () => openOneServer(undefined) },
    {
      name: "Debian's PostgreSQL 15",
      isOneServer: true,
      open: () => openOneServer(postgres15Installation()),
    },
    {
      name: 'two PostgreSQL 15 joined by postgres_fdw',
      isOneServer: false,
      open: openScatteredDatabase,
    },
    ...(url === undefined ? [] : [{ name: 'Citus', isOneServer: false, open: () => openCitus(url) }]),
  ]
}

async function openOneServer(installation: string | undefined): Promise<BandTarget> {
  const directory = makeTemporaryFolder()
  const server = await startServer({ directory, ...(installation === undefined ? {} : { installation }) })
  await writeWithoutSync(server)
  const target: DatabaseTarget = {
    url: `postgres:///${server.database}?host=${encodeURIComponent(server.socketDirectory)}&user=${server.user}`,
  }
  const database = await openDatabase<BandTables>(target)
  await createBands(database.kysely)
  return {
    database,
    open: (options) => openDatabase<BandTables>(target, options),
    close: async () => {
      await database.close()
      await server.stop()
      removeFolder(directory)
    },
  }
}

async function openCitus(url: string): Promise<BandTarget> {
  const database = await openDatabase<BandTables>({ url })
  await sql`drop table if exists radius_prints`.execute(database.kysely)
  await createBands(database.kysely)
  await distributeBands(database.kysely)
  return {
    database,
    open: (options) => openDatabase<BandTables>({ url }, options),
    close: () => database.close(),
  }
}

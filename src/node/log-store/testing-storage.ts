import pg from 'pg'
import { afterAll, beforeAll } from 'vitest'
import { type EmbeddedServer, startServer } from '../db/embedded/index.ts'
import { postgres15Installation } from '../testing/postgres-15.ts'
import { makeTemporaryFolder, removeFolder } from '../testing/temporary-folder.ts'
import { writeWithoutSync } from '../testing/write-without-sync.ts'

/** A place for logs in tests: `newDatabase` gives the address of an empty one, or null where logs lie in folders. */
export interface StorageKind {
  readonly name: string
  newDatabase(): Promise<string | null>
  /** The server that has the databases, or null where logs lie in folders. */
  server(): Promise<TestServer | null>
}

/** Folders, the packaged PostgreSQL, and Debian's PostgreSQL 15. */
export function storageKinds(): StorageKind[] {
  return [FOLDERS, ...databaseKinds()]
}

/** Folders and the packaged PostgreSQL, where the version of the server makes no difference. */
export function twoStorageKinds(): StorageKind[] {
  return [FOLDERS, databaseKind('the packaged PostgreSQL 18', () => undefined)]
}

const FOLDERS: StorageKind = {
  name: 'a folder',
  newDatabase: () => Promise.resolve(null),
  server: () => Promise.resolve(null),
}

export function databaseKinds(): StorageKind[] {
  return [
    databaseKind('the packaged PostgreSQL 18', () => undefined),
    databaseKind("Debian's PostgreSQL 15", postgres15Installation),
  ]
}

/** Runs a server for the tests of this file. */
function databaseKind(name: string, installation: () => string | undefined): StorageKind {
  let running: TestServer | null = null
  const start = async (): Promise<TestServer> => {
    running ??= await startTestServer(installation())
    return running
  }
  beforeAll(async () => void (await start()), 120_000)
  afterAll(() => running?.stop(), 120_000)
  return { name, server: start, newDatabase: async () => (await start()).newDatabase() }
}

export interface TestServer {
  newDatabase(): Promise<string>
  /** A database with all that is in another, which nobody may have open. */
  copyDatabase(address: string): Promise<string>
  /** Statements of the server's own administrator, whom no grant binds. */
  asAdmin(address: string, statement: string): Promise<unknown[]>
  /** Kills every process of it and starts it again where it was. */
  killAndRestart(): Promise<void>
  stop(): Promise<void>
}

export async function startTestServer(installation: string | undefined): Promise<TestServer> {
  const directory = makeTemporaryFolder()
  const options = { directory, ...(installation === undefined ? {} : { installation }) }
  let server = await startServer(options)
  await writeWithoutSync(server)
  let count = 0
  const create = async (more: string): Promise<string> => {
    const name = `log_${count++}`
    await query(server, server.database, `create database ${name} owner ${server.user} ${more}`)
    return `postgres:///${name}?host=${encodeURIComponent(server.socketDirectory)}&user=${server.user}`
  }
  const nameOf = (address: string): string => new URL(address).pathname.slice(1)
  return {
    newDatabase: () => create(''),
    copyDatabase: (address) => create(`template ${nameOf(address)}`),
    asAdmin: (address, statement) => query(server, nameOf(address), statement),
    killAndRestart: async () => {
      await killServer(server)
      server = await startServer(options)
    },
    stop: async () => {
      await server.stop()
      removeFolder(directory)
    },
  }
}

async function query(server: EmbeddedServer, database: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client({ host: server.socketDirectory, user: server.admin, database })
  await client.connect()
  try {
    return (await client.query(statement)).rows
  } finally {
    await client.end()
  }
}

/** By its own number: the first line of the lock file that PostgreSQL writes, as the server itself tells it. */
async function killServer(server: EmbeddedServer): Promise<void> {
  const rows = await query(server, server.database, "select pg_read_file('postmaster.pid') as text")
  const pid = Number(/^\d+/.exec(String(Object(rows[0])['text']))?.[0])
  process.kill(pid, 'SIGKILL')
  await server.stop()
}

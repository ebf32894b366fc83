import { randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { formatVkey, type Vkey } from '#lib/tlog/index.ts'
import { readKeyFile } from '#node/log-store/index.ts'
import { type Client, createClient } from '../../client/index.ts'
import { type AppSettings, buildApp, type Dependencies } from '../app.ts'
import { DirectoryStore } from '../blob-store/index.ts'
import { DEFAULT_QUOTA } from '../case-store/index.ts'
import { CustodyLog } from '../custody/index.ts'
import { LiveDatabase } from '../database.ts'
import { createLog } from '../log.ts'
import { migrate } from '../schema/migrate.ts'
import { MIGRATIONS } from '../schema/migrations/index.ts'

/** A clock that stands until it is turned. */
export class TestClock {
  #nowMs = Date.UTC(2026, 10, 24, 8, 30)
  now(): Date {
    return new Date(this.#nowMs)
  }
  advanceMs(ms: number): void {
    this.#nowMs += ms
  }
}

/** A whole server in this process: real PostgreSQL in a folder, real HTTP on a loopback port, a clock of ours. */
export interface World {
  readonly url: string
  readonly client: Client
  readonly clock: TestClock
  readonly database: LiveDatabase
  readonly dependencies: Dependencies
  /** What receipts of the custody log are verified with. */
  readonly receiptsKey: Vkey
  readonly custodyLog: CustodyLog
  /** Every line the server has logged. */
  readonly logged: readonly string[]
  /** Carries out the jobs that are due by the clock of the test, and says how many. */
  runJobs(): Promise<number>
  close(): Promise<void>
}

export interface WorldOptions {
  /** An empty folder, or one of a former world. The caller removes it. */
  readonly directory: string
  readonly settings?: Partial<AppSettings>
}

/** Easy puzzles and no limits, so that a test is about what it is about. */
const SETTINGS: AppSettings = {
  origins: ['https://pages.example'],
  isBehindProxy: false,
  limits: { opensPerHour: 1e6, fetchesPerHour: 1e6, opensPerMinute: 1e6 },
  quota: DEFAULT_QUOTA,
  puzzleBits: 6,
}

export async function openWorld({ directory, settings }: WorldOptions): Promise<World> {
  const logged: string[] = []
  const log = createLog((line) => void logged.push(line))
  const clock = new TestClock()
  const database = await LiveDatabase.open({ directory }, log)
  await migrate(database.kysely, MIGRATIONS)
  const random = (bytes: number) => new Uint8Array(randomBytes(bytes))
  const folder = join(directory, 'log')
  const origin = 'custody.example.org/log'
  const custodyLog = await CustodyLog.open({ folder, origin, database, clock, log, random })
  const receiptsKey = (await readKeyFile(join(folder, 'keys', 'receipts.key'), 'receipts')).vkey
  const dependencies: Dependencies = {
    database,
    blobStore: await DirectoryStore.open(join(directory, 'blobs')),
    custody: custodyLog.custody,
    readLog: (path) => custodyLog.read(path),
    receiptsKey: formatVkey(receiptsKey),
    clock,
    log,
    random,
    secret: new Uint8Array(32).fill(9),
    settings: { ...SETTINGS, ...settings },
  }
  const { http, jobs } = buildApp(dependencies)
  await jobs.plan()
  await http.listen({ host: '127.0.0.1', port: 0 })
  // Listening on a port, it has an address of this form.
  const { port } = http.server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}`
  return {
    url,
    client: createClient({ baseUrl: url }),
    clock,
    database,
    dependencies,
    receiptsKey,
    custodyLog,
    logged,
    runJobs: () => jobs.runDue(),
    close: async () => {
      await http.close()
      await jobs.stop()
      await custodyLog.stop()
      await database.close()
    },
  }
}

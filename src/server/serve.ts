import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { ServeOptions } from '#contract/program.ts'
import { formatVkey } from '#lib/tlog/index.ts'
import { readKeyFile } from '#node/log-store/index.ts'
import { type App, type AppSettings, buildApp } from './app.ts'
import { type BlobStore, openBlobStore } from './blob-store/index.ts'
import { setUpGateIn } from './cap/members/index.ts'
import { DEFAULT_QUOTA } from './case-store/index.ts'
import { type Clock, systemClock } from './clock.ts'
import { readConfig, type ServerConfig } from './config.ts'
import { CustodyLog, writeLogAddress } from './custody/index.ts'
import { type DataDirectory, makeSetupLink, openDataDirectory, readSetup } from './data/index.ts'
import { LiveDatabase } from './database.ts'
import { ServerError } from './errors.ts'
import { DEFAULT_LIMITS } from './limits/rate-limits.ts'
import { createLog, type Log } from './log.ts'
import { migrate } from './schema/migrate.ts'
import { MIGRATIONS } from './schema/migrations/index.ts'

/** How long requests that are under way may take once the server is to end. */
const DRAIN_MS = 20_000

const random = (bytes: number): Uint8Array => new Uint8Array(randomBytes(bytes))

/** What tests and rehearsals set differently; a server in use has the limits of `DEFAULT_LIMITS`. */
export type Overrides = Partial<Pick<AppSettings, 'limits' | 'puzzleBits' | 'quota'>>

/** A server that accepts everything, until its signal. */
export interface RunningServer {
  readonly url: string
  readonly jobs: App['jobs']
  readonly custodyLog: CustodyLog
  readonly database: LiveDatabase
}

/** The rest of what a server is run with. */
export interface RunOptions extends Pick<ServeOptions, 'signal' | 'say' | 'log' | 'newSetupLink'> {
  readonly clock?: Clock
  /** Told once everything runs. */
  onReady?(running: RunningServer): void
}

/**
 * Runs a server until the signal: data directory, database, jobs, HTTP. Then takes nothing new in, ends what is under way,
 * and closes everything. Throws `ServerError`, `DatabaseError`; nothing is left running then.
 */
export function serve(options: ServeOptions, overrides: Overrides = {}): Promise<void> {
  return runServer(readConfig(options), options, overrides)
}

/** The same with what is otherwise read from the environment. */
export async function runServer(
  config: ServerConfig,
  options: RunOptions,
  overrides: Overrides,
): Promise<void> {
  const { clock = systemClock } = options
  const log = createLog(options.log)
  const opened: (() => Promise<void>)[] = []
  try {
    const data = await openDataDirectory(config.dataDirectory, random)
    opened.push(() => data.release())
    const database = await LiveDatabase.open(config.database, log)
    opened.push(() => database.close())
    await migrate(database.kysely, MIGRATIONS)
    const custodyLog = await openLog({ config, data, database, log, clock })
    opened.push(() => custodyLog.stop())
    await writeLogAddress(data.log, config.database)
    const blobs = await openBlobStore(config)
    opened.push(async () => blobs.close())
    const parts = { config, data, database, custodyLog, blobStore: blobs.store, log, clock, overrides }
    const app = await putTogether(parts)
    opened.push(() => app.jobs.stop())
    await app.jobs.plan()
    const url = await listen(app, config)
    opened.push(() => drain(app))
    app.jobs.start()
    custodyLog.start()
    await greet(options, config, data, url)
    log.write({ event: 'server', state: 'ready' })
    options.onReady?.({ url, jobs: app.jobs, custodyLog, database })
    if (!options.signal.aborted) await once(options.signal, 'abort')
    log.write({ event: 'server', state: 'stopping' })
  } finally {
    for (const close of opened.reverse()) await close()
    log.write({ event: 'server', state: 'stopped' })
  }
}

interface Parts {
  readonly config: ServerConfig
  readonly data: DataDirectory
  readonly database: LiveDatabase
  readonly log: Log
  readonly clock: Clock
}

/** A name under .invalid (RFC 2606) is nobody's; a log that others are to follow gets a real one before the first start. */
function openLog({ config, data, database, log, clock }: Parts): Promise<CustodyLog> {
  const origin = config.logOrigin ?? `${Buffer.from(random(8)).toString('hex')}.saksi.invalid/log`
  return CustodyLog.open({ folder: data.log, origin, database, clock, log, random })
}

async function putTogether(
  parts: Parts & {
    readonly custodyLog: CustodyLog
    readonly blobStore: BlobStore
    readonly overrides: Overrides
  },
): Promise<App> {
  const { blobStore, config, custodyLog, data, database, log, clock, overrides } = parts
  return buildApp({
    database,
    blobStore,
    custody: custodyLog.custody,
    readLog: (path) => custodyLog.read(path),
    receiptsKey: formatVkey((await readKeyFile(join(data.log, 'keys', 'receipts.key'), 'receipts')).vkey),
    clock,
    log,
    random,
    secret: data.secret,
    settings: {
      origins: [...config.origins, ownOrigin(config)],
      setUpGate: setUpGateIn(data.path),
      isBehindProxy: config.isBehindProxy,
      needsInvite: config.needsInvite,
      limits: DEFAULT_LIMITS,
      quota: DEFAULT_QUOTA,
      ...overrides,
    },
  })
}

/** What staff sign for when they sign in: the address people type. */
function ownOrigin({ publicUrl, host, port }: ServerConfig): string {
  return new URL(publicUrl ?? `http://${host.includes(':') ? `[${host}]` : host}:${port}`).origin
}

async function listen({ http }: App, { host, port }: ServerConfig): Promise<string> {
  try {
    await http.listen({ host, port })
  } catch (cause) {
    throw new ServerError(
      'SERVER_ADDRESS',
      `The address ${host}:${port} cannot be used: something else may be listening there. Choose another with --port.`,
      { cause },
    )
  }
  // Listening on a port, it has an address of this form.
  const found = http.server.address() as AddressInfo
  return `http://${found.family === 'IPv6' ? `[${found.address}]` : found.address}:${found.port}`
}

async function greet(
  { newSetupLink, say }: RunOptions,
  config: ServerConfig,
  data: DataDirectory,
  url: string,
): Promise<void> {
  const setup = await readSetup(data.path)
  if (setup === null || newSetupLink === true) {
    const link = await makeSetupLink(data.path, config.publicUrl ?? url, random)
    say(`Set up your organisation with this link. It is shown once: ${link}`)
  } else if (setup.state === 'open') {
    say('Setting up is not finished. If the link is lost: saksi serve --new-setup-link')
  }
  say(`Saksi is ready: ${url}`)
}

async function drain({ http }: App): Promise<void> {
  const late = setTimeout(() => http.server.closeAllConnections(), DRAIN_MS)
  try {
    await http.close()
  } finally {
    clearTimeout(late)
  }
}

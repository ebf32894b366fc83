import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { DatabaseError } from '../errors.ts'
import { type DataDirectory, prepareDirectory, syncFolder } from './directory.ts'
import { packagedInstallation, readableInstallation } from './installation.ts'
import { EXIT, SERVER_SCRIPT } from './server-script.ts'

const PORT = 5432
const POLL_MS = 20
/** A server whose program was killed is gone in less than a second, unless it has much to write. */
const LOCK_WAIT_MS = 15_000
/** Answering for so long after we first met it, a server is not one that is about to go. */
const IN_USE_AFTER_MS = 1_000
/** Replaying what was not yet written at a crash can take minutes. */
const START_WAIT_MS = 10 * 60_000
const STOP_WAIT_MS = 60_000
const LOG_TAIL_CHARACTERS = 4_096
const ROLES = { user: 'saksi', admin: 'saksi_admin', database: 'saksi' } as const

export interface ServerOptions {
  readonly directory: string
  readonly runAs?: string
  readonly installation?: string
}

/** A running PostgreSQL that belongs to this program alone. */
export interface EmbeddedServer {
  readonly socketDirectory: string
  readonly port: number
  /** Owns the database and nothing else. */
  readonly user: string
  /** May do everything, also from within this program only. */
  readonly admin: string
  readonly database: string
  /** Shuts the server down and resolves when it is gone. Safe to call again. */
  stop(): Promise<void>
}

/**
 * Runs PostgreSQL in `directory`, set up there at the first time. It listens on a socket in a folder that only its user
 * can enter, lets in only the user of this program, and ends when this program ends, even if that is killed.
 *
 * Throws `DatabaseError`: DATA_DIRECTORY_IN_USE (another program has it open), DATA_DIRECTORY_NOT_OURS,
 * DATA_DIRECTORY_UNREACHABLE (by the user that PostgreSQL runs as), DATA_DIRECTORY_UNUSABLE, DATABASE_NO_USER,
 * DATABASE_UNSUPPORTED_SYSTEM, DATABASE_START_FAILED.
 */
export async function startServer(options: ServerOptions): Promise<EmbeddedServer> {
  const directory = await prepareDirectory(resolve(options.directory), options.runAs)
  const packaged = resolve(options.installation ?? packagedInstallation())
  const installation =
    process.geteuid?.() === 0 ? await readableInstallation(packaged, directory.path) : packaged
  const running = await takeAndStart(directory, installation).catch(async (error) => {
    if (directory.socket.isTemporary) await rm(directory.socket.path, { recursive: true, force: true })
    throw error
  })
  try {
    await setUp(directory)
    await syncFolder(directory.home)
  } catch (error) {
    await stop(running)
    throw error
  }
  return {
    ...ROLES,
    socketDirectory: directory.socket.path,
    port: PORT,
    stop: () => stop(running),
  }
}

interface Running {
  readonly child: ChildProcess
  /** The end of what it said, in its own words. */
  log: string
}

async function takeAndStart(directory: DataDirectory, installation: string): Promise<Running> {
  const firstTryMs = performance.now()
  for (;;) {
    const running = launch(directory, installation)
    const outcome = await ready(running, directory)
    if (outcome === 'ready') return running
    if (outcome !== 'locked') throw startFailure(outcome, running, directory)
    const waitedMs = performance.now() - firstTryMs
    const isServing = waitedMs > IN_USE_AFTER_MS && (await isAnswering(await socketInUse(directory)))
    if (isServing || waitedMs > LOCK_WAIT_MS) {
      throw new DatabaseError(
        'DATA_DIRECTORY_IN_USE',
        'Another running Saksi has this database open, or is still closing it. Nothing was changed. Stop it first.',
      )
    }
    await sleep(POLL_MS)
  }
}

function launch(directory: DataDirectory, installation: string): Running {
  const { home, socket, hbaFile, identFile, user } = directory
  const script = [
    home,
    installation,
    socket.path,
    socket.isTemporary ? 'temporary' : 'kept',
    hbaFile,
    identFile,
  ]
  const child = spawn('/bin/sh', ['-c', SERVER_SCRIPT, 'saksi-postgresql', ...script], {
    cwd: '/',
    // Nothing of ours: PostgreSQL takes settings from variables, and its children can be read.
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
    stdio: ['pipe', 'ignore', 'pipe'],
    detached: true,
    ...(user.uid === process.geteuid?.() ? {} : { uid: user.uid, gid: user.gid }),
  })
  const running: Running = { child, log: '' }
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    running.log = (running.log + text).slice(-LOG_TAIL_CHARACTERS)
  })
  // Its end is learnt from 'exit'; the pipe only breaks with it.
  child.stdin?.on('error', () => undefined)
  child.on('error', () => undefined)
  return running
}

/** Until it answers, or has ended: with which status. */
async function ready(running: Running, directory: DataDirectory): Promise<'ready' | 'locked' | number> {
  const deadlineMs = performance.now() + START_WAIT_MS
  const { child } = running
  while (performance.now() < deadlineMs) {
    const status = child.pid === undefined ? -1 : child.exitCode
    if (
      status === EXIT.locked ||
      (status !== null && running.log.includes('"postmaster.pid" already exists'))
    ) {
      return 'locked'
    }
    if (status !== null || child.signalCode !== null) return status ?? -1
    if (running.log.includes('ready to accept connections') && (await isAnswering(directory.socket.path))) {
      return 'ready'
    }
    await sleep(POLL_MS)
  }
  await stop(running)
  return -1
}

function startFailure(status: number, running: Running, directory: DataDirectory): DatabaseError {
  if (status === EXIT.unreachable) {
    return new DatabaseError(
      'DATA_DIRECTORY_UNREACHABLE',
      `PostgreSQL does not run as root. It runs as ${directory.user.name}, who may not enter the folder of the database. Choose one that every user may reach, such as /var/lib/saksi.`,
    )
  }
  return new DatabaseError('DATABASE_START_FAILED', `PostgreSQL could not be started (status ${status}).`, {
    cause: new Error(running.log),
  })
}

/**
 * The server that another program runs in `directory` now, or null. It is not ours to stop: `stop` does nothing. Throws
 * `DatabaseError` as `prepareDirectory`.
 */
export async function runningServer(path: string): Promise<EmbeddedServer | null> {
  const directory = await prepareDirectory(resolve(path), undefined)
  const socketDirectory = await socketInUse(directory)
  if (directory.socket.isTemporary) await rm(directory.socket.path, { recursive: true, force: true })
  if (!(await isAnswering(socketDirectory))) return null
  return { ...ROLES, socketDirectory, port: PORT, stop: async () => undefined }
}

/** Where the server that has the folder now listens: PostgreSQL writes it into the fifth line of its lock file. */
async function socketInUse(directory: DataDirectory): Promise<string> {
  const lock = await readFile(join(directory.home, 'cluster', 'postmaster.pid'), 'utf8').catch(() => '')
  return lock.split('\n')[4] || directory.socket.path
}

async function isAnswering(socketDirectory: string): Promise<boolean> {
  try {
    await asAdmin(socketDirectory, 'postgres', (client) => client.query('select 1'))
    return true
  } catch {
    return false
  }
}

async function asAdmin(
  host: string,
  database: string,
  work: (client: pg.Client) => Promise<unknown>,
): Promise<void> {
  const client = new pg.Client({
    host,
    port: PORT,
    user: 'saksi_admin',
    database,
    connectionTimeoutMillis: 10_000,
  })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await work(client)
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** Each step only when it is missing: the first start may have been cut short anywhere. */
async function setUp(directory: DataDirectory): Promise<void> {
  await asAdmin(directory.socket.path, 'postgres', async (client) => {
    const missing = async (statement: string) => (await client.query(statement)).rowCount === 0
    if (await missing("select 1 from pg_roles where rolname = 'saksi'")) {
      await client.query('create role saksi login')
    }
    if (await missing("select 1 from pg_database where datname = 'saksi'")) {
      await client.query('create database saksi owner saksi')
    }
  })
}

async function stop({ child }: Running): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  const ended = once(child, 'exit')
  child.stdin?.end()
  const patience = new AbortController()
  const isLate = sleep(STOP_WAIT_MS, true, { signal: patience.signal }).catch(() => false)
  if (await Promise.race([ended.then(() => false), isLate])) {
    // PostgreSQL ends at once on SIGQUIT and loses nothing that was committed. The group is the shell's and the server's.
    process.kill(-child.pid, 'SIGQUIT')
    await ended
  }
  patience.abort()
}

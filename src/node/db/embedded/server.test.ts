import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, cpSync, lstatSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { postgres15Installation } from '../../testing/postgres-15.ts'
import {
  copyFolder,
  makeTemporaryFolder,
  removeFolder,
  temporaryFolder,
} from '../../testing/temporary-folder.ts'
import { type Database, openDatabase } from '../index.ts'
import { prepareDirectory } from './directory.ts'
import { packagedInstallation } from './installation.ts'
import { SERVER_SCRIPT } from './server-script.ts'
import { ownUser, serverUser } from './server-user.ts'

const WRITER = fileURLToPath(new URL('killed-writer.ts', import.meta.url))
const isRoot = process.geteuid?.() === 0

async function open(
  directory: string,
  more: { installation?: string; runAs?: string } = {},
): Promise<Database<unknown>> {
  const database = await openDatabase({ directory, ...more })
  onTestFinished(() => database.close(), 60_000)
  return database
}

/** A folder in which the database was set up, then closed, and nothing else was done. */
let prepared: string
beforeAll(async () => {
  prepared = makeTemporaryFolder()
  const database = await openDatabase({ directory: prepared })
  await sql`create table notes (note int8 primary key)`.execute(database.kysely)
  await database.close()
}, 60_000)
afterAll(() => removeFolder(prepared))

function preparedFolder(): string {
  const folder = temporaryFolder()
  copyFolder(prepared, folder)
  return folder
}

async function versionOf(database: Database<unknown>): Promise<string | undefined> {
  const { rows } = await sql<{
    version: string
  }>`select current_setting('server_version') as version`.execute(database.kysely)
  return rows[0]?.version
}

interface Writer {
  readonly child: ChildProcess
  output: string
}

function startWriter(command: readonly string[], as: { uid?: number; gid?: number } = {}): Writer {
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'inherit'], cwd: '/', ...as })
  const writer: Writer = { child, output: '' }
  child.stdout?.setEncoding('latin1').on('data', (text: string) => {
    writer.output += text
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  return writer
}

const byTsx = (directory: string, ...more: string[]) => [
  '--import',
  import.meta.resolve('tsx'),
  WRITER,
  directory,
  ...more,
]

async function untilSaid(writer: Writer, text: string): Promise<void> {
  await expect.poll(() => writer.output, { timeout: 30_000, interval: 5 }).toContain(text)
}

/** Programs of the server in `directory` that are running, found by their arguments and their folder. */
function serverProcesses(directory: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ')
        const isOurs = command.includes(directory) && /postgres|saksi-postgresql/.test(command)
        return isOurs ? [`${pid} ${command}`] : []
      } catch {
        return []
      }
    })
}

it('keeps what was written, in folders closed to others, and leaves nothing running', async () => {
  const directory = preparedFolder()
  const first = await openDatabase({ directory })
  expect(await versionOf(first)).toBe('18.4')
  await sql`insert into notes values (7)`.execute(first.kysely)
  expect(serverProcesses(directory)).not.toEqual([])
  await first.close()
  await first.close()
  expect(serverProcesses(directory)).toEqual([])

  const again = await open(directory)
  expect((await sql`select note from notes`.execute(again.kysely)).rows).toEqual([{ note: '7' }])
  const modeOf = (...names: string[]) => lstatSync(join(directory, ...names)).mode & 0o777
  // As root, whom PostgreSQL refuses, its user's group may pass through the outer folder; no one else may.
  expect(modeOf()).toBe(isRoot ? 0o710 : 0o700)
  for (const names of [[], ['cluster'], ['socket']]) expect(modeOf('postgresql', ...names)).toBe(0o700)
}, 60_000)

it('uses an account without special rights, listens to no network and logs no statements', async () => {
  const database = await open(preparedFolder())
  const { rows } = await sql`select current_user::text as "user", rolsuper as "isSuper",
    current_setting('listen_addresses') as "addresses", current_setting('log_min_error_statement') as "logged"
    from pg_roles where rolname = current_user`.execute(database.kysely)
  expect(rows).toEqual([{ user: 'saksi', isSuper: false, addresses: '', logged: 'panic' }])
}, 60_000)

it('refuses a second opening of one folder, in this program and in another, and the first goes on', async () => {
  const directory = preparedFolder()
  const first = await open(directory)
  await expect(openDatabase({ directory })).rejects.toMatchObject({ code: 'DATA_DIRECTORY_IN_USE' })
  const other = startWriter(byTsx(directory))
  await once(other.child, 'close')
  expect(other.output).toBe('DATA_DIRECTORY_IN_USE\n')
  expect(await versionOf(first)).toBe('18.4')
}, 60_000)

it('lets exactly one of several openings at once have a new folder', async () => {
  const directory = temporaryFolder()
  const outcomes = await Promise.allSettled(Array.from({ length: 3 }, () => open(directory)))
  const refusals = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason.code] : []))
  expect(refusals).toEqual(['DATA_DIRECTORY_IN_USE', 'DATA_DIRECTORY_IN_USE'])
}, 60_000)

it('leaves no server behind when its program is killed, and loses no row that was acknowledged', async () => {
  const directory = temporaryFolder()
  let promised = -1
  for (const kill of ['while it starts', 'early', 'later']) {
    const writer = startWriter(byTsx(directory))
    await untilSaid(writer, kill === 'while it starts' ? '' : kill === 'early' ? 'open' : 'added')
    if (kill === 'while it starts') {
      await expect.poll(() => serverProcesses(directory), { timeout: 30_000, interval: 5 }).not.toEqual([])
    }
    const ended = once(writer.child, 'close')
    writer.child.kill('SIGKILL')
    await ended
    const added = [...writer.output.matchAll(/^added (\d+)$/gm)].map((match) => Number(match[1]))
    promised = Math.max(promised, ...added)
    if (kill === 'later') continue
    await expect.poll(() => serverProcesses(directory), { timeout: 60_000 }).toEqual([])
  }
  // At once, while the server of the killed program may still be shutting down.
  const database = await open(directory)
  const { rows } = await sql<{ count: string }>`select count(*) as count from notes`.execute(database.kysely)
  expect(promised).toBeGreaterThanOrEqual(0)
  expect(Number(rows[0]?.count)).toBeGreaterThan(promised)
}, 180_000)

it('leaves no server behind when its program is gone before the server has begun', async () => {
  const directory = preparedFolder()
  const { user, ...prepared } = await prepareDirectory(directory, undefined)
  const args = [prepared.home, packagedInstallation(), prepared.socket.path, 'kept', prepared.hbaFile]
  for (let round = 0; round < 10; round++) {
    // Its standard input is closed from the start.
    const child = spawn('/bin/sh', ['-c', SERVER_SCRIPT, 'saksi-postgresql', ...args, prepared.identFile], {
      cwd: '/',
      stdio: 'ignore',
      ...(isRoot ? { uid: user.uid, gid: user.gid } : {}),
    })
    const [status] = await once(child, 'exit')
    expect(status).toBe(0)
    // The watcher, killed with the shell's last breath, may take a moment.
    await expect.poll(() => serverProcesses(directory), { timeout: 20_000 }).toEqual([])
  }
}, 60_000)

it('reports a server that was killed, and recovers what was committed at the next opening', async () => {
  const directory = preparedFolder()
  const database = await open(directory)
  await sql`insert into notes values (1)`.execute(database.kysely)
  const pidFile = readFileSync(join(directory, 'postgresql', 'cluster', 'postmaster.pid'), 'utf8')
  process.kill(Number(pidFile.split('\n')[0]), 'SIGKILL')
  await expect
    .poll(() => versionOf(database).catch((error) => error.code ?? error.cause?.code), { timeout: 10_000 })
    .not.toBe('18.4')
  await database.close()
  const again = await open(directory)
  expect((await sql`select note from notes`.execute(again.kysely)).rows).toEqual([{ note: '1' }])
}, 60_000)

describe('with an installation in a place of its own', () => {
  let place: string
  let installation: string
  beforeAll(() => {
    place = makeTemporaryFolder()
    installation = join(place, 'native')
    cpSync(packagedInstallation(), installation, { recursive: true, verbatimSymlinks: true })
  }, 60_000)
  afterAll(() => removeFolder(place))

  it('works from a checkout that only its owner can read', async () => {
    chmodSync(place, 0o700)
    const directory = preparedFolder()
    const copies = () => readdirSync(directory).filter((name) => /^(postgresql-|copying-)/.test(name))
    for (let opening = 0; opening < 2; opening++) {
      const database = await openDatabase({ directory, installation })
      expect(await versionOf(database)).toBe('18.4')
      await database.close()
      expect(copies()).toHaveLength(isRoot ? 1 : 0)
    }
  }, 60_000)

  it('works as an ordinary user', async () => {
    const { uid, gid } = serverUser(ownUser(), undefined, null)
    chmodSync(place, 0o755)
    const directory = join(place, 'data')
    mkdirSync(directory)
    if (isRoot) chownSync(directory, uid, gid)
    // Bundled: the checkout itself may lie where that user cannot read it.
    await build({
      logLevel: 'silent',
      configFile: false,
      build: {
        ssr: WRITER,
        outDir: place,
        emptyOutDir: false,
        target: 'node20',
        rollupOptions: { output: { entryFileNames: 'writer.mjs' } },
      },
      ssr: { noExternal: true },
    })
    const writer = startWriter([join(place, 'writer.mjs'), directory, installation, '3'], { uid, gid })
    await once(writer.child, 'close')
    expect(writer.output).toBe('open\nadded 0\nadded 1\nadded 2\nclosed\n')
    expect(lstatSync(directory).mode & 0o777).toBe(0o700)
    expect(lstatSync(join(directory, 'postgresql')).uid).toBe(uid)
  }, 60_000)
})

it('refuses a folder of another user before it changes anything', async () => {
  const directory = isRoot ? temporaryFolder() : '/'
  if (isRoot) chownSync(directory, 54_321, 54_321)
  await expect(openDatabase({ directory })).rejects.toMatchObject({ code: 'DATA_DIRECTORY_NOT_OURS' })
  if (isRoot) expect(readdirSync(directory)).toEqual([])
})

it('says that a folder cannot be reached or written to', async () => {
  const closed = temporaryFolder()
  if (!isRoot) chmodSync(closed, 0o500)
  const code = isRoot ? 'DATA_DIRECTORY_UNREACHABLE' : 'DATA_DIRECTORY_UNUSABLE'
  await expect(openDatabase({ directory: join(closed, 'data') })).rejects.toMatchObject({ code })
  await expect(openDatabase({ directory: '/dev/null/data' })).rejects.toMatchObject({
    code: 'DATA_DIRECTORY_UNUSABLE',
  })
})

it('opens in a folder whose path is too long for a socket, and leaves nothing elsewhere', async () => {
  const socketFolders = () => readdirSync('/tmp').filter((name) => name.startsWith('saksi-socket-'))
  const before = socketFolders()
  const outer = temporaryFolder()
  if (isRoot) chmodSync(outer, 0o711)
  const directory = join(outer, 'a'.repeat(100))
  mkdirSync(directory)
  copyFolder(prepared, directory)
  const database = await openDatabase({ directory })
  expect(await versionOf(database)).toBe('18.4')
  const made = socketFolders().filter((name) => !before.includes(name))
  expect(made).toHaveLength(1)
  await expect(openDatabase({ directory })).rejects.toMatchObject({ code: 'DATA_DIRECTORY_IN_USE' })
  await database.close()
  expect(socketFolders().filter((name) => !before.includes(name))).toEqual([])
}, 60_000)

it('refuses data that another version of PostgreSQL has written, and leaves them as they are', async () => {
  const directory = preparedFolder()
  const installation = postgres15Installation()
  await expect(openDatabase({ directory, installation })).rejects.toMatchObject({
    code: 'DATABASE_START_FAILED',
  })
  expect(await versionOf(await open(directory))).toBe('18.4')
}, 60_000)

it('says that there is no user to run as', async () => {
  const own = { uid: 0, gid: 0, name: 'root' }
  expect(() => serverUser(own, 'no-such-user-of-saksi', null)).toThrow(
    expect.objectContaining({ code: 'DATABASE_NO_USER' }),
  )
  expect(() => serverUser(own, 'root', null)).toThrow(expect.objectContaining({ code: 'DATABASE_NO_USER' }))
  expect(serverUser({ uid: 7, gid: 7, name: 'somebody' }, undefined, null).name).toBe('somebody')
  expect(serverUser(own, undefined, null).uid).not.toBe(0)
})

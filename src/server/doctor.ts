import { lstat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import type { health } from '#contract/health.ts'
import type { Output } from '#contract/operation.ts'
import type { Finding, ServerOptions } from '#contract/program.ts'
import { AppError } from '#lib/errors/index.ts'
import { type DatabaseTarget, openDatabase } from '#node/db/index.ts'
import { createClient } from '../client/index.ts'
import { readConfig, type ServerConfig } from './config.ts'
import { readSetup } from './data/index.ts'
import { lookAtLog, lookAtOrganisation } from './doctor-organisation.ts'
import { MIGRATIONS } from './schema/migrations/index.ts'
import type { Tables } from './schema/tables.ts'

const LOW_BYTES = 2 * 1024 ** 3
const VERY_LOW_BYTES = 256 * 1024 ** 2
const GROUP_AND_OTHERS = 0o077
const MAX_CLOCK_DIFFERENCE_MS = 5_000

/** Looks at everything a server needs, whether it runs or not, and changes nothing but what starting it would change. */
export async function doctor(options: ServerOptions): Promise<readonly Finding[]> {
  const config = readConfig(options)
  const path = config.dataDirectory
  if ((await lstat(path).catch(() => null)) === null) {
    return [
      {
        what: 'data directory',
        state: 'note',
        says: `${path} is not there yet.`,
        advice: 'Start the server once with: saksi serve',
      },
    ]
  }
  const running = await answers(config)
  return [
    ...(await permissions(path)),
    await disk(path),
    clock(),
    running !== null
      ? { what: 'server', state: 'well', says: 'It is running and accepts reports.' }
      : {
          what: 'server',
          state: 'note',
          says: 'It is not running at the address given.',
          advice: 'saksi serve',
        },
    ...(running === null ? [] : matcherFinding(running)),
    ...(await database(config)),
    await setup(path),
  ]
}

/** What a running server says of itself, or null when none answers. */
async function answers({ host, port }: ServerConfig): Promise<Output<typeof health.check> | null> {
  const baseUrl = `http://${host.includes(':') ? `[${host}]` : host}:${port}`
  const client = createClient({ baseUrl, signal: AbortSignal.timeout(3_000) })
  return client.health.check().catch(() => null)
}

function matcherFinding({ needs }: Output<typeof health.check>): Finding[] {
  if (needs.includes('set-up')) return []
  if (!needs.includes('matcher'))
    return [{ what: 'matcher', state: 'well', says: 'Pictures that come in are matched.' }]
  return [
    {
      what: 'matcher',
      state: 'note',
      says: 'It is closed: pictures that come in are kept and not matched.',
      advice: 'A supervisor or match officer opens it by signing in. After each start it is closed.',
    },
  ]
}

async function permissions(path: string): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const [name, closed] of [
    ['', 0o067],
    ['keys', GROUP_AND_OTHERS],
    ['keys/server.secret', GROUP_AND_OTHERS],
    ['log/keys/log.key', GROUP_AND_OTHERS],
    ['log/keys/receipts.key', GROUP_AND_OTHERS],
    ['blobs', GROUP_AND_OTHERS],
  ] as const) {
    const found = await lstat(join(path, name)).catch(() => null)
    if (found === null || (found.mode & closed) === 0) continue
    findings.push({
      what: 'permissions',
      state: 'bad',
      says: `${join(path, name)} can be read by other users of this machine.`,
      advice: `chmod go-rwx ${join(path, name)}`,
    })
  }
  if (findings.length > 0) return findings
  return [{ what: 'permissions', state: 'well', says: 'Only this user can read keys and files.' }]
}

async function disk(path: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(path)
  const free = bavail * bsize
  const says = `${(free / 1024 ** 3).toFixed(1)} GiB free in ${path}.`
  if (free >= LOW_BYTES) return { what: 'disk', state: 'well', says }
  const advice = 'Make room, or move the data directory to a larger disk: a full disk takes no reports in.'
  return { what: 'disk', state: free < VERY_LOW_BYTES ? 'bad' : 'note', says, advice }
}

function clock(): Finding {
  const now = new Date()
  const says = `It is ${now.toISOString().slice(0, 16)}Z here.`
  if (now.getUTCFullYear() >= 2026) return { what: 'clock', state: 'well', says }
  return {
    what: 'clock',
    state: 'bad',
    says,
    advice: 'Set the clock: receipts carry the day, and nonces and deadlines depend on it.',
  }
}

/** Of a running server of ours the socket; otherwise the database itself, which is closed again. */
async function database(config: ServerConfig): Promise<Finding[]> {
  try {
    return await lookInside(config.database)
  } catch (error) {
    if (
      error instanceof AppError &&
      error.code === 'DATA_DIRECTORY_IN_USE' &&
      'directory' in config.database
    ) {
      const socket = join(config.database.directory, 'postgresql', 'socket')
      const url = `postgres://saksi@${encodeURIComponent(socket)}/saksi`
      return lookInside({ url }).catch(badDatabase)
    }
    return badDatabase(error)
  }
}

function badDatabase(error: unknown): Finding[] {
  const says = error instanceof AppError ? `${error.message} [${error.code}]` : 'It cannot be opened.'
  return [
    {
      what: 'database',
      state: 'bad',
      says,
      advice: 'Nothing is lost by that. Start it, or put back a backup.',
    },
  ]
}

async function lookInside(target: DatabaseTarget): Promise<Finding[]> {
  const opened = await openDatabase<Tables>(target, { maxConnections: 1, connectTimeoutMs: 5_000 })
  try {
    const { kysely } = opened
    const { rows } = await sql<{ now: Date; isMigrated: boolean; isDurable: boolean }>`
      select now() as now, to_regclass('migrations') is not null as "isMigrated",
        current_setting('fsync') = 'on' and current_setting('full_page_writes') = 'on' as "isDurable"
    `.execute(kysely)
    const [facts] = rows
    if (facts?.isMigrated !== true) {
      return [{ what: 'database', state: 'note', says: 'It is empty yet.', advice: 'saksi serve' }]
    }
    const done = await kysely.selectFrom('migrations').select('id').execute()
    return [
      schemaFinding(done.length),
      durability(facts.isDurable),
      clocks(facts.now),
      await lookAtLog(kysely),
      // Columns of a schema that is not up to date may not be there.
      ...(done.length === MIGRATIONS.length ? await lookAtOrganisation(kysely, new Date()) : []),
    ]
  } finally {
    await opened.close()
  }
}

function schemaFinding(steps: number): Finding {
  if (steps === MIGRATIONS.length)
    return { what: 'database', state: 'well', says: 'It answers, and is up to date.' }
  return {
    what: 'database',
    state: steps < MIGRATIONS.length ? 'note' : 'bad',
    says: `It has been through ${steps} of the ${MIGRATIONS.length} steps this program knows.`,
    advice:
      steps < MIGRATIONS.length
        ? 'The next start of the server does the rest.'
        : 'Install the newer Saksi again.',
  }
}

function durability(isDurable: boolean): Finding {
  if (isDurable) return { what: 'durability', state: 'well', says: 'What is acknowledged is on the disk.' }
  return {
    what: 'durability',
    state: 'bad',
    says: 'The database does not write to the disk before it answers.',
    advice: 'Turn fsync and full_page_writes on: an acknowledged report could be lost.',
  }
}

function clocks(databaseNow: Date): Finding {
  const differenceMs = Math.abs(databaseNow.getTime() - Date.now())
  const says = `The clock of the database differs by ${(differenceMs / 1000).toFixed(1)} s.`
  if (differenceMs <= MAX_CLOCK_DIFFERENCE_MS) return { what: 'clocks', state: 'well', says }
  return { what: 'clocks', state: 'bad', says, advice: 'Set both clocks by NTP.' }
}

async function setup(path: string): Promise<Finding> {
  const found = await readSetup(path).catch(() => null)
  if (found?.state === 'done') return { what: 'set-up', state: 'well', says: 'It is finished.' }
  return {
    what: 'set-up',
    state: 'note',
    says: 'It is not finished: nobody can read reports yet.',
    advice: 'Open the link that the first start printed. If it is lost: saksi serve --new-setup-link',
  }
}

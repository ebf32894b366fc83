import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, textToUtf8 } from '#lib/bytes/index.ts'
import {
  type CustodyRecord,
  emptyRoot,
  formatCheckpoint,
  isOrigin,
  noteKey,
  type Opening,
  parsePolicy,
  receiptKeyName,
  signNote,
} from '#lib/tlog/index.ts'
import { isMissing } from '../is-missing.ts'
import { promised } from './accept.ts'
import { FOR_ALL, OWNER_ONLY, replaceFile, syncFolder } from './durable-file.ts'
import { LogStoreError, writeFailed } from './errors.ts'
import { createKeyFile } from './key-file.ts'
import { type LogLayout, logLayout } from './layout.ts'
import { arrivalOf } from './log-store.ts'
import { Openings } from './openings.ts'
import { writePending } from './pending.ts'
import { parseWitness, policyText } from './policy-text.ts'
import { createPostgresLog, type FirstState, type LogDatabase, openOwnDatabase } from './postgres/index.ts'
import { instantText } from './schedule.ts'
import { type LogSettings, MAX_INTERVAL_MINUTES, MIN_INTERVAL_MINUTES } from './settings.ts'
import { createSigned, writeHighWater } from './signed.ts'

export interface InitLogOptions {
  /** Name of the log for all time: a URL without its scheme, with a path. */
  readonly origin: string
  /** `<vkey>@<url>` of each witness. */
  readonly witnesses?: readonly string[]
  /** How many witnesses must have seen a checkpoint; more than half of them unless told. */
  readonly quorum?: number
  readonly intervalMinutes?: number
  /** Folders for keys and openings, when they are to lie elsewhere than in the log's folder. */
  readonly keys?: string
  readonly openings?: string
  /** An open database, or its address: then all but the keys lies there. The address is kept with the keys. */
  readonly database?: LogDatabase | string
  readonly now: () => Date
  readonly random: (bytes: number) => Uint8Array
}

/**
 * Makes a log: keys, policy, an empty tree, and its first record waiting for the first checkpoint. The folder appears as
 * a whole or not at all; with `database` it holds settings and keys, and the rest is committed there in one transaction
 * after it. Throws `LOG_SETTINGS`, `LOG_EXISTS`, `LOG_WRITE_FAILED`, `DATABASE_*`, and `TlogError` for a witness key that
 * is none.
 */
export async function initLog(folder: string, options: InitLogOptions): Promise<void> {
  const settings = checkedSettings(options)
  await assertFree(folder)
  const unfinished = `${resolve(folder)}.new`
  try {
    await rm(unfinished, { recursive: true, force: true })
    await mkdir(unfinished, { recursive: true })
    const layout = logLayout(unfinished, settings)
    const first = await makeFirst(layout, settings, options)
    if (options.database === undefined) await fillFolder(layout, settings, first)
    else await writeDatabaseAddress(layout, options.database)
    const putInPlace = async (): Promise<void> => {
      await rename(unfinished, folder)
      await syncFolder(dirname(resolve(folder)))
    }
    if (options.database === undefined) await putInPlace()
    else await fillDatabase(options.database, first, putInPlace)
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true })
    throw error instanceof Error && 'code' in error && error.code === 'ENOTEMPTY' ? exists(folder) : error
  }
}

function checkedSettings({
  origin,
  intervalMinutes = 60,
  keys,
  openings,
  database,
}: InitLogOptions): LogSettings {
  if (!isOrigin(origin) || !/^[^/]+\/.*[^/]$/.test(origin) || /^[a-z]+:/.test(origin)) {
    throw new LogStoreError(
      'LOG_SETTINGS',
      'The origin is the address of the log without https://, with a path, such as custody.example.org/log. It stays the same for ever.',
    )
  }
  if (receiptKeyName(origin) === origin) {
    throw new LogStoreError(
      'LOG_SETTINGS',
      'The last part of the origin cannot be "receipts": that is the name of the key for receipts.',
    )
  }
  const isWhole = Number.isInteger(intervalMinutes) && (24 * 60) % intervalMinutes === 0
  if (!isWhole || intervalMinutes < MIN_INTERVAL_MINUTES || intervalMinutes > MAX_INTERVAL_MINUTES) {
    throw new LogStoreError(
      'LOG_SETTINGS',
      'The interval is 5 to 1440 minutes and divides a day evenly, such as 15, 60 or 1440.',
    )
  }
  return {
    saksiLog: 1,
    origin,
    intervalMinutes,
    keys: keys === undefined ? 'keys' : resolve(keys),
    openings: openings === undefined ? 'openings' : resolve(openings),
    ...(database !== undefined && { storage: 'database' as const }),
  }
}

/** Makes keys and settings, and what the log begins with. */
async function makeFirst(
  layout: LogLayout,
  settings: LogSettings,
  options: InitLogOptions,
): Promise<FirstState> {
  const { origin, intervalMinutes } = settings
  const witnesses = (options.witnesses ?? []).map(parseWitness)
  const log = noteKey(origin, options.random(32))
  const policy = policyText([log.vkey], witnesses, options.quorum)
  // Before anything is written: keys that lie elsewhere would be left behind.
  parsePolicy(policy, { allowNoWitness: true })
  await mkdir(dirname(layout.logKey), { recursive: true, mode: 0o700 })
  await createKeyFile(layout.logKey, 'log', origin, log.seed)
  await createKeyFile(layout.receiptsKey, 'receipts', receiptKeyName(origin), options.random(32))
  await writeHighWater(layout.highWater, origin, 0)
  await replaceFile(layout.settings, `${JSON.stringify(settings, null, 2)}\n`, OWNER_ONLY)
  const now = options.now()
  const genesis = genesisRecord(origin, policy, options)
  const arrival = arrivalOf(genesis)
  return {
    origin,
    policy,
    signed: { size: 0, root: emptyRoot(), at: instantText(now) },
    // Every log begins empty, so this never contradicts anything: with it a witness can be asked how far it is.
    note: signNote(formatCheckpoint({ origin, size: 0, root: emptyRoot() }), [log]),
    genesis,
    pending: promised(arrival, { now, intervalMinutes }),
  }
}

async function fillFolder(layout: LogLayout, { origin }: LogSettings, first: FirstState): Promise<void> {
  await mkdir(layout.served, { recursive: true })
  await mkdir(dirname(layout.signed), { recursive: true, mode: 0o700 })
  await Openings.create(layout.openings)
  // It may lie elsewhere, where nothing else is written that would make its name durable.
  await syncFolder(layout.openings)
  await replaceFile(layout.policy, first.policy, FOR_ALL)
  await createSigned(layout.signed, origin, first.signed)
  await new Openings(layout.openings).keep(first.genesis)
  await writePending(layout.pending, origin, [first.pending])
  await replaceFile(layout.note, first.note, OWNER_ONLY)
}

async function writeDatabaseAddress(layout: LogLayout, database: LogDatabase | string): Promise<void> {
  if (typeof database === 'string') await replaceFile(layout.databaseAddress, `${database}\n`, OWNER_ONLY)
}

async function fillDatabase(
  database: LogDatabase | string,
  first: FirstState,
  beforeCommit: () => Promise<void>,
): Promise<void> {
  if (typeof database !== 'string') return createPostgresLog(database, first, beforeCommit)
  const own = await openOwnDatabase(database)
  try {
    await createPostgresLog(own.kysely, first, beforeCommit)
  } finally {
    await own.close()
  }
}

/** The first record of the log: under which rules it begins. Everybody may read it. */
function genesisRecord(origin: string, policy: string, { now, random }: InitLogOptions): Opening {
  const policySha256 = bytesToHex(sha256(textToUtf8(policy) ?? new Uint8Array(0)))
  const record: CustodyRecord = {
    v: 1,
    type: 'log.genesis',
    id: bytesToHex(random(16)),
    log: origin,
    at: instantText(now()),
    by: { role: 'system', key: 'system' },
    body: { policySha256, spec: 'saksi-leaf/v1' },
  }
  return { salt: random(32), record }
}

async function assertFree(folder: string): Promise<void> {
  try {
    if ((await readdir(folder)).length > 0) throw exists(folder)
  } catch (error) {
    if (error instanceof LogStoreError) throw error
    if (!isMissing(error)) throw writeFailed(error)
  }
}

function exists(folder: string): LogStoreError {
  return new LogStoreError(
    'LOG_EXISTS',
    `${folder} is there already and not empty. A log is made in a new folder.`,
  )
}

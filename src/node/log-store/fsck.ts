import { bytesToBase64, equalBytes } from '#lib/bytes/index.ts'
import { AppError } from '#lib/errors/index.ts'
import { commitmentOf, formatVkey, parsePolicy, type VerifiedCheckpoint } from '#lib/tlog/index.ts'
import { checkTree } from './check-tree.ts'
import { type LogFault, LogStoreError } from './errors.ts'
import { readKeyFile } from './key-file.ts'
import type { LogLayout } from './layout.ts'
import { type LogPlace, type OpenedStorage, policyOf, withStorage } from './open-storage.ts'
import type { Pending } from './pending.ts'
import { newestOf, readHighWater, type Signed } from './signed.ts'
import type { LogStorage, ReadResource } from './storage.ts'
import { storedCommitments, storedRoot } from './tile-files.ts'
import { fault, verifyServed } from './verify-log.ts'

export interface LogReport {
  readonly origin: string
  readonly published: VerifiedCheckpoint | null
  /** Size that was signed last. */
  readonly signedSize: number
  /** Accepted, and not yet in the signed tree. */
  readonly pendingCount: number
  /** Records that can be opened here. */
  readonly openingCount: number
  readonly faults: readonly LogFault[]
}

/**
 * Checks everything of a log, changes nothing, and takes no lock: what is served, as `verifyServed` does; that every
 * root ever signed follows from the entries; the journals; the keys and who may read them; that every opening belongs to
 * an entry or to something that waits. Gathers all faults. Throws `LOG_NOT_FOUND`, and `LOG_DAMAGED` when the settings or
 * the policy cannot be read at all.
 */
export async function checkLog(place: LogPlace, now = new Date()): Promise<LogReport> {
  return withStorage(place, (opened) => check(opened, now))
}

async function check({ settings, layout, storage }: OpenedStorage, now: Date): Promise<LogReport> {
  const policy = parsePolicy(await policyOf(storage), { allowNoWitness: true })
  const faults: LogFault[] = []
  const gather = <Value>(where: string, work: Promise<Value>): Promise<Value | null> =>
    work.catch((error: unknown) => {
      faults.push(faultOf(where, error))
      return null
    })
  const served = await gather('served', verifyServed(storage, policy))
  faults.push(...(served?.faults ?? []))
  const signedSize = await gather('state/signed.jsonl', checkSigned({ settings, layout, storage }, faults))
  const pending = await gather('state/pending.jsonl', storage.readPending())
  faults.push(...overdue(pending ?? [], now))
  await gather('state/batch.json', storage.readBatch())
  await gather(
    'keys',
    checkKeys(
      layout,
      policy.logs.map(({ vkey }) => formatVkey(vkey)),
    ),
  )
  const known = new Set(pending?.map(({ commitment }) => commitment))
  const openingCount = await gather('openings', checkOpenings(storage, signedSize ?? 0, known, faults))
  return {
    origin: settings.origin,
    published: served?.published ?? null,
    signedSize: signedSize ?? 0,
    pendingCount: known.size,
    openingCount: openingCount ?? 0,
    faults,
  }
}

/** An entry that is not in the log when it was promised is a broken promise that its author can prove. */
function overdue(pending: readonly Pending[], now: Date): LogFault[] {
  const count = pending.filter(({ mergeBy }) => Date.parse(mergeBy) < now.getTime()).length
  return count === 0
    ? []
    : [
        fault(
          'LOG_MERGE_OVERDUE',
          'state/pending.jsonl',
          `${count} accepted entries were promised to be in the log by now`,
        ),
      ]
}

/** Every root that was signed must follow from the entries that are there now. Gives the newest size. */
async function checkSigned(
  { settings, layout, storage }: OpenedStorage,
  faults: LogFault[],
): Promise<number> {
  const rows = await storage.readSigned()
  const newest = newestOf(rows)
  const treeFaults = await checkTree(storage.read, newest.size)
  const wrong = treeFaults.length > 0 ? [] : await wrongRoots(storage.read, rows)
  faults.push(...treeFaults.filter(({ where }) => !faults.some((known) => known.where === where)), ...wrong)
  const highWater = await readHighWater(layout.highWater, settings.origin)
  if (highWater > newest.size) {
    faults.push(fault('LOG_RESTORED', 'state/signed.jsonl', `size ${highWater} was signed with these keys`))
  }
  return newest.size
}

async function wrongRoots(read: ReadResource, rows: readonly Signed[]): Promise<LogFault[]> {
  const faults: LogFault[] = []
  for (const { size, root } of rows) {
    if (equalBytes(await storedRoot(read, size), root)) continue
    faults.push(
      fault('LOG_TILES_ALTERED', 'state/signed.jsonl', `the entries lead to another root for size ${size}`),
    )
  }
  return faults
}

async function checkKeys(layout: LogLayout, logKeys: readonly string[]): Promise<void> {
  const log = await readKeyFile(layout.logKey, 'log')
  await readKeyFile(layout.receiptsKey, 'receipts')
  if (!logKeys.includes(formatVkey(log.vkey))) {
    throw new LogStoreError('KEY_MALFORMED', 'the key of the log is not the one of its policy')
  }
}

async function checkOpenings(
  { read, openings, check }: LogStorage,
  size: number,
  pending: ReadonlySet<string>,
  faults: LogFault[],
): Promise<number> {
  const logged = new Set<string>()
  for await (const { commitment } of storedCommitments(read, size)) logged.add(commitment)
  faults.push(...(await check()))
  let count = 0
  for (const id of await openings.list()) {
    const found = await openings.find(id).catch(() => null)
    if (found === null) faults.push(fault('LOG_DAMAGED', `openings/${id}.json`, 'it is no opening'))
    else {
      // One that belongs to nothing was stored right before a crash and never acknowledged.
      const commitment = bytesToBase64(commitmentOf(found))
      if (logged.has(commitment) || pending.has(commitment)) count++
    }
  }
  return count
}

function faultOf(where: string, error: unknown): LogFault {
  if (error instanceof LogStoreError) return fault(error.code, where, error.message)
  if (error instanceof AppError) return fault('LOG_DAMAGED', where, `${error.message} [${error.code}]`)
  throw error
}

import { stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { bytesToBase64, equalBytes } from '#lib/bytes/index.ts'
import { AppError } from '#lib/errors/index.ts'
import { commitmentOf, formatVkey, parsePolicy, type VerifiedCheckpoint } from '#lib/tlog/index.ts'
import { readBatch } from './batch.ts'
import { checkTree } from './check-tree.ts'
import { damaged, type LogFault, LogStoreError } from './errors.ts'
import { readKeyFile } from './key-file.ts'
import type { LogLayout } from './layout.ts'
import { Openings } from './openings.ts'
import { type Pending, readPending } from './pending.ts'
import { type LogSettings, readSettings } from './settings.ts'
import { readHighWater, readSigned } from './signed.ts'
import { readPolicy } from './start-up.ts'
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
export async function checkLog(folder: string, now = new Date()): Promise<LogReport> {
  const { settings, layout } = await readSettings(folder)
  const policy = parsePolicy(await readPolicy(layout), { allowNoWitness: true })
  const faults: LogFault[] = []
  const gather = <Value>(where: string, work: Promise<Value>): Promise<Value | null> =>
    work.catch((error: unknown) => {
      faults.push(faultOf(where, error))
      return null
    })
  const served = await gather('served', verifyServed(layout.served, policy))
  faults.push(...(served?.faults ?? []))
  const signedSize = await gather('state/signed.jsonl', checkSigned(layout, settings, faults))
  const pending = await gather('state/pending.jsonl', readPending(layout.pending, settings.origin))
  faults.push(...overdue(pending?.lines ?? [], now))
  await gather('state/batch.json', readBatch(layout.batch))
  await gather(
    'keys',
    checkKeys(
      layout,
      policy.logs.map(({ vkey }) => formatVkey(vkey)),
    ),
  )
  const known = new Set(pending?.lines.map(({ commitment }) => commitment))
  const openingCount = await gather('openings', checkOpenings(layout, signedSize ?? 0, known, faults))
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
async function checkSigned(layout: LogLayout, settings: LogSettings, faults: LogFault[]): Promise<number> {
  const { lines } = await readSigned(layout.signed, settings.origin)
  const newest = lines.at(-1)
  if (newest === undefined) throw damaged('signed.jsonl', 'it is empty')
  const treeFaults = await checkTree(layout.served, newest.size)
  const wrong = treeFaults.length > 0 ? [] : await wrongRoots(layout, lines)
  faults.push(...treeFaults.filter(({ where }) => !faults.some((known) => known.where === where)), ...wrong)
  const highWater = await readHighWater(layout.highWater, settings.origin)
  if (highWater > newest.size) {
    faults.push(fault('LOG_RESTORED', 'state/signed.jsonl', `size ${highWater} was signed with these keys`))
  }
  return newest.size
}

async function wrongRoots(
  layout: LogLayout,
  lines: readonly { size: number; root: Uint8Array }[],
): Promise<LogFault[]> {
  const faults: LogFault[] = []
  for (const { size, root } of lines) {
    if (equalBytes(await storedRoot(layout.served, size), root)) continue
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
  layout: LogLayout,
  size: number,
  pending: ReadonlySet<string>,
  faults: LogFault[],
): Promise<number> {
  const logged = new Set<string>()
  for await (const { commitment } of storedCommitments(layout.served, size)) logged.add(commitment)
  const openings = new Openings(layout.openings)
  let count = 0
  for (const id of await openings.list()) {
    const where = relative(layout.folder, join(layout.openings, `${id}.json`))
    const found = await openings.find(id).catch(() => null)
    if (found === null) faults.push(fault('LOG_DAMAGED', where, 'it is no opening'))
    else if (((await stat(join(layout.openings, `${id}.json`))).mode & 0o077) !== 0) {
      faults.push(fault('KEY_EXPOSED', where, 'others on this machine may read it'))
    } else {
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

import { equalBytes } from '#lib/bytes/index.ts'
import { type Policy, parseNote, type VerifiedCheckpoint, verifyCheckpoint } from '#lib/tlog/index.ts'
import { nativeEd25519 } from '../native-ed25519.ts'
import { checkTree } from './check-tree.ts'
import { damaged, LogStoreError } from './errors.ts'
import type { LogLayout } from './layout.ts'
import type { LogSettings } from './settings.ts'
import { newestOf, readHighWater, type Signed } from './signed.ts'
import type { LogStorage, ReadResource } from './storage.ts'
import { altered, storedRoot } from './tile-files.ts'

export interface StartFacts {
  readonly storage: LogStorage
  readonly layout: LogLayout
  readonly settings: LogSettings
  readonly policy: Policy
  readonly check: 'edge' | 'whole'
}

/**
 * Returns what was signed last, when what is stored is that, as far as one machine can tell. Throws `LOG_TILES_ALTERED`,
 * `LOG_RESTORED` when something signed is missing here, `LOG_DAMAGED`.
 */
export async function checkStart(facts: StartFacts): Promise<Signed> {
  const { storage, layout, settings } = facts
  const rows = await storage.readSigned()
  const newest = newestOf(rows)
  const highWater = await readHighWater(layout.highWater, settings.origin)
  if (highWater > newest.size) throw restored(`size ${highWater} was signed with these keys`)
  await checkBatch(storage, newest)
  await checkSignedNotes(facts, rows, newest)
  if (!equalBytes(await rootOfStored(facts, newest.size), newest.root))
    throw altered('tile', 'it leads to another root')
  return newest
}

/** The published checkpoint, verified, or null when there is none. Throws `LOG_DAMAGED`. */
export async function readCheckpoint(
  read: ReadResource,
  policy: Policy,
): Promise<(VerifiedCheckpoint & { text: string }) | null> {
  const bytes = await read('checkpoint')
  return bytes === null ? null : verifyOwn(Buffer.from(bytes).toString('utf8'), policy)
}

function verifyOwn(text: string, policy: Policy): VerifiedCheckpoint & { text: string } {
  try {
    return { ...verifyCheckpoint(parseNote(text), policy, nativeEd25519), text }
  } catch (cause) {
    throw damaged('checkpoint', 'it is not one that this log has signed', cause)
  }
}

async function rootOfStored({ storage, check }: StartFacts, size: number): Promise<Uint8Array> {
  const [fault] = check === 'edge' ? [] : await checkTree(storage.read, size)
  if (fault !== undefined) throw altered(fault.where, fault.what)
  return storedRoot(storage.read, size)
}

/** The batch begun last is either the one that was signed last or the one to be signed next. */
async function checkBatch(storage: LogStorage, newest: Signed): Promise<void> {
  const batch = await storage.readBatch()
  if (batch === null || batch.from === newest.size) return
  if (batch.from + batch.leaves.length !== newest.size)
    throw damaged('batch', 'it does not follow from what was signed')
}

/** No signed checkpoint may be ahead of, or beside, what the list says was signed. */
async function checkSignedNotes(
  { storage, policy }: StartFacts,
  rows: readonly Signed[],
  newest: Signed,
): Promise<void> {
  const published = await readCheckpoint(storage.read, policy)
  const note = await storage.readNote()
  const kept = note === null ? null : verifyOwn(note, policy)
  for (const found of [published, kept]) {
    if (found === null) continue
    const { size, root } = found.checkpoint
    if (size > newest.size) throw restored(`a checkpoint of size ${size} is here`)
    const row = rows.find((line) => line.size === size)
    if (row === undefined || !equalBytes(row.root, root)) {
      throw damaged('list of what was signed', `a signed checkpoint of size ${size} is not in it`)
    }
  }
}

function restored(what: string): LogStoreError {
  return new LogStoreError(
    'LOG_RESTORED',
    `This is an older copy of the log: ${what}, and the log here is smaller. Signing on would make a second history, so nothing is accepted or signed. Bring back the newest entries from a mirror, or keep this copy to read only.`,
  )
}

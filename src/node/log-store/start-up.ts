import { equalBytes } from '#lib/bytes/index.ts'
import { type Policy, parseNote, type VerifiedCheckpoint, verifyCheckpoint } from '#lib/tlog/index.ts'
import { readBatch } from './batch.ts'
import { checkTree } from './check-tree.ts'
import { readIfThere } from './durable-file.ts'
import { damaged, LogStoreError } from './errors.ts'
import type { LogLayout } from './layout.ts'
import type { LogSettings } from './settings.ts'
import { readHighWater, readSigned, type Signed } from './signed.ts'
import { altered, storedRoot } from './tile-files.ts'

export interface StartFacts {
  readonly layout: LogLayout
  readonly settings: LogSettings
  readonly policy: Policy
  readonly newest: Signed
  readonly check: 'edge' | 'whole'
}

/**
 * Returns when what lies on the disk is what was signed last, as far as one machine can tell. Throws `LOG_TILES_ALTERED`,
 * `LOG_RESTORED` when something signed is missing here, `LOG_DAMAGED`.
 */
export async function checkStart(facts: StartFacts): Promise<void> {
  const { layout, settings, newest } = facts
  const highWater = await readHighWater(layout.highWater, settings.origin)
  if (highWater > newest.size) throw restored(`size ${highWater} was signed with these keys`)
  await checkBatch(facts)
  await checkSignedNotes(facts)
  if (!equalBytes(await rootOfStored(facts), newest.root)) throw altered('tile', 'it leads to another root')
}

/** Throws `LOG_DAMAGED` when the log's policy is gone. */
export async function readPolicy(layout: LogLayout): Promise<string> {
  const bytes = await readIfThere(layout.policy)
  if (bytes === null) throw damaged('policy', 'it is missing')
  return bytes.toString('utf8')
}

/** A checkpoint file, verified, or null when there is none. Throws `LOG_DAMAGED`. */
export async function readCheckpoint(
  path: string,
  policy: Policy,
): Promise<(VerifiedCheckpoint & { text: string }) | null> {
  const text = (await readIfThere(path))?.toString('utf8')
  if (text === undefined) return null
  try {
    return { ...verifyCheckpoint(parseNote(text), policy), text }
  } catch (cause) {
    throw damaged('checkpoint', 'it is not one that this log has signed', cause)
  }
}

async function rootOfStored({ layout, newest, check }: StartFacts): Promise<Uint8Array> {
  if (check === 'edge') return storedRoot(layout.served, newest.size)
  const [fault] = await checkTree(layout.served, newest.size)
  if (fault !== undefined) throw altered(fault.where, fault.what)
  return storedRoot(layout.served, newest.size)
}

/** The batch begun last is either the one that was signed last or the one to be signed next. */
async function checkBatch({ layout, newest }: StartFacts): Promise<void> {
  const batch = await readBatch(layout.batch)
  if (batch === null || batch.from === newest.size) return
  if (batch.from + batch.leaves.length !== newest.size)
    throw damaged('batch.json', 'it does not follow from what was signed')
}

/** No signed checkpoint may be ahead of, or beside, what the journal says was signed. */
async function checkSignedNotes({ layout, settings, policy, newest }: StartFacts): Promise<void> {
  const { lines } = await readSigned(layout.signed, settings.origin)
  for (const path of [layout.checkpoint, layout.note]) {
    const found = await readCheckpoint(path, policy)
    if (found === null) continue
    const { size, root } = found.checkpoint
    if (size > newest.size) throw restored(`a checkpoint of size ${size} is here`)
    const row = lines.find((line) => line.size === size)
    if (row === undefined || !equalBytes(row.root, root)) {
      throw damaged('signed.jsonl', `a signed checkpoint of size ${size} is not in it`)
    }
  }
}

function restored(what: string): LogStoreError {
  return new LogStoreError(
    'LOG_RESTORED',
    `This is an older copy of the log: ${what}, and the log here is smaller. Signing on would make a second history, so nothing is accepted or signed. Bring back the newest entries from a mirror, or keep this copy to read only.`,
  )
}

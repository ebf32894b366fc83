import { equalBytes } from '#lib/bytes/index.ts'
import {
  leafHash,
  type Policy,
  PUBLIC_RECORD_TYPES,
  parseNote,
  parseOpening,
  TILE_WIDTH,
  tileAt,
  type VerifiedCheckpoint,
  verifyCheckpoint,
  verifyOpening,
} from '#lib/tlog/index.ts'
import { nativeEd25519 } from '../native-ed25519.ts'
import { checkTree } from './check-tree.ts'
import type { LogFault } from './errors.ts'
import type { ReadResource } from './storage.ts'
import { readEntries, storedCommitments, storedRoot } from './tile-files.ts'

/** What a log serves, from wherever it lies. */
export interface ServedLog {
  readonly read: ReadResource
  /** Names of what is served under `public/`. */
  listPublic(): Promise<readonly string[]>
}

export interface VerifiedLog {
  /** The published checkpoint, or null when nothing was published yet. */
  readonly published: VerifiedCheckpoint | null
  readonly faults: readonly LogFault[]
}

/**
 * Checks what a log serves, as a mirror or monitor would, from a copy of its files: signatures and quorum, every tile
 * from the entries on, the root, no commitment twice, and the openings of public records. Throws what `parseNote` and
 * `verifyCheckpoint` throw when the checkpoint itself is not one of the policy's log.
 */
export async function verifyServed({ read, listPublic }: ServedLog, policy: Policy): Promise<VerifiedLog> {
  const text = await read('checkpoint')
  if (text === null) return { published: null, faults: [] }
  const published = verifyCheckpoint(parseNote(text), policy, nativeEd25519)
  const { size, root } = published.checkpoint
  const faults = await checkTree(read, size)
  if (faults.length > 0) return { published, faults }
  if (!equalBytes(await storedRoot(read, size), root)) {
    return {
      published,
      faults: [fault('LOG_TILES_ALTERED', 'checkpoint', 'the entries lead to another root')],
    }
  }
  const twice = await findTwice(read, size)
  return { published, faults: [...twice, ...(await checkPublicOpenings(read, await listPublic(), size))] }
}

async function findTwice(read: ReadResource, size: number): Promise<LogFault[]> {
  const seen = new Map<string, number>()
  const faults: LogFault[] = []
  for await (const { index, commitment } of storedCommitments(read, size)) {
    const former = seen.get(commitment)
    if (former !== undefined) {
      faults.push(fault('LOG_DAMAGED', 'tile/entries', `entries ${former} and ${index} are the same`))
    }
    seen.set(commitment, index)
  }
  return faults
}

async function checkPublicOpenings(
  read: ReadResource,
  names: readonly string[],
  size: number,
): Promise<LogFault[]> {
  const faults: LogFault[] = []
  for (const name of names) {
    const index = Number(/^(0|[1-9][0-9]*)\.json$/.exec(name)?.[1] ?? Number.NaN)
    // One beyond the published size belongs to a checkpoint that is not out yet.
    if (index >= size || name.endsWith('.new')) continue
    const what = Number.isNaN(index)
      ? 'nothing of this name is published'
      : await checkOpening(read, name, index, size)
    if (what !== null) faults.push(fault('LOG_DAMAGED', `public/${name}`, what))
  }
  return faults
}

async function checkOpening(
  read: ReadResource,
  name: string,
  index: number,
  size: number,
): Promise<string | null> {
  const bundle = Math.floor(index / TILE_WIDTH)
  const entries = await readEntries(read, tileAt(0, bundle, size) ?? { index: bundle, width: TILE_WIDTH })
  const leaf = entries[index % TILE_WIDTH] ?? new Uint8Array(0)
  try {
    const opening = parseOpening((await read(`public/${name}`)) ?? new Uint8Array(0))
    verifyOpening(opening, leafHash(leaf))
    const isPublic = PUBLIC_RECORD_TYPES.some((type) => type === opening.record.type)
    return isPublic ? null : 'its record is none that is published'
  } catch {
    return 'it does not open its entry'
  }
}

export function fault(code: LogFault['code'], where: string, what: string): LogFault {
  return { code, where, what }
}

import { bytesToBase64 } from '#lib/bytes/index.ts'
import {
  decodeEntries,
  type EntryBundle,
  encodeEntries,
  entryBundlePath,
  entryBundlesFor,
  formatLeaf,
  growTree,
  HASH_BYTES,
  LEAF_BYTES,
  leafHash,
  parseLeaf,
  rootAt,
  TILE_WIDTH,
  type Tile,
  type TileReader,
  tileHashReader,
  tilePath,
} from '#lib/tlog/index.ts'
import { LogStoreError } from './errors.ts'
import type { LogWriter, ReadResource, Resource } from './storage.ts'

/** The stored tiles of a log; a partial tile may have made room for the full one. */
export function storedTiles(read: ReadResource): TileReader {
  return async (tile) => {
    const bytes = await readEither(read, tilePath(tile), tilePath({ ...tile, width: TILE_WIDTH }))
    if (bytes === null) throw altered(tilePath(tile), 'it is missing')
    return bytes
  }
}

/** The root of the tree of this size as it follows from the stored tiles. Throws `LOG_TILES_ALTERED`, `TILE_MALFORMED`. */
export function storedRoot(read: ReadResource, size: number): Promise<Uint8Array> {
  return rootAt(size, tileHashReader(size, storedTiles(read)))
}

/** The entries of a bundle. Throws `LOG_TILES_ALTERED` when it is missing or has another form. */
export async function readEntries(read: ReadResource, bundle: EntryBundle): Promise<Uint8Array[]> {
  const bytes = await readBundle(read, bundle)
  try {
    return decodeEntries(bytes, bundle.width, { entryBytes: LEAF_BYTES })
  } catch (cause) {
    throw altered(entryBundlePath(bundle), 'it does not have the form of entries', cause)
  }
}

/** Every commitment of the log, in base64, with its index. One pass over the entries. */
export async function* storedCommitments(
  read: ReadResource,
  size: number,
): AsyncGenerator<{ index: number; commitment: string }, void> {
  for (const bundle of entryBundlesFor(size)) {
    const entries = await readEntries(read, bundle)
    for (const [i, entry] of entries.entries()) {
      yield { index: bundle.index * TILE_WIDTH + i, commitment: bytesToBase64(parseLeaf(entry)) }
    }
  }
}

/** Every bundle of a log of this size, with the index of its first entry. */
export async function* storedBundles(
  read: ReadResource,
  size: number,
  oldSize = 0,
): AsyncGenerator<{ first: number; bytes: Uint8Array }, void> {
  for (const bundle of entryBundlesFor(size, oldSize)) {
    yield { first: bundle.index * TILE_WIDTH, bytes: await readBundle(read, bundle) }
  }
}

/**
 * Those of the commitments, in base64, that are in the tree of this size, with their index. One pass over the entries, from
 * the newest back, because what is asked for was mostly entered last; it ends when all are found.
 */
export async function findCommitments(
  read: ReadResource,
  size: number,
  commitments: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const wanted = new Set(commitments)
  const found = new Map<string, number>()
  for (let index = Math.ceil(size / TILE_WIDTH) - 1; index >= 0 && wanted.size > 0; index--) {
    const first = index * TILE_WIDTH
    const bytes = await readBundle(read, { index, width: Math.min(TILE_WIDTH, size - first) })
    for (const [commitment, at] of commitmentsIn(bytes, wanted)) {
      found.set(commitment, first + at)
      wanted.delete(commitment)
    }
  }
  return found
}

/** Searching bytes for one is a hundred times as fast as reading every entry; with many wanted it is the other way round. */
function commitmentsIn(bytes: Uint8Array, wanted: ReadonlySet<string>): [string, number][] {
  const bundle = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  if (wanted.size <= FEW) {
    return [...wanted].flatMap((commitment): [string, number][] => {
      const at = bundle.indexOf(formatLeaf(new Uint8Array(Buffer.from(commitment, 'base64'))))
      return at < 0 ? [] : [[commitment, (at - LENGTH_BYTES) / ENTRY_BYTES]]
    })
  }
  const found: [string, number][] = []
  for (let at = 0; at < bundle.length; at += ENTRY_BYTES) {
    const commitment = commitmentInEntry(bundle, at)
    if (wanted.has(commitment)) found.push([commitment, at / ENTRY_BYTES])
  }
  return found
}

const FEW = 4

/** Before each entry of a bundle stands its length. */
const LENGTH_BYTES = 2
/** Bytes of each entry in a bundle. */
export const ENTRY_BYTES = LENGTH_BYTES + LEAF_BYTES
/** Where the commitment begins in an entry: it is the base64 after the name of the form. */
const COMMITMENT_AT = LENGTH_BYTES + 'saksi-leaf/v1 '.length
const BASE64_LENGTH = Math.ceil(HASH_BYTES / 3) * 4

/** The commitment in base64 of the entry that begins at this byte of a bundle, whose form is not looked at. */
export function commitmentInEntry(bundle: Buffer, at: number): string {
  return bundle.toString('latin1', at + COMMITMENT_AT, at + COMMITMENT_AT + BASE64_LENGTH)
}

/** The bytes of a bundle; of the full one as many as the partial one has, when that is gone. */
async function readBundle(read: ReadResource, bundle: EntryBundle): Promise<Uint8Array> {
  const path = entryBundlePath(bundle)
  const bytes = await readEither(read, path, entryBundlePath({ ...bundle, width: TILE_WIDTH }))
  const [length, fullLength] = [bundle.width, TILE_WIDTH].map((width) => width * ENTRY_BYTES)
  if (bytes === null) throw altered(path, 'it is missing')
  if (bytes.length !== length && bytes.length !== fullLength) throw altered(path, 'it has another length')
  return bytes.subarray(0, length)
}

/**
 * Writes the entries and tiles that `leaves` add to a tree of `oldSize`, and gives the root that follows from what is then
 * stored. Doing it again with the same leaves changes nothing. Throws `LOG_TILE_CONFLICT` when something is there with
 * other contents, `LOG_TILES_ALTERED` when what was stored does not give the computed root.
 */
export async function writeLeaves(
  { read, writer }: { read: ReadResource; writer: Pick<LogWriter, 'addResources'> },
  oldSize: number,
  leaves: readonly Uint8Array[],
): Promise<{ size: number; root: Uint8Array }> {
  const grown = await growTree(oldSize, leaves.map(leafHash), storedTiles(read))
  await writer.addResources(newResources(read, oldSize, leaves, grown.tiles))
  const root = await storedRoot(read, grown.size)
  if (bytesToBase64(root) !== bytesToBase64(grown.root)) {
    throw altered('tile', 'what is stored does not give the root that was computed')
  }
  return { size: grown.size, root }
}

/** Entries first, then tiles: each resource that the leaves add. */
async function* newResources(
  read: ReadResource,
  oldSize: number,
  leaves: readonly Uint8Array[],
  tiles: readonly { tile: Tile; bytes: Uint8Array }[],
): AsyncGenerator<Resource, void> {
  for await (const { bundle, entries } of grownBundles(read, oldSize, leaves)) {
    yield { path: entryBundlePath(bundle), bytes: encodeEntries(entries) }
  }
  for (const { tile, bytes } of tiles) yield { path: tilePath(tile), bytes }
}

async function* grownBundles(
  read: ReadResource,
  oldSize: number,
  leaves: readonly Uint8Array[],
): AsyncGenerator<{ bundle: EntryBundle; entries: Uint8Array[] }, void> {
  for (const bundle of entryBundlesFor(oldSize + leaves.length, oldSize)) {
    const start = bundle.index * TILE_WIDTH
    const oldWidth = Math.max(0, oldSize - start)
    const old = oldWidth === 0 ? [] : await readEntries(read, { index: bundle.index, width: oldWidth })
    const from = start + oldWidth - oldSize
    yield { bundle, entries: [...old, ...leaves.slice(from, from + bundle.width - oldWidth)] }
  }
}

async function readEither(read: ReadResource, path: string, full: string): Promise<Uint8Array | null> {
  return (await read(path)) ?? (await read(full))
}

/** Throws for what is stored otherwise than it was signed. */
export function altered(where: string, what: string, cause?: unknown): LogStoreError {
  return new LogStoreError(
    'LOG_TILES_ALTERED',
    `The log's ${where} is not what was signed: ${what}. Nothing was signed or changed. Keep everything as it is; put it back from a mirror, and run: saksi log fsck`,
    { cause },
  )
}

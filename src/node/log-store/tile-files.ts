import { join } from 'node:path'
import { bytesToBase64 } from '#lib/bytes/index.ts'
import {
  decodeEntries,
  type EntryBundle,
  encodeEntries,
  entryBundlePath,
  entryBundlesFor,
  formatLeaf,
  growTree,
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
import { BoundedTasks } from '../bounded-tasks.ts'
import { ImmutableFiles, readIfThere } from './durable-file.ts'
import { LogStoreError } from './errors.ts'

/** Tiles of the log served from a folder; a partial tile may have made room for the full one. */
export function tileFiles(served: string): TileReader {
  return async (tile) => {
    const bytes = await readEither(served, tilePath(tile), tilePath({ ...tile, width: TILE_WIDTH }))
    if (bytes === null) throw altered(tilePath(tile), 'it is missing')
    return bytes
  }
}

/** The root of the tree of this size as it follows from the stored tiles. Throws `LOG_TILES_ALTERED`, `TILE_MALFORMED`. */
export function storedRoot(served: string, size: number): Promise<Uint8Array> {
  return rootAt(size, tileHashReader(size, tileFiles(served)))
}

/** The entries of a bundle. Throws `LOG_TILES_ALTERED` when it is missing or has another form. */
export async function readEntries(served: string, bundle: EntryBundle): Promise<Uint8Array[]> {
  const bytes = await readBundle(served, bundle)
  try {
    return decodeEntries(bytes, bundle.width, { entryBytes: LEAF_BYTES })
  } catch (cause) {
    throw altered(entryBundlePath(bundle), 'it does not have the form of entries', cause)
  }
}

/** Every commitment of the log, in base64, with its index. One pass over the entries. */
export async function* storedCommitments(
  served: string,
  size: number,
): AsyncGenerator<{ index: number; commitment: string }, void> {
  for (const bundle of entryBundlesFor(size)) {
    const entries = await readEntries(served, bundle)
    for (const [i, entry] of entries.entries()) {
      yield { index: bundle.index * TILE_WIDTH + i, commitment: bytesToBase64(parseLeaf(entry)) }
    }
  }
}

/** All bundles of the log one after the other: 61 bytes an entry, in which `indexInBundles` finds commitments. */
export async function storedBundles(served: string, size: number): Promise<Buffer> {
  const bundles: Uint8Array[] = []
  for (const bundle of entryBundlesFor(size)) bundles.push(await readBundle(served, bundle))
  return Buffer.concat(bundles)
}

/** The index of a commitment in bundles, or null. Searching bytes is a hundred times as fast as reading entries. */
export function indexInBundles(bundles: Uint8Array, commitment: Uint8Array): number | null {
  const at = Buffer.from(bundles.buffer, bundles.byteOffset, bundles.length).indexOf(formatLeaf(commitment))
  return at < 0 ? null : (at - LENGTH_BYTES) / (LENGTH_BYTES + LEAF_BYTES)
}

/** The index of a commitment in the log, or null; for one look-up. */
export async function findCommitment(
  served: string,
  size: number,
  commitment: Uint8Array,
): Promise<number | null> {
  for (const bundle of entryBundlesFor(size)) {
    const index = indexInBundles(await readBundle(served, bundle), commitment)
    if (index !== null) return bundle.index * TILE_WIDTH + index
  }
  return null
}

/** Before each entry of a bundle stands its length. */
const LENGTH_BYTES = 2

/** The bytes of a bundle; of the full one as many as the partial one has, when that is gone. */
async function readBundle(served: string, bundle: EntryBundle): Promise<Uint8Array> {
  const path = entryBundlePath(bundle)
  const bytes = await readEither(served, path, entryBundlePath({ ...bundle, width: TILE_WIDTH }))
  const [length, fullLength] = [bundle.width, TILE_WIDTH].map((width) => width * (LENGTH_BYTES + LEAF_BYTES))
  if (bytes === null) throw altered(path, 'it is missing')
  if (bytes.length !== length && bytes.length !== fullLength) throw altered(path, 'it has another length')
  return bytes.subarray(0, length)
}

/**
 * Writes the entries and tiles that `leaves` add to a tree of `oldSize`, and gives the root that follows from the files
 * as they then lie on the disk. Doing it again with the same leaves changes nothing. Throws `LOG_TILE_CONFLICT` when a
 * file is there with other contents, `LOG_TILES_ALTERED` when what was stored does not give the computed root.
 */
export async function writeLeaves(
  served: string,
  oldSize: number,
  leaves: readonly Uint8Array[],
): Promise<{ size: number; root: Uint8Array }> {
  const files = new ImmutableFiles(served)
  const readTile = tileFiles(served)
  const grown = await growTree(oldSize, leaves.map(leafHash), readTile)
  const writing = new BoundedTasks(FILES_AT_ONCE)
  for await (const { path, bytes } of newFiles(served, oldSize, leaves, grown.tiles)) {
    await writing.start(() => files.add(join(served, path), bytes))
  }
  await writing.drain()
  await files.sync()
  const root = await storedRoot(served, grown.size)
  if (bytesToBase64(root) !== bytesToBase64(grown.root)) {
    throw altered('tile', 'the files do not give the root that was computed')
  }
  return { size: grown.size, root }
}

/** Waiting for the disk is what takes the time; more at once than this wait for each other. */
const FILES_AT_ONCE = 16

/** Entries first, then tiles: each file that the leaves add, with its path. */
async function* newFiles(
  served: string,
  oldSize: number,
  leaves: readonly Uint8Array[],
  tiles: readonly { tile: Tile; bytes: Uint8Array }[],
): AsyncGenerator<{ path: string; bytes: Uint8Array }, void> {
  for await (const { bundle, entries } of grownBundles(served, oldSize, leaves)) {
    yield { path: entryBundlePath(bundle), bytes: encodeEntries(entries) }
  }
  for (const { tile, bytes } of tiles) yield { path: tilePath(tile), bytes }
}

async function* grownBundles(
  served: string,
  oldSize: number,
  leaves: readonly Uint8Array[],
): AsyncGenerator<{ bundle: EntryBundle; entries: Uint8Array[] }, void> {
  for (const bundle of entryBundlesFor(oldSize + leaves.length, oldSize)) {
    const start = bundle.index * TILE_WIDTH
    const oldWidth = Math.max(0, oldSize - start)
    const old = oldWidth === 0 ? [] : await readEntries(served, { index: bundle.index, width: oldWidth })
    const from = start + oldWidth - oldSize
    yield { bundle, entries: [...old, ...leaves.slice(from, from + bundle.width - oldWidth)] }
  }
}

async function readEither(served: string, path: string, full: string): Promise<Uint8Array | null> {
  return (await readIfThere(join(served, path))) ?? (await readIfThere(join(served, full)))
}

/** Throws for what is stored otherwise than it was signed. */
export function altered(where: string, what: string, cause?: unknown): LogStoreError {
  return new LogStoreError(
    'LOG_TILES_ALTERED',
    `The log's file ${where} is not what was signed: ${what}. Nothing was signed or changed. Keep the folder as it is; put the file back from a mirror, and run: saksi log fsck`,
    { cause },
  )
}

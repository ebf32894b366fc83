import { join } from 'node:path'
import { bytesToBase64 } from '#lib/bytes/index.ts'
import {
  decodeEntries,
  type EntryBundle,
  encodeEntries,
  entryBundlePath,
  entryBundlesFor,
  growTree,
  LEAF_BYTES,
  leafHash,
  parseLeaf,
  rootAt,
  TILE_WIDTH,
  type TileReader,
  tileHashReader,
  tilePath,
} from '#lib/tlog/index.ts'
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
  const path = entryBundlePath(bundle)
  const full = entryBundlePath({ ...bundle, width: TILE_WIDTH })
  const bytes = await readEither(served, path, full)
  if (bytes === null) throw altered(path, 'it is missing')
  const width = bytes.length === TILE_WIDTH * (LEAF_BYTES + 2) ? TILE_WIDTH : bundle.width
  try {
    return decodeEntries(bytes, width, { entryBytes: LEAF_BYTES }).slice(0, bundle.width)
  } catch (cause) {
    throw altered(path, 'it does not have the form of entries', cause)
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
  const files = new ImmutableFiles()
  const readTile = tileFiles(served)
  const grown = await growTree(oldSize, leaves.map(leafHash), readTile)
  for await (const { bundle, entries } of grownBundles(served, oldSize, leaves)) {
    await files.add(join(served, entryBundlePath(bundle)), encodeEntries(entries))
  }
  for (const { tile, bytes } of grown.tiles) await files.add(join(served, tilePath(tile)), bytes)
  await files.sync()
  const root = await storedRoot(served, grown.size)
  if (bytesToBase64(root) !== bytesToBase64(grown.root)) {
    throw altered('tile', 'the files do not give the root that was computed')
  }
  return { size: grown.size, root }
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

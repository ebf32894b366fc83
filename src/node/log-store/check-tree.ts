import { equalBytes } from '#lib/bytes/index.ts'
import {
  entryBundlePath,
  leafHash,
  parseLeaf,
  rootOf,
  TILE_WIDTH,
  type Tile,
  tileAt,
  tilePath,
  tilesFor,
} from '#lib/tlog/index.ts'
import type { LogFault } from './errors.ts'
import type { ReadResource } from './storage.ts'
import { readEntries } from './tile-files.ts'

/** More faults than this say nothing new. */
const MAX_FAULTS = 20

/**
 * Computes every tile of a tree of this size anew, the lowest level from the entries, each other level from the one
 * below it, and compares. No fault means: the stored tiles are those of the stored entries.
 */
export async function checkTree(read: ReadResource, size: number): Promise<LogFault[]> {
  const faults: LogFault[] = []
  for (const tile of tilesFor(size)) {
    const expected = tile.level === 0 ? await fromEntries(read, tile) : await fromTiles(read, tile, size)
    const fault = 'what' in expected ? expected : await compare(read, tile, expected.hashes)
    if (fault !== null) faults.push(fault)
    if (faults.length >= MAX_FAULTS) break
  }
  return faults
}

type Expected = { hashes: Uint8Array[] } | LogFault

async function fromEntries(read: ReadResource, { index, width }: Tile): Promise<Expected> {
  try {
    const entries = await readEntries(read, { index, width })
    entries.forEach(parseLeaf)
    return { hashes: entries.map(leafHash) }
  } catch {
    return fault(entryBundlePath({ index, width }), 'its entries are missing or have another form')
  }
}

async function fromTiles(read: ReadResource, { level, index, width }: Tile, size: number): Promise<Expected> {
  const hashes: Uint8Array[] = []
  for (let i = 0; i < width; i++) {
    const child = tileAt(level - 1, index * TILE_WIDTH + i, size)
    const bytes = child === null ? null : await readTile(read, child)
    if (child === null || bytes === null)
      return fault(tilePath({ level, index, width }), 'a tile below it is missing')
    hashes.push(rootOf(split(bytes)))
  }
  return { hashes }
}

async function compare(
  read: ReadResource,
  tile: Tile,
  hashes: readonly Uint8Array[],
): Promise<LogFault | null> {
  const bytes = await readTile(read, tile)
  if (bytes === null) return fault(tilePath(tile), 'it is missing')
  const stored = split(bytes)
  const isSame =
    stored.length === hashes.length && hashes.every((hash, i) => equalBytes(hash, stored[i] ?? NONE))
  return isSame ? null : fault(tilePath(tile), 'it does not follow from the entries')
}

/** The first `width` hashes of the tile; the full tile serves when the partial one is gone. */
async function readTile(read: ReadResource, tile: Tile): Promise<Uint8Array | null> {
  const bytes = (await read(tilePath(tile))) ?? (await read(tilePath({ ...tile, width: TILE_WIDTH })))
  return bytes?.subarray(0, tile.width * HASH_BYTES) ?? null
}

function split(bytes: Uint8Array): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / HASH_BYTES) }, (_, i) =>
    bytes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES),
  )
}

function fault(where: string, what: string): LogFault {
  return { code: 'LOG_TILES_ALTERED', where, what }
}

const HASH_BYTES = 32
const NONE = new Uint8Array(0)

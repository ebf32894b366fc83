import { TlogError } from '../errors.ts'
import { HASH_BYTES, nodeHash } from '../tree/hashing.ts'
import { assertSize } from '../tree/size.ts'
import type { HashReader, Subtree } from '../tree/subtree.ts'
import { TILE_LEVELS, TILE_WIDTH, type Tile, tileAt } from './tile.ts'

/** Gives the bytes of a tile: `width` hashes, or all 256 where the partial tile has made room for the full one. */
export type TileReader = (tile: Tile) => Uint8Array | Promise<Uint8Array>

/** Tiles that a reader keeps, of at most about 40 KiB each with what was computed from it. */
const KEPT_TILES = 64

/**
 * A hash reader over the tiles of a tree of `size` leaves. It keeps the tiles it needed last, and the hashes between
 * theirs: those near the root are needed for every proof. So each is mostly read once in the life of the reader. It trusts
 * the tiles: what is proven from them holds only when it leads to a signed root. Throws `TREE_RANGE` for a subtree that
 * the tree does not have and `TILE_MALFORMED` for a tile of another length.
 */
export function tileHashReader(size: number, readTile: TileReader): HashReader {
  assertSize(size)
  const kept = new Map<string, TileHashes>()
  const hashesIn = async (tile: Tile): Promise<TileHashes> => {
    const key = `${tile.level}/${tile.index}`
    const found = kept.get(key) ?? new TileHashes(checkedTile(tile, await readTile(tile)))
    // A map gives its keys in the order they came: the first is the one that was not needed for longest.
    kept.delete(key)
    kept.set(key, found)
    return found
  }
  return async (subtrees) => {
    const hashes: Uint8Array[] = []
    for (const { tile, height, index } of subtrees.map((subtree) => placeOf(subtree, size))) {
      hashes.push((await hashesIn(tile)).at(height, index))
    }
    for (const key of kept.keys()) {
      if (kept.size <= KEPT_TILES) break
      kept.delete(key)
    }
    return hashes
  }
}

/** The hashes of a tile and, once asked for, those of the complete subtrees over them. */
class TileHashes {
  readonly #bytes: Uint8Array
  /** Subtree `index` of `height` lies at 2^(8 - height) + index. */
  readonly #computed: (Uint8Array | undefined)[] = []

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  /** The subtree over hashes `index * 2^height` up to, not including, `(index + 1) * 2^height`: all are in the tile. */
  at(height: number, index: number): Uint8Array {
    if (height === 0) return this.#bytes.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES)
    const place = 2 ** (TILE_LEVELS - height) + index
    const hash =
      this.#computed[place] ?? nodeHash(this.at(height - 1, 2 * index), this.at(height - 1, 2 * index + 1))
    this.#computed[place] = hash
    return hash
  }
}

/** Throws `TILE_MALFORMED` unless the bytes can be this tile; a full tile serves as each partial one before it. */
export function checkedTile(tile: Tile, bytes: Uint8Array): Uint8Array {
  if (bytes.length !== tile.width * HASH_BYTES && bytes.length !== TILE_WIDTH * HASH_BYTES) {
    throw new TlogError('TILE_MALFORMED', `a tile of ${tile.width} hashes has ${bytes.length} bytes`)
  }
  return bytes.subarray(0, tile.width * HASH_BYTES)
}

/** The hashes of a tile, as views. */
export function hashesOf(tile: Uint8Array): Uint8Array[] {
  return Array.from({ length: tile.length / HASH_BYTES }, (_, i) =>
    tile.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES),
  )
}

/** In which tile a subtree lies, and as which of the subtrees of its height over the tile's hashes. */
function placeOf(subtree: Subtree, size: number): { tile: Tile; height: number; index: number } {
  const height = subtree.level % TILE_LEVELS
  const inTile = TILE_WIDTH / 2 ** height
  const tile = tileAt(Math.floor(subtree.level / TILE_LEVELS), Math.floor(subtree.index / inTile), size)
  const index = subtree.index % inTile
  if (tile === null || (index + 1) * 2 ** height > tile.width) {
    throw new TlogError(
      'TREE_RANGE',
      `a tree of ${size} has no complete subtree at ${subtree.level}/${subtree.index}`,
    )
  }
  return { tile, height, index }
}

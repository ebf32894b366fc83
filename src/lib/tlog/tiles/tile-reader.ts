import { TlogError } from '../errors.ts'
import { HASH_BYTES } from '../tree/hashing.ts'
import { rootOf } from '../tree/root.ts'
import { assertSize } from '../tree/size.ts'
import type { HashReader, Subtree } from '../tree/subtree.ts'
import { TILE_LEVELS, TILE_WIDTH, type Tile, tileAt } from './tile.ts'

/** Gives the bytes of a tile: `width` hashes, or all 256 where the partial tile has made room for the full one. */
export type TileReader = (tile: Tile) => Uint8Array | Promise<Uint8Array>

/**
 * A hash reader over the tiles of a tree of `size` leaves. Each tile is read once per call. It trusts the tiles: what
 * is proven from them holds only when it leads to a signed root. Throws `TREE_RANGE` for a subtree that the tree does
 * not have and `TILE_MALFORMED` for a tile of another length.
 */
export function tileHashReader(size: number, readTile: TileReader): HashReader {
  assertSize(size)
  return async (subtrees) => {
    const places = subtrees.map((subtree) => placeOf(subtree, size))
    const tiles = new Map<string, Uint8Array>()
    for (const { tile } of places) {
      const key = `${tile.level}/${tile.index}`
      if (!tiles.has(key)) tiles.set(key, checkedTile(tile, await readTile(tile)))
    }
    return places.map(({ tile, first, count }) => {
      const bytes = tiles.get(`${tile.level}/${tile.index}`) ?? new Uint8Array(0)
      return rootOf(hashesOf(bytes.subarray(first * HASH_BYTES, (first + count) * HASH_BYTES)))
    })
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

/** In which tile the hashes lie that make up a subtree, from which on, and how many. */
function placeOf(subtree: Subtree, size: number): { tile: Tile; first: number; count: number } {
  const level = Math.floor(subtree.level / TILE_LEVELS)
  const count = 2 ** (subtree.level % TILE_LEVELS)
  const start = subtree.index * count
  const tile = tileAt(level, Math.floor(start / TILE_WIDTH), size)
  const first = start % TILE_WIDTH
  if (tile === null || first + count > tile.width) {
    throw new TlogError(
      'TREE_RANGE',
      `a tree of ${size} has no complete subtree at ${subtree.level}/${subtree.index}`,
    )
  }
  return { tile, first, count }
}

import { assertGrowth } from '../tree/size.ts'

/** Hashes in a full tile; a tile level is eight tree levels. */
export const TILE_WIDTH = 256
export const TILE_LEVELS = 8

/**
 * A tile (C2SP tlog-tiles): `width` hashes from the `index * 256`-th of tile level `level`, each over 256^level leaves.
 * Width 256 is a full tile; 1 to 255 is partial.
 */
export interface Tile {
  readonly level: number
  readonly index: number
  readonly width: number
}

/** How many hashes tile level `level` has in a tree of `size` leaves: only complete subtrees have one. */
export function hashesAtLevel(level: number, size: number): number {
  return Math.floor(size / TILE_WIDTH ** level)
}

/** The tile `index` of `level` as it is in a tree of `size` leaves, or null when that tree has no hash in it yet. */
export function tileAt(level: number, index: number, size: number): Tile | null {
  const width = Math.min(TILE_WIDTH, hashesAtLevel(level, size) - index * TILE_WIDTH)
  return width > 0 ? { level, index, width } : null
}

/**
 * The tiles of a tree of `size` leaves, lowest level first, left to right: full ones, and at each level at most one
 * partial one. With `oldSize`, only those that a tree of that size did not have. Lazy, since a large tree has millions.
 * Throws `TREE_RANGE`.
 */
export function tilesFor(size: number, oldSize = 0): Generator<Tile, void> {
  assertGrowth(oldSize, size)
  return newTiles(size, oldSize)
}

function* newTiles(size: number, oldSize: number): Generator<Tile, void> {
  for (let level = 0; hashesAtLevel(level, size) > 0; level++) {
    const before = hashesAtLevel(level, oldSize)
    if (before === hashesAtLevel(level, size)) continue
    for (let index = Math.floor(before / TILE_WIDTH); ; index++) {
      const tile = tileAt(level, index, size)
      if (tile === null) break
      yield tile
    }
  }
}

/** The entry bundles of a log of `size` entries; like `tilesFor`, but the entries themselves. Throws `TREE_RANGE`. */
export function* entryBundlesFor(size: number, oldSize = 0): Generator<EntryBundle, void> {
  assertGrowth(oldSize, size)
  if (oldSize === size) return
  for (let index = Math.floor(oldSize / TILE_WIDTH); ; index++) {
    const tile = tileAt(0, index, size)
    if (tile === null) return
    yield { index: tile.index, width: tile.width }
  }
}

/** The entries from the `index * 256`-th on, `width` of them. */
export interface EntryBundle {
  readonly index: number
  readonly width: number
}

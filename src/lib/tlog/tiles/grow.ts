import { concatBytes } from '../../bytes/index.ts'
import { assertHash } from '../tree/hashing.ts'
import { rootAt, rootOf } from '../tree/root.ts'
import { assertGrowth } from '../tree/size.ts'
import { hashesAtLevel, TILE_WIDTH, type Tile, tileAt } from './tile.ts'
import { checkedTile, hashesOf, type TileReader, tileHashReader } from './tile-reader.ts'

export interface GrownTree {
  readonly size: number
  readonly root: Uint8Array
  /** The tiles that the old tree did not have, as `tilesFor(size, oldSize)` lists them. */
  readonly tiles: readonly { tile: Tile; bytes: Uint8Array }[]
}

/**
 * The tree after leaves are appended to one of `oldSize`: its root and its new tiles. `readTile` is asked for the old
 * tree's partial tiles and for what its root needs, a few tiles per level. Costs one hash per new leaf. Throws
 * `TREE_RANGE`, `HASH_LENGTH`, `TILE_MALFORMED`.
 */
export async function growTree(
  oldSize: number,
  newLeafHashes: readonly Uint8Array[],
  readTile: TileReader,
): Promise<GrownTree> {
  const size = oldSize + newLeafHashes.length
  assertGrowth(oldSize, size)
  newLeafHashes.forEach(assertHash)
  const tiles: { tile: Tile; bytes: Uint8Array }[] = []
  let appended = newLeafHashes
  for (let level = 0; appended.length > 0; level++) {
    const grown = await growLevel(level, oldSize, appended, readTile)
    tiles.push(...grown)
    appended = grown
      .filter(({ tile }) => tile.width === TILE_WIDTH)
      .map(({ bytes }) => rootOf(hashesOf(bytes)))
  }
  const made = new Map(tiles.map(({ tile, bytes }) => [`${tile.level}/${tile.index}`, bytes]))
  const read: TileReader = (tile) => made.get(`${tile.level}/${tile.index}`) ?? readTile(tile)
  return { size, root: await rootAt(size, tileHashReader(size, read)), tiles }
}

async function growLevel(
  level: number,
  oldSize: number,
  appended: readonly Uint8Array[],
  readTile: TileReader,
): Promise<{ tile: Tile; bytes: Uint8Array }[]> {
  const before = hashesAtLevel(level, oldSize)
  const firstIndex = Math.floor(before / TILE_WIDTH)
  const partial = tileAt(level, firstIndex, oldSize)
  const old = partial === null ? [] : hashesOf(checkedTile(partial, await readTile(partial)))
  const hashes = [...old, ...appended]
  return Array.from({ length: Math.ceil(hashes.length / TILE_WIDTH) }, (_, i) => {
    const own = hashes.slice(i * TILE_WIDTH, (i + 1) * TILE_WIDTH)
    return { tile: { level, index: firstIndex + i, width: own.length }, bytes: concatBytes(...own) }
  })
}

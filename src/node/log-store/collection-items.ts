import { bytesToBase64, bytesToHex } from '#lib/bytes/index.ts'
import { commit, formatItemLeaf, leafHash, paddedItemCount, rootOf } from '#lib/tlog/index.ts'

/** An item of a collection, in canonical bytes, with a salt of its own: a salt can be destroyed for one item alone. */
export interface SaltedItem {
  readonly salt: Uint8Array
  readonly item: Uint8Array
}

export interface SealedItems {
  readonly root: Uint8Array
  /** Leaves of the tree, filled up with random ones to a power of two, so that the count of items does not show. */
  readonly leaves: readonly Uint8Array[]
  readonly items: readonly SaltedItem[]
}

/** The tree over the items of a collection, whose root its one record in the log holds. */
export function sealItems(items: readonly Uint8Array[], random: (bytes: number) => Uint8Array): SealedItems {
  const salted = items.map((item) => ({ item, salt: random(32) }))
  const padded = paddedItemCount(Math.max(1, items.length))
  const fill = Array.from({ length: padded - items.length }, () => formatItemLeaf(random(32)))
  const leaves = [...salted.map(({ salt, item }) => formatItemLeaf(commit(salt, item))), ...fill]
  return { root: rootOf(leaves.map(leafHash)), leaves, items: salted }
}

/** One line of JSON per item: its salt and the item in base64; then one per leaf that is fill. */
export function* itemLines({ leaves, items }: SealedItems): Generator<string, void> {
  for (const { salt, item } of items) {
    yield JSON.stringify({ salt: bytesToHex(salt), item: bytesToBase64(item) })
  }
  for (const leaf of leaves.slice(items.length)) yield JSON.stringify({ leaf: bytesToBase64(leaf) })
}

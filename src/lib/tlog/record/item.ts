import { TlogError } from '../errors.ts'
import { leafHash } from '../tree/hashing.ts'
import { assertSize } from '../tree/size.ts'
import { commit, formatItemLeaf } from './leaf.ts'
import { canonicalWithinLimits } from './limits.ts'

/**
 * The exact bytes (RFC 8785) of an item of a sealed collection: any object within the limits of a record. Throws
 * `RECORD_MALFORMED`, `RECORD_LIMIT`.
 */
export function canonicalItem(item: object): Uint8Array {
  return canonicalWithinLimits(item)
}

/**
 * The hash of an item's leaf in the tree of its collection. Each item has a random salt of its own, so that one can be
 * disclosed or erased alone. Throws `SALT_LENGTH`.
 */
export function itemLeafHash(salt: Uint8Array, canonicalItemBytes: Uint8Array): Uint8Array {
  return leafHash(formatItemLeaf(commit(salt, canonicalItemBytes)))
}

/**
 * How many leaves the tree of a collection gets: the next power of two, the rest being commitments to nothing, so that
 * the number of items stays unknown. Throws `TREE_RANGE` for a collection of nothing.
 */
export function paddedItemCount(items: number): number {
  assertSize(items)
  if (items === 0) throw new TlogError('TREE_RANGE', 'a collection has at least one item')
  let count = 1
  while (count < items) count *= 2
  return count
}

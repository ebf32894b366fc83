import { assertHash, emptyRoot, nodeHash } from './hashing.ts'
import { assertSize } from './size.ts'
import { type HashReader, hashRanges, joinSubtrees } from './subtree.ts'

/**
 * The root over leaf hashes in order (RFC 6962 section 2.1). Costs one hash per leaf and memory for the logarithm of
 * their number. Throws `HASH_LENGTH`.
 */
export function rootOf(leafHashes: Iterable<Uint8Array>): Uint8Array {
  // One hash per complete subtree; their levels fall from left to right, so equal neighbours join like carried digits.
  const edge: { level: number; hash: Uint8Array }[] = []
  for (const leaf of leafHashes) {
    assertHash(leaf)
    let level = 0
    let hash = leaf
    for (let left = edge.at(-1); left?.level === level; left = edge.at(-1)) {
      edge.pop()
      hash = nodeHash(left.hash, hash)
      level++
    }
    edge.push({ level, hash })
  }
  return edge.length === 0 ? emptyRoot() : joinSubtrees(edge.map(({ hash }) => hash))
}

/** The root of the tree of this size, from the hashes of at most 48 complete subtrees. Throws `TREE_RANGE`. */
export async function rootAt(size: number, readHashes: HashReader): Promise<Uint8Array> {
  assertSize(size)
  if (size === 0) return emptyRoot()
  const [root] = await hashRanges([{ start: 0, end: size }], readHashes)
  return root ?? emptyRoot()
}

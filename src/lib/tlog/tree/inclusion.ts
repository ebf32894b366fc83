import { equalBytes } from '../../bytes/index.ts'
import { TlogError } from '../errors.ts'
import { assertHash, nodeHash } from './hashing.ts'
import { assertIndex, half, isOdd, MAX_PROOF_HASHES, splitPoint } from './size.ts'
import { type HashReader, hashRanges, type LeafRange } from './subtree.ts'

/**
 * The hashes that show leaf `index` to be in the tree of `size` leaves, from the leaf's sibling up to the root's child
 * (RFC 6962 section 2.1.1). Throws `TREE_RANGE`, `HASH_READER`, `HASH_LENGTH`. It does not check what the reader gave:
 * verify the proof against a signed root before handing it out.
 */
export async function inclusionProof(
  index: number,
  size: number,
  readHashes: HashReader,
): Promise<Uint8Array[]> {
  assertIndex(index, size)
  return hashRanges(siblings(index, size), readHashes)
}

/**
 * Returns when the proof shows that the leaf hash is at `index` in the tree of `size` leaves with this root. Throws
 * `INCLUSION_INVALID` when it does not, or has a hash too few or too many; `TREE_RANGE`; `HASH_LENGTH`.
 */
export function verifyInclusion(claim: {
  index: number
  size: number
  leafHash: Uint8Array
  root: Uint8Array
  proof: readonly Uint8Array[]
}): void {
  const { index, size, proof } = claim
  assertIndex(index, size)
  assertHash(claim.leafHash)
  assertHash(claim.root)
  proof.forEach(assertHash)
  let path = index
  let last = size - 1
  let hash = claim.leafHash
  for (const sibling of proof.slice(0, MAX_PROOF_HASHES + 1)) {
    if (last === 0) throw invalid('has hashes left over')
    if (isOdd(path) || path === last) {
      hash = nodeHash(sibling, hash)
      while (path !== 0 && !isOdd(path)) {
        path = half(path)
        last = half(last)
      }
    } else {
      hash = nodeHash(hash, sibling)
    }
    path = half(path)
    last = half(last)
  }
  if (last !== 0) throw invalid('lacks hashes')
  if (!equalBytes(hash, claim.root)) throw invalid('leads to another root')
}

/** The sibling ranges on the way from the leaf to the root. */
function siblings(index: number, size: number): LeafRange[] {
  const fromRoot: LeafRange[] = []
  let start = 0
  let end = size
  while (end - start > 1) {
    const middle = start + splitPoint(end - start)
    if (index < middle) {
      fromRoot.push({ start: middle, end })
      end = middle
    } else {
      fromRoot.push({ start, end: middle })
      start = middle
    }
  }
  return fromRoot.reverse()
}

function invalid(what: string): TlogError {
  return new TlogError('INCLUSION_INVALID', `the inclusion proof ${what}`)
}

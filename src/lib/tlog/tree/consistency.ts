import { equalBytes } from '../../bytes/index.ts'
import { TlogError } from '../errors.ts'
import { assertHash, emptyRoot, nodeHash } from './hashing.ts'
import { assertGrowth, half, isOdd, MAX_PROOF_HASHES, splitPoint } from './size.ts'
import { type HashReader, hashRanges, type LeafRange } from './subtree.ts'

/**
 * The hashes that show the tree of `newSize` leaves to begin with the tree of `oldSize` leaves (RFC 6962 section
 * 2.1.2). Empty when the old size is 0 or both are equal. Throws `TREE_RANGE`, `HASH_READER`, `HASH_LENGTH`.
 */
export async function consistencyProof(
  oldSize: number,
  newSize: number,
  readHashes: HashReader,
): Promise<Uint8Array[]> {
  assertGrowth(oldSize, newSize)
  if (oldSize === 0) return []
  return hashRanges(proofRanges(oldSize, newSize), readHashes)
}

export interface ConsistencyClaim {
  readonly oldSize: number
  readonly newSize: number
  readonly oldRoot: Uint8Array
  readonly newRoot: Uint8Array
  readonly proof: readonly Uint8Array[]
}

/**
 * Returns when the proof shows that the tree with the new root begins with the tree with the old root. Throws
 * `CONSISTENCY_INVALID` when it does not, or has a hash too few or too many; `TREE_RANGE`; `HASH_LENGTH`.
 * The iterative form of RFC 9162 section 2.1.4.2.
 */
export function verifyConsistency(claim: ConsistencyClaim): void {
  const { oldSize, newSize, oldRoot, newRoot, proof } = claim
  assertGrowth(oldSize, newSize)
  assertHash(oldRoot)
  assertHash(newRoot)
  proof.forEach(assertHash)
  if (oldSize === 0 || oldSize === newSize) {
    verifyEmptyProof(claim)
    return
  }
  let path = oldSize - 1
  let last = newSize - 1
  while (isOdd(path)) {
    path = half(path)
    last = half(last)
  }
  // When the old size is a power of two, the old root is itself a node of the new tree, and the proof leaves it out.
  const hashes = path === 0 ? [oldRoot, ...proof] : proof
  const [first, ...rest] = hashes.slice(0, MAX_PROOF_HASHES + 1)
  if (first === undefined) throw invalid('lacks hashes')
  let oldHash = first
  let newHash = first
  for (const hash of rest) {
    if (last === 0) throw invalid('has hashes left over')
    if (isOdd(path) || path === last) {
      oldHash = nodeHash(hash, oldHash)
      newHash = nodeHash(hash, newHash)
      while (path !== 0 && !isOdd(path)) {
        path = half(path)
        last = half(last)
      }
    } else {
      newHash = nodeHash(newHash, hash)
    }
    path = half(path)
    last = half(last)
  }
  if (last !== 0) throw invalid('lacks hashes')
  if (!equalBytes(oldHash, oldRoot)) throw invalid('leads to another old root')
  if (!equalBytes(newHash, newRoot)) throw invalid('leads to another new root')
}

function verifyEmptyProof({ oldSize, newSize, oldRoot, newRoot, proof }: ConsistencyClaim): void {
  if (proof.length > 0) throw invalid('has hashes left over')
  if (oldSize === 0 && !equalBytes(oldRoot, emptyRoot())) throw invalid('starts from no empty tree')
  if (oldSize === newSize && !equalBytes(oldRoot, newRoot)) throw invalid('joins two roots of one size')
}

/** The ranges of SUBPROOF(oldSize, all leaves, true) in RFC 6962 section 2.1.2, in the order of the proof. */
function proofRanges(oldSize: number, newSize: number): LeafRange[] {
  const fromRoot: LeafRange[] = []
  let start = 0
  let end = newSize
  while (end !== oldSize) {
    const middle = start + splitPoint(end - start)
    if (oldSize <= middle) {
      fromRoot.push({ start: middle, end })
      end = middle
    } else {
      fromRoot.push({ start, end: middle })
      start = middle
    }
  }
  // Starting at 0, this last range is the whole old tree, whose root the verifier has already.
  if (start !== 0) fromRoot.push({ start, end })
  return fromRoot.reverse()
}

function invalid(what: string): TlogError {
  return new TlogError('CONSISTENCY_INVALID', `the consistency proof ${what}`)
}

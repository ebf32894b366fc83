import { TlogError } from '../errors.ts'
import { assertHash, nodeHash } from './hashing.ts'

/** The complete subtree over the leaves from `index * 2^level` up to, not including, `(index + 1) * 2^level`. */
export interface Subtree {
  readonly level: number
  readonly index: number
}

/**
 * Gives the hashes of complete subtrees, in the order asked for, 32 bytes each. It is called once with everything an
 * operation needs, so that a reader over files or a network can fetch in one go.
 */
export type HashReader = (
  subtrees: readonly Subtree[],
) => readonly Uint8Array[] | Promise<readonly Uint8Array[]>

/** The leaves from `start` up to, not including, `end`: `start` is a multiple of a power of two not below `end - start`. */
export interface LeafRange {
  readonly start: number
  readonly end: number
}

/** The complete subtrees that make up a range, from left to right, each as large as possible. */
export function subtreesOf({ start, end }: LeafRange): Subtree[] {
  const subtrees: Subtree[] = []
  for (let at = start; at < end; ) {
    let level = 0
    let width = 1
    while (width * 2 <= end - at) {
      width *= 2
      level++
    }
    subtrees.push({ level, index: at / width })
    at += width
  }
  return subtrees
}

/** The hashes of the ranges, in order; throws `HASH_READER` or `HASH_LENGTH` when the reader gives something else. */
export async function hashRanges(
  ranges: readonly LeafRange[],
  readHashes: HashReader,
): Promise<Uint8Array[]> {
  const parts = ranges.map(subtreesOf)
  const asked = parts.flat()
  const hashes = asked.length === 0 ? [] : await readHashes(asked)
  if (hashes.length !== asked.length) {
    throw new TlogError('HASH_READER', `asked for ${asked.length} hashes and got ${hashes.length}`)
  }
  hashes.forEach(assertHash)
  let at = 0
  return parts.map((part) => {
    const own = hashes.slice(at, at + part.length)
    at += part.length
    return joinSubtrees(own)
  })
}

/** The hash over complete subtrees of falling size: the right ones are joined first, as the split point demands. */
export function joinSubtrees(hashes: readonly Uint8Array[]): Uint8Array {
  return hashes.reduceRight((right, left) => nodeHash(left, right))
}

import { TlogError } from '../errors.ts'

/** The largest tree. Below 2^53 every size and index is an exact number; bit operators would cut them to 32 bits. */
export const MAX_TREE_SIZE = 2 ** 48

/** The longest proof: verifiers refuse more hashes before they compute anything. */
export const MAX_PROOF_HASHES = 63

/** Throws `TREE_RANGE` unless the size is a whole number from 0 to `MAX_TREE_SIZE`. */
export function assertSize(size: number): void {
  if (!Number.isSafeInteger(size) || size < 0 || size > MAX_TREE_SIZE) {
    throw new TlogError('TREE_RANGE', `${size} is not a tree size`)
  }
}

/** Throws `TREE_RANGE` unless the index is that of a leaf in a tree of this size. */
export function assertIndex(index: number, size: number): void {
  assertSize(size)
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) {
    throw new TlogError('TREE_RANGE', `${index} is not a leaf of a tree of ${size}`)
  }
}

/** Throws `TREE_RANGE` unless both are sizes and the old one is not larger. */
export function assertGrowth(oldSize: number, newSize: number): void {
  assertSize(oldSize)
  assertSize(newSize)
  if (oldSize > newSize) throw new TlogError('TREE_RANGE', `a tree of ${oldSize} does not grow to ${newSize}`)
}

/** Where a tree of `size` > 1 leaves is split: the largest power of two below the size (RFC 6962 section 2.1). */
export function splitPoint(size: number): number {
  let power = 1
  while (power * 2 < size) power *= 2
  return power
}

/** A size or index in decimal, as all our text forms write it, or null: no sign, no leading zero, at most 2^48. */
export function parseDecimal(text: string): number | null {
  if (!/^(0|[1-9][0-9]{0,15})$/.test(text)) return null
  const value = Number(text)
  return value <= MAX_TREE_SIZE ? value : null
}

export function half(value: number): number {
  return Math.floor(value / 2)
}

export function isOdd(value: number): boolean {
  return value % 2 === 1
}

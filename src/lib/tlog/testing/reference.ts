import { emptyRoot, leafHash, nodeHash } from '../tree/hashing.ts'
import type { HashReader } from '../tree/subtree.ts'

/**
 * The recursive definitions of RFC 6962 section 2.1 as they are written there, over ranges of leaf hashes: slow, and
 * sharing nothing with the library but the two hash functions. Ranges are remembered, so that all pairs are affordable.
 */
export function referenceTree(leaves: readonly Uint8Array[]) {
  const known = new Map<number, Uint8Array>()
  const split = (count: number) => {
    let power = 1
    while (2 * power < count) power *= 2
    return power
  }
  const root = (from: number, to: number): Uint8Array => {
    if (from === to) return emptyRoot()
    const key = from * 65536 + to
    const hash = known.get(key)
    if (hash !== undefined) return hash
    const middle = from + split(to - from)
    const made =
      to - from === 1 ? (leaves[from] ?? new Uint8Array(0)) : nodeHash(root(from, middle), root(middle, to))
    known.set(key, made)
    return made
  }
  const path = (index: number, from: number, to: number): Uint8Array[] => {
    if (to - from === 1) return []
    const middle = from + split(to - from)
    return index < middle
      ? [...path(index, from, middle), root(middle, to)]
      : [...path(index, middle, to), root(from, middle)]
  }
  const subproof = (old: number, from: number, to: number, isWhole: boolean): Uint8Array[] => {
    if (old === to) return isWhole ? [] : [root(from, to)]
    const middle = from + split(to - from)
    return old <= middle
      ? [...subproof(old, from, middle, isWhole), root(middle, to)]
      : [...subproof(old, middle, to, false), root(from, middle)]
  }
  const reader: HashReader = (subtrees) =>
    subtrees.map(({ level, index }) => root(index * 2 ** level, (index + 1) * 2 ** level))
  return {
    root: (size: number) => root(0, size),
    inclusion: (index: number, size: number) => path(index, 0, size),
    consistency: (old: number, size: number) => (old === 0 ? [] : subproof(old, 0, size, true)),
    reader,
  }
}

/** Leaf hashes of the entries `entry 0`, `entry 1`, ... */
export function numberedLeaves(count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, i) => leafHash(new TextEncoder().encode(`entry ${i}`)))
}

/** Awaits nothing but the promise: the code of the `TlogError` that comes out, or null. */
export async function codeOf(act: () => unknown): Promise<string | null> {
  try {
    await act()
    return null
  } catch (error) {
    if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code
    throw error
  }
}

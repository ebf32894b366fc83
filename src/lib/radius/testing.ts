import type { Hit } from './index.ts'

/** A repeatable stream of 32-bit words (xorshift). */
export function randomWords(seed: number): () => number {
  let state = seed | 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
}

export function randomPrint(next: () => number): Uint8Array {
  return Uint8Array.from({ length: 32 }, () => next() & 255)
}

/** A copy with `count` different bits turned over. */
export function flipBits(print: Uint8Array, count: number, next: () => number): Uint8Array {
  const copy = Uint8Array.from(print)
  const bits = new Set<number>()
  while (bits.size < count) bits.add(next() % 256)
  for (const bit of bits) copy[bit >>> 3] = (copy[bit >>> 3] ?? 0) ^ (1 << (bit & 7))
  return copy
}

/** Counts bit by bit: shares nothing with the index. */
function slowDistance(a: Uint8Array, b: Uint8Array): number {
  let count = 0
  for (let bit = 0; bit < 256; bit++) {
    const shift = bit & 7
    if ((((a[bit >>> 3] ?? 0) >> shift) & 1) !== (((b[bit >>> 3] ?? 0) >> shift) & 1)) count++
  }
  return count
}

export function bruteForce(
  rows: Iterable<readonly [number, Uint8Array]>,
  query: Uint8Array,
  radius: number,
): Hit[] {
  const hits: Hit[] = []
  for (const [id, print] of rows) {
    const distance = slowDistance(print, query)
    if (distance <= radius) hits.push({ id, distance })
  }
  return hits.sort((a, b) => a.distance - b.distance || a.id - b.id)
}

/** Prints one after the other, as `addMany` and `queryMany` take them. */
export function joined(prints: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(prints.length * 32)
  for (const [n, print] of prints.entries()) bytes.set(print, n * 32)
  return bytes
}

export const SHAPES = ['uniform', 'skewed', 'clustered', 'all-equal', 'all-zero'] as const
export type Shape = (typeof SHAPES)[number]

/** `count` fingerprints of a shape that is easy, or one that crowds the buckets. */
export function prints(shape: Shape, count: number, next: () => number): Uint8Array[] {
  const centres = Array.from({ length: 5 }, () => randomPrint(next))
  const first = randomPrint(next)
  return Array.from({ length: count }, (_, n) => {
    if (shape === 'uniform') return randomPrint(next)
    // Most bits zero: a few buckets of each chunk hold nearly everything.
    if (shape === 'skewed') return randomPrint(next).map((byte) => byte & next() & next() & next())
    if (shape === 'clustered') return flipBits(centres[n % 5] ?? first, next() % 45, next)
    return shape === 'all-equal' ? first : new Uint8Array(32)
  })
}

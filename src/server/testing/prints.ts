import type { Hit } from '#lib/radius/index.ts'

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

/** Counts bit by bit: shares nothing with any index. */
export function bruteForce(
  rows: Iterable<readonly [number, Uint8Array]>,
  query: Uint8Array,
  radius: number,
): Hit[] {
  const hits: Hit[] = []
  for (const [id, print] of rows) {
    let distance = 0
    for (let n = 0; n < 32; n++) {
      for (let rest = (print[n] ?? 0) ^ (query[n] ?? 0); rest !== 0; rest &= rest - 1) distance++
    }
    if (distance <= radius) hits.push({ id, distance })
  }
  return hits.sort((a, b) => a.distance - b.distance || a.id - b.id)
}

export function joined(prints: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(prints.length * 32)
  prints.forEach((print, n) => {
    bytes.set(print, n * 32)
  })
  return bytes
}

/** Easy rows, crowded ones and near-copies of each other. */
export function mixedRows(next: () => number): Map<number, Uint8Array> {
  const centres = Array.from({ length: 4 }, () => randomPrint(next))
  const prints = [
    ...Array.from({ length: 700 }, () => randomPrint(next)),
    ...Array.from({ length: 300 }, () => randomPrint(next).map((byte) => byte & next() & next() & next())),
    ...centres.flatMap((centre) => Array.from({ length: 100 }, () => flipBits(centre, next() % 45, next))),
    ...Array.from({ length: 50 }, () => new Uint8Array(32)),
  ]
  return new Map(prints.entries())
}

/** A copy of one of the rows, more or less changed. */
export function queryNear(rows: ReadonlyMap<number, Uint8Array>, next: () => number): Uint8Array {
  const row = rows.get(next() % rows.size) ?? new Uint8Array(32)
  return flipBits(row, next() % 33, next)
}

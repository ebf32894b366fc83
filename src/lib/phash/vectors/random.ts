/** Whole-number randomness of the test pictures: the same in every language (README, "The pictures"). */

/** Mixes 32 bits. */
export function mix32(value: number): number {
  let x = value ^ (value >>> 16)
  x = Math.imul(x, 0x7feb352d)
  x ^= x >>> 15
  x = Math.imul(x, 0x846ca68b)
  return (x ^ (x >>> 16)) >>> 0
}

/** Random number `k` of a seed, 0..2^32-1. */
export function randomAt(seed: number, k: number): number {
  return mix32((mix32(seed) + Math.imul(k + 1, 0x9e3779b9)) | 0)
}

/** Random number `k` of a seed, 0..n-1. */
export function pick(seed: number, k: number, n: number): number {
  return randomAt(seed, k) % n
}

/** The random number at a grid point of one layer of one channel, 0..2^32-1. */
export function lattice(seed: number, channel: number, layer: number, x: number, y: number): number {
  const start = mix32((seed + Math.imul(channel, 0x632be5ab) + Math.imul(layer, 0x85157af5)) | 0)
  const column = mix32((start + x) | 0)
  return mix32((column + Math.imul(y, 0x9e3779b9)) | 0)
}

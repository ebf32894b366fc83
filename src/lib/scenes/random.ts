import { SceneError } from './errors.ts'

const TWO_32 = 4_294_967_296

/**
 * xoshiro128** (Blackman and Vigna). The same state gives the same numbers in every engine: nothing but 32-bit integer
 * operations, and divisions by powers of two. Not for secrets.
 */
export class Random {
  private s0: number
  private s1: number
  private s2: number
  private s3: number

  /** `state`: 16 bytes, four little-endian 32-bit words, not all zero. Errors: `SEED_FORM`. */
  constructor(state: Uint8Array) {
    if (state.length !== 16 || state.every((byte) => byte === 0)) {
      throw new SceneError('SEED_FORM', 'The random state must be 16 bytes that are not all zero.')
    }
    const view = new DataView(state.buffer, state.byteOffset, state.byteLength)
    this.s0 = view.getUint32(0, true)
    this.s1 = view.getUint32(4, true)
    this.s2 = view.getUint32(8, true)
    this.s3 = view.getUint32(12, true)
  }

  /** The next 32-bit unsigned integer. */
  next(): number {
    const result = Math.imul(rotateLeft(Math.imul(this.s1, 5), 7), 9) >>> 0
    const shifted = this.s1 << 9
    this.s2 ^= this.s0
    this.s3 ^= this.s1
    this.s1 ^= this.s2
    this.s0 ^= this.s3
    this.s2 ^= shifted
    this.s3 = rotateLeft(this.s3, 11)
    return result
  }

  /** 0 <= number < 1, in steps of 2^-32. */
  unit(): number {
    return this.next() / TWO_32
  }

  /** A whole number, 0 <= number < `end`, for `end` of 1..2^32. */
  below(end: number): number {
    return Math.floor((this.next() / TWO_32) * end)
  }

  /** `low` <= number < `high`. */
  between(low: number, high: number): number {
    return low + (high - low) * this.unit()
  }

  /** A whole number, both ends included. */
  whole(low: number, high: number): number {
    return low + this.below(high - low + 1)
  }

  isHit(probability: number): boolean {
    return this.unit() < probability
  }

  /** One of the items; at least one is needed by type. */
  pick<T>(items: readonly [T, ...T[]]): T {
    return items[this.below(items.length)] ?? items[0]
  }
}

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits))
}

/**
 * A stream for a whole number of 0..2^53-1: neighbouring seeds give unrelated streams (two rounds of a 32-bit mixer over
 * both halves of the number and the word's position). Errors: `SEED_FORM`.
 */
export function randomFromInteger(seed: number): Random {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new SceneError('SEED_FORM', 'A scene seed is a whole number of 0..2^53-1.')
  }
  const low = seed >>> 0
  const high = Math.floor(seed / TWO_32)
  const state = new DataView(new ArrayBuffer(16))
  for (let word = 0; word < 4; word++) {
    const mixedLow = mix(low ^ Math.imul(word + 1, 0x9e3779b1))
    state.setUint32(4 * word, mix(mixedLow + Math.imul(high, 0x85ebca77) + word), true)
  }
  // All-zero words would stop the generator; no seed is known to give them, and this costs nothing.
  if (new Uint8Array(state.buffer).every((byte) => byte === 0)) state.setUint8(0, 1)
  return new Random(new Uint8Array(state.buffer))
}

function mix(word: number): number {
  let mixed = word | 0
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d)
  mixed = Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39)
  return (mixed ^ (mixed >>> 15)) >>> 0
}

import { RadiusError } from './errors.ts'

export const FINGERPRINT_BYTES = 32
export const FINGERPRINT_BITS = 256
/** A stored row is eight 32-bit words. */
export const ROW_WORDS = 8

// Neighbouring bits of a PDQ fingerprint are neighbouring frequencies and lean the same way, which crowds some buckets
// when a chunk is a run of them. Stored bit p is bit (103 p mod 256) of the fingerprint: 103 is odd, so this is a
// permutation, and a run of stored bits takes bits from all over the 16 x 16 frequency square. Distances do not change.
const STRIDE = 103

/**
 * Writes one fingerprint (32 bytes from `from`) as the eight words of a stored row from `to`, bits permuted as above.
 * Bit b of byte k counts as bit 8k + b, bit p of the row is bit p mod 32 of word floor(p / 32).
 */
export function packRow(bytes: Uint8Array, from: number, words: Uint32Array, to: number): void {
  let bit = 0
  for (let w = 0; w < ROW_WORDS; w++) {
    let word = 0
    for (let b = 0; b < 32; b++) {
      word |= (((bytes[from + (bit >>> 3)] ?? 0) >>> (bit & 7)) & 1) << b
      bit = (bit + STRIDE) & 255
    }
    words[to + w] = word
  }
}

/** The reverse of `packRow`. The 32 bytes of the target must be zero. */
export function unpackRow(words: Uint32Array, from: number, bytes: Uint8Array, to: number): void {
  let bit = 0
  for (let w = 0; w < ROW_WORDS; w++) {
    const word = words[from + w] ?? 0
    for (let b = 0; b < 32; b++) {
      const at = to + (bit >>> 3)
      bytes[at] = (bytes[at] ?? 0) | (((word >>> b) & 1) << (bit & 7))
      bit = (bit + STRIDE) & 255
    }
  }
}

// `| 0` keeps every step a 32-bit integer: without it V8 counts in floating point. The two counts do not share a helper
// because V8 stops inlining at the second level. Both measured: together a flat scan is four times faster. `?? 0` only
// satisfies the type checker: the indexes are in range, and the engine drops it.

/** Number of set bits of a 32-bit word. */
export function popcount(word: number): number {
  const pairs = (word - ((word >>> 1) & 0x55555555)) | 0
  const nibbles = ((pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333)) | 0
  return Math.imul(((nibbles + (nibbles >>> 4)) | 0) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/** Set bits of three words together: a full adder turns them into ones and twos, which are counted in one go. */
export function popcount3(a: number, b: number, c: number): number {
  const half = a ^ b
  const ones = half ^ c
  const twos = (a & b) | (half & c)
  const onePairs = (ones - ((ones >>> 1) & 0x55555555)) | 0
  const twoPairs = (twos - ((twos >>> 1) & 0x55555555)) | 0
  const oneNibbles = ((onePairs & 0x33333333) + ((onePairs >>> 2) & 0x33333333)) | 0
  const twoNibbles = ((twoPairs & 0x33333333) + ((twoPairs >>> 2) & 0x33333333)) | 0
  const nibbles = (oneNibbles + (twoNibbles << 1)) | 0
  return Math.imul(((nibbles & 0x0f0f0f0f) + ((nibbles >>> 4) & 0x0f0f0f0f)) | 0, 0x01010101) >>> 24
}

/**
 * Hamming distance of two rows if it is <= `limit`, otherwise some number above `limit`. Nearly all unrelated rows are
 * settled by their first three words.
 */
export function rowDistance(a: Uint32Array, ai: number, b: Uint32Array, bi: number, limit: number): number {
  const first = popcount3(
    (a[ai] ?? 0) ^ (b[bi] ?? 0),
    (a[ai + 1] ?? 0) ^ (b[bi + 1] ?? 0),
    (a[ai + 2] ?? 0) ^ (b[bi + 2] ?? 0),
  )
  if (first > limit) return first
  const second = popcount3(
    (a[ai + 3] ?? 0) ^ (b[bi + 3] ?? 0),
    (a[ai + 4] ?? 0) ^ (b[bi + 4] ?? 0),
    (a[ai + 5] ?? 0) ^ (b[bi + 5] ?? 0),
  )
  if (first + second > limit) return first + second
  return (
    first + second + popcount3((a[ai + 6] ?? 0) ^ (b[bi + 6] ?? 0), (a[ai + 7] ?? 0) ^ (b[bi + 7] ?? 0), 0)
  )
}

/** Refuses anything but 32 bytes (BAD_LENGTH). */
export function assertFingerprint(fingerprint: Uint8Array): void {
  if (!(fingerprint instanceof Uint8Array) || fingerprint.length !== FINGERPRINT_BYTES) {
    throw new RadiusError('BAD_LENGTH', 'A fingerprint is 32 bytes.')
  }
}

export const FINGERPRINT_BYTES = 32
export const FINGERPRINT_BITS = 256

// The order in which the bits of a fingerprint are stored; bit b of byte k counts as 8k + b on both sides. Distances do not
// change. A PDQ fingerprint is a square of 16 x 16 frequencies, rows and columns from 0. Two things are wanted of a run of
// stored bits, which is what the index looks up at once:
// - Mirroring a picture turns over the bits of its even rows, or of its even columns, and leaves the others nearly as they
//   are. So the bits are stored in four classes by the parities of row and column: of the four ways to mirror a picture, a
//   run within a class has two kinds of keys instead of four, and one where row and column are odd has the same key in all.
// - Neighbouring frequencies lean the same way, which crowds some buckets. So a class is passed through in long strides.
const SIDE = 16
const CLASS_BITS = 64
/** Odd rows and columns second: a run over the border to a neighbour then still has two kinds of keys. */
const CLASSES = [
  { row: 0, column: 1 },
  { row: 1, column: 1 },
  { row: 1, column: 0 },
  { row: 0, column: 0 },
] as const
/** Three rows and three columns of a class at a time; odd, so that it comes to each of its bits. */
const STRIDE = 27

export const PERMUTATION_BYTES = 2 * 8 * FINGERPRINT_BYTES

/** The bit of the fingerprint that is stored at place p. */
const ORDER: readonly number[] = CLASSES.flatMap(({ row, column }) =>
  Array.from({ length: CLASS_BITS }, (_, n) => {
    const place = (STRIDE * n) % CLASS_BITS
    return bitOf(2 * (place >>> 3) + row, 2 * (place & 7) + column)
  }),
)

/** The first byte of a fingerprint holds the last eight frequencies. */
function bitOf(row: number, column: number): number {
  const frequency = SIDE * row + column
  return 8 * (FINGERPRINT_BYTES - 1 - (frequency >>> 3)) + (frequency & 7)
}

/** For each bit of a byte, the byte to take it from for each of the 32 bytes; then, in the same order, the bit there as a mask. */
function tableOf(order: readonly number[]): Uint8Array {
  const table = new Uint8Array(PERMUTATION_BYTES)
  for (const [place, from] of order.entries()) {
    const at = (place & 7) * FINGERPRINT_BYTES + (place >>> 3)
    table[at] = from >>> 3
    table[PERMUTATION_BYTES / 2 + at] = 1 << (from & 7)
  }
  return table
}

/** What the kernel's `permute` needs to bring fingerprints into the stored order. */
export const PERMUTATION = tableOf(ORDER)

/** The way back. */
export const INVERSE = tableOf(ORDER.map((_, bit) => ORDER.indexOf(bit)))

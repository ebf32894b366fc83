export const FINGERPRINT_BYTES = 32
export const FINGERPRINT_BITS = 256

// Neighbouring bits of a PDQ fingerprint are neighbouring frequencies and lean the same way, which crowds some buckets
// when a chunk is a run of them. Stored bit p is bit (103 p mod 256) of the fingerprint: 103 is odd, so this is a
// permutation, and a run of stored bits takes bits from all over the 16 x 16 frequency square. Distances do not change.
// Bit b of byte k counts as bit 8k + b, on both sides.
const STRIDE = 103
/** 103 x 87 = 35 x 256 + 1. */
const INVERSE_STRIDE = 87

export const PERMUTATION_BYTES = 8 * FINGERPRINT_BYTES + 8

/** For each bit of a byte, the byte to take it from for each of the 32 bytes; then, for each, the bit there as a mask. */
function tableOf(stride: number): Uint8Array {
  const table = new Uint8Array(PERMUTATION_BYTES)
  for (let bit = 0; bit < 8; bit++) {
    for (let byte = 0; byte < FINGERPRINT_BYTES; byte++) {
      table[bit * FINGERPRINT_BYTES + byte] = ((stride * (8 * byte + bit)) % FINGERPRINT_BITS) >>> 3
    }
    // The same for every byte: the stride times eight is a whole number of bytes.
    table[8 * FINGERPRINT_BYTES + bit] = 1 << ((stride * bit) & 7)
  }
  return table
}

/** What the kernel's `permute` needs to bring fingerprints into the stored order. */
export const PERMUTATION = tableOf(STRIDE)

/** The way back. */
export const INVERSE = tableOf(INVERSE_STRIDE)

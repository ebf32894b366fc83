import { bytesToHex, hexToBytes } from '../bytes/index.ts'
import { FingerprintError } from './errors.ts'

/** Bytes of a hash; the first one holds bits 255..248. */
export const HASH_BYTES = 32

const ONES = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll('0', '').length)

/** Hamming distance of two hashes, 0..256. Throws `BAD_HASH_LENGTH` unless both have 32 bytes. */
export function distance(a: Uint8Array, b: Uint8Array): number {
  assertHash(a)
  assertHash(b)
  let bits = 0
  for (let i = 0; i < HASH_BYTES; i++) bits += ONES[(a[i] ?? 0) ^ (b[i] ?? 0)] ?? 0
  return bits
}

/** The hash as 64 lower-case digits, bit 255 first. Throws `BAD_HASH_LENGTH` unless it has 32 bytes. */
export function toHex(hash: Uint8Array): string {
  assertHash(hash)
  return bytesToHex(hash)
}

/** The hash written as exactly 64 hexadecimal digits, in either case. Throws `BAD_HEX` for anything else. */
export function fromHex(text: string): Uint8Array {
  const hash = text.length === 2 * HASH_BYTES ? hexToBytes(text) : null
  if (hash === null)
    throw new FingerprintError('BAD_HEX', 'A fingerprint is written as exactly 64 hexadecimal digits.')
  return hash
}

function assertHash(hash: Uint8Array): void {
  if (hash.length !== HASH_BYTES) {
    throw new FingerprintError(
      'BAD_HASH_LENGTH',
      `A fingerprint has ${HASH_BYTES} bytes, not ${hash.length}.`,
    )
  }
}

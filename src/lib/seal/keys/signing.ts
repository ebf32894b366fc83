import { ed25519 } from '@noble/curves/ed25519.js'
import { concatBytes } from '../../bytes/index.ts'
import { canonicalBytes } from './canonical.ts'
import { checkLength } from './checks.ts'
import type { SignatureLabel } from './labels.ts'

export const PUBLIC_KEY_BYTES = 32
export const SIGNATURE_BYTES = 64
export const SEED_BYTES = 32

/** An Ed25519 key (RFC 8032): `seed` is secret, `publicKey` is not. */
export interface SigningKey {
  readonly seed: Uint8Array
  readonly publicKey: Uint8Array
}

/** The key of a 32-byte seed. */
export function signingKeyOf(seed: Uint8Array): SigningKey {
  checkLength(seed, SEED_BYTES, 'The seed of a signing key')
  return { seed, publicKey: ed25519.getPublicKey(seed) }
}

/** Signs the label, a line feed and the canonical bytes of the value: 64 bytes. `SEAL_NOT_CANONICAL` as `canonicalBytes`. */
export function signRecord(key: SigningKey, label: SignatureLabel, record: unknown): Uint8Array {
  return ed25519.sign(signedBytes(label, record), key.seed)
}

/**
 * True when the signature over label and record holds. A key or signature of a wrong length, outside of RFC 8032, or of small
 * order is false, never an error; a record without canonical form throws `SEAL_NOT_CANONICAL`.
 */
export function verifyRecord(
  publicKey: Uint8Array,
  label: SignatureLabel,
  record: unknown,
  signature: Uint8Array,
): boolean {
  const message = signedBytes(label, record)
  if (publicKey.length !== PUBLIC_KEY_BYTES || signature.length !== SIGNATURE_BYTES) return false
  try {
    // Strict RFC 8032, because OpenSSL and Node, which check the same bytes, know no other rule.
    return ed25519.verify(signature, message, publicKey, { zip215: false })
  } catch {
    return false
  }
}

/** The bytes that a signature of this label covers, for checking it with other tools. */
export function signedBytes(label: SignatureLabel, record: unknown): Uint8Array {
  return concatBytes(new TextEncoder().encode(`${label}\n`), canonicalBytes(record))
}

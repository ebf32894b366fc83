import { createPublicKey, verify } from 'node:crypto'
import type { Ed25519Verifier } from '#lib/tlog/index.ts'

/** RFC 8410: what stands before the 32 bytes of an Ed25519 public key in its SubjectPublicKeyInfo. */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')
const SIGNATURE_BYTES = 64
/** RFC 8032 section 5.1.2: y = 1 and x = 0. */
const NEUTRAL_ELEMENT = Buffer.alloc(32)
NEUTRAL_ELEMENT[0] = 1

/**
 * What the log library's own verifier says, said by OpenSSL in a fifteenth of the time. OpenSSL computes R from s and the
 * key and compares bytes, so for a key of the prime-order group it accepts no R outside of it and none in another
 * encoding. It has no objection to R being the neutral element; the library has, so it is refused first.
 */
export const nativeEd25519: Ed25519Verifier = (message, signature, publicKey) => {
  if (signature.length !== SIGNATURE_BYTES) return false
  if (NEUTRAL_ELEMENT.equals(signature.subarray(0, NEUTRAL_ELEMENT.length))) return false
  const key = Buffer.concat([SPKI_PREFIX, publicKey])
  return verify(null, message, createPublicKey({ key, format: 'der', type: 'spki' }), signature)
}

import { ed25519 } from '@noble/curves/ed25519.js'

export const ED25519_KEY_BYTES = 32
export const ED25519_SIGNATURE_BYTES = 64

/**
 * Tells whether an Ed25519 signature over a message holds. For programs that have a faster one than `verifyEd25519`; it
 * has to refuse whatever that refuses. The public key is that of a `Vkey`, and so `isEd25519Key` holds for it.
 */
export type Ed25519Verifier = (message: Uint8Array, signature: Uint8Array, publicKey: Uint8Array) => boolean

/** True for the canonical encoding of a point of the prime-order group other than its neutral element. */
export function isEd25519Key(publicKey: Uint8Array): boolean {
  return publicKey.length === ED25519_KEY_BYTES && isGroupElement(publicKey)
}

/**
 * True when the signature verifies (RFC 8032 section 5.1.7). Implementations differ on signatures that only their own
 * signer can make crooked, by a component of small order. Those are refused here, so that what verifies here verifies
 * with OpenSSL and Go too: nobody can sign something that looks sound to a survivor and broken to a laboratory.
 */
export function verifyEd25519(message: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): boolean {
  if (signature.length !== ED25519_SIGNATURE_BYTES) return false
  if (!isEd25519Key(publicKey) || !isGroupElement(signature.subarray(0, ED25519_KEY_BYTES))) return false
  try {
    return ed25519.verify(signature, message, publicKey, { zip215: false })
  } catch {
    return false
  }
}

function isGroupElement(encoded: Uint8Array): boolean {
  try {
    const point = ed25519.Point.fromBytes(encoded, false)
    return !point.is0() && point.isTorsionFree()
  } catch {
    return false
  }
}

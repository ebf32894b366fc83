import { ed25519 } from '@noble/curves/ed25519.js'

/** True for the canonical encoding of a point of the prime-order group other than its neutral element (RFC 8032). */
export function isSigningKey(publicKey: Uint8Array | null): boolean {
  try {
    if (publicKey?.length !== 32) return false
    const point = ed25519.Point.fromBytes(publicKey, false)
    return !point.is0() && point.isTorsionFree()
  } catch {
    return false
  }
}

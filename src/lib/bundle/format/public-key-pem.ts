import { bytesToBase64, concatBytes } from '../../bytes/index.ts'

/** SubjectPublicKeyInfo of an Ed25519 key up to the key itself (RFC 8410 section 4). */
const SPKI_START = new Uint8Array([48, 42, 48, 5, 6, 3, 43, 101, 112, 3, 33, 0])

/** An Ed25519 public key of 32 bytes as openssl reads it. */
export function publicKeyPem(publicKey: Uint8Array): string {
  return `-----BEGIN PUBLIC KEY-----\n${bytesToBase64(concatBytes(SPKI_START, publicKey))}\n-----END PUBLIC KEY-----\n`
}

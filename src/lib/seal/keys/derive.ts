import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes } from '../../bytes/index.ts'
import type { HashLabel, KeyLabel } from './labels.ts'

/** HKDF-SHA-256 (RFC 5869) with empty salt and the label as `info`. */
export function deriveKey(secret: Uint8Array, label: KeyLabel, lengthBytes: number): Uint8Array {
  return hkdf(sha256, secret, undefined, new TextEncoder().encode(label), lengthBytes)
}

/** SHA-256 of the label, a line feed and the parts, one after the other. */
export function labelledHash(label: HashLabel, ...parts: readonly Uint8Array[]): Uint8Array {
  return sha256(concatBytes(new TextEncoder().encode(`${label}\n`), ...parts))
}

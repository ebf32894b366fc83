import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, type CanonicalValue } from '#lib/bytes/index.ts'
import { canonicalBytes } from '#lib/seal/index.ts'

/** SHA-256 of the canonical JSON of a payload, as lower-case hexadecimal digits: what a signature of a request covers. */
export function payloadSha256(payload: CanonicalValue): string {
  return bytesToHex(sha256(canonicalBytes(payload)))
}

import { base64ToBytes, bytesToBase64 } from '../../bytes/index.ts'
import { assertHash, HASH_BYTES } from '../tree/hashing.ts'
import { MAX_PROOF_HASHES } from '../tree/size.ts'

/** One base64 line per hash. Throws `HASH_LENGTH`. */
export function formatHashLines(hashes: readonly Uint8Array[]): string {
  hashes.forEach(assertHash)
  return hashes.map((hash) => `${bytesToBase64(hash)}\n`).join('')
}

/** The hashes of the lines, or null when a line is no hash or there are more than a proof can have. */
export function parseHashLines(lines: readonly string[]): Uint8Array[] | null {
  if (lines.length > MAX_PROOF_HASHES) return null
  const hashes = lines.map(base64ToBytes).filter((hash) => hash?.length === HASH_BYTES)
  return hashes.length === lines.length ? hashes.filter((hash) => hash !== null) : null
}

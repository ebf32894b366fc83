import { SealError } from '../errors.ts'
import { bech32Decode } from './bech32.ts'

/** `hybrid`: ML-KEM-768 with X25519 (`age1pq1...`), everything inside Saksi. `x25519` (`age1...`): hand-over to agencies. */
export type RecipientKind = 'hybrid' | 'x25519'

const HYBRID_KEY_BYTES = 1216
const X25519_KEY_BYTES = 32
const ML_KEM_VECTOR_BYTES = 1152
const ML_KEM_Q = 3329

/**
 * The kind of an age recipient. Refuses (`SEAL_RECIPIENT`) every other text: other kinds, wrong lengths, upper case, a wrong
 * checksum, and hybrid keys that fail the check of FIPS 203, section 7.2.
 */
export function recipientKind(recipient: string): RecipientKind {
  const decoded = recipient.startsWith('age1') ? bech32Decode(recipient) : null
  const isHybrid = decoded?.prefix === 'age1pq' && decoded.bytes.length === HYBRID_KEY_BYTES
  if (isHybrid && isReduced(decoded.bytes)) return 'hybrid'
  if (decoded?.prefix === 'age' && decoded.bytes.length === X25519_KEY_BYTES) return 'x25519'
  throw new SealError('SEAL_RECIPIENT', 'Not an age recipient of a kind that is used here.')
}

/** Refuses (`SEAL_RECIPIENT`) whatever is not a hybrid recipient. */
export function checkHybridRecipient(recipient: string): void {
  if (recipientKind(recipient) !== 'hybrid')
    throw new SealError('SEAL_RECIPIENT', 'Inside a case only hybrid recipients are used.')
}

/** True when all coefficients of an ML-KEM key, 12 bits each, are below q. Version 0.5 of the library lets others through. */
function isReduced(key: Uint8Array): boolean {
  for (let at = 0; at < ML_KEM_VECTOR_BYTES; at += 3) {
    const [a = 0, b = 0, c = 0] = key.subarray(at, at + 3)
    if (a + (b & 15) * 256 >= ML_KEM_Q || (b >> 4) + c * 16 >= ML_KEM_Q) return false
  }
  return true
}

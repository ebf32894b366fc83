import { SealError } from '../errors.ts'
import { bech32Decode } from './bech32.ts'

/** `hybrid`: ML-KEM-768 with X25519 (`age1pq1...`), everything inside Saksi. `x25519` (`age1...`): hand-over to agencies. */
export type RecipientKind = 'hybrid' | 'x25519'

const HYBRID_KEY_BYTES = 1216
const X25519_KEY_BYTES = 32

/**
 * The kind of an age recipient. Refuses (`SEAL_RECIPIENT`) every other text: other kinds, wrong lengths, upper case, a wrong
 * checksum. That a hybrid key is one that can be sealed to shows only when sealing.
 */
export function recipientKind(recipient: string): RecipientKind {
  const decoded = recipient.startsWith('age1') ? bech32Decode(recipient) : null
  if (decoded?.prefix === 'age1pq' && decoded.bytes.length === HYBRID_KEY_BYTES) return 'hybrid'
  if (decoded?.prefix === 'age' && decoded.bytes.length === X25519_KEY_BYTES) return 'x25519'
  throw new SealError('SEAL_RECIPIENT', 'Not an age recipient of a kind that is used here.')
}

/** Refuses (`SEAL_RECIPIENT`) whatever is not a hybrid recipient. */
export function checkHybridRecipient(recipient: string): void {
  if (recipientKind(recipient) !== 'hybrid')
    throw new SealError('SEAL_RECIPIENT', 'Inside a case only hybrid recipients are used.')
}

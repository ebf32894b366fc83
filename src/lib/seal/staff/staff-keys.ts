import { deriveKey } from '../keys/derive.ts'
import { KEY_LABELS } from '../keys/labels.ts'
import { SEED_BYTES, type SigningKey, signingKeyOf } from '../keys/signing.ts'
import type { UnlockSecret } from './kdf.ts'

/** Opens a box of keys and signs nothing. */
export interface BoxKey {
  readonly boxKey: Uint8Array
}

/** Two independent keys of one way of unlocking. */
export interface StaffKeys {
  /** Proves to the server who signs in. Tells nothing about the other one. */
  readonly auth: SigningKey
  readonly box: BoxKey
}

export function staffKeysOf(secret: UnlockSecret): StaffKeys {
  return {
    auth: signingKeyOf(deriveKey(secret, KEY_LABELS.staffAuth, SEED_BYTES)),
    box: { boxKey: deriveKey(secret, KEY_LABELS.staffWrap, 32) },
  }
}

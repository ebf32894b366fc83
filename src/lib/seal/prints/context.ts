import { xchacha20poly1305 } from '@noble/ciphers/chacha.js'
import { type CanonicalValue, concatBytes } from '../../bytes/index.ts'
import { SealError } from '../errors.ts'
import { decodeFrame, encodeFrame } from '../frame/frame.ts'
import { RECORD_FRAME_BYTES } from '../frame/padded-size.ts'
import { canonicalBytes, parseCanonicalBytes } from '../keys/canonical.ts'
import type { RandomBytes } from '../keys/random.ts'

const NONCE_BYTES = 24
const MAC_BYTES = 16

/** Every length a sealed context can have. */
export const CONTEXT_BYTES: readonly number[] = RECORD_FRAME_BYTES.map(
  (length) => NONCE_BYTES + length + MAC_BYTES,
)

/**
 * Seals where and when a picture was seen under the key that goes with its sighting: nonce 24 | XChaCha20-Poly1305 of a record
 * padded to a size class. Whoever's picture it is gets the key with the hit. Errors: `SEAL_NOT_CANONICAL`, `FRAME_TOO_LARGE`.
 */
export function sealContext(record: unknown, contextKey: Uint8Array, random: RandomBytes): Uint8Array {
  const nonce = random(NONCE_BYTES)
  const frame = encodeFrame({ type: 'record', payload: canonicalBytes(record) })
  return concatBytes(nonce, xchacha20poly1305(contextKey, nonce).encrypt(frame))
}

/** Opens a context. Errors: `SEAL_BROKEN`, `FRAME_INVALID`, `SEAL_NOT_CANONICAL`. */
export function openContext(sealed: Uint8Array, contextKey: Uint8Array): CanonicalValue {
  if (!CONTEXT_BYTES.includes(sealed.length)) throw broken()
  const nonce = sealed.subarray(0, NONCE_BYTES)
  return parseCanonicalBytes(decodeFrame(decrypted(sealed, nonce, contextKey)).payload)
}

function decrypted(sealed: Uint8Array, nonce: Uint8Array, contextKey: Uint8Array): Uint8Array {
  try {
    return xchacha20poly1305(contextKey, nonce).decrypt(sealed.subarray(NONCE_BYTES))
  } catch (cause) {
    throw broken(cause)
  }
}

function broken(cause?: unknown): SealError {
  return new SealError(
    'SEAL_BROKEN',
    'This context was altered, or the key is another one’s.',
    cause === undefined ? undefined : { cause },
  )
}

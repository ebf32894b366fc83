import type { CanonicalValue } from '../../bytes/index.ts'
import { openBytes } from '../envelope/open.ts'
import { sealBytes } from '../envelope/seal.ts'
import { sealedLength } from '../envelope/sizes.ts'
import { canonicalBytes, parseCanonicalBytes } from '../keys/canonical.ts'
import type { AgeIdentity } from '../keys/identity.ts'
import { checkHybridRecipient } from '../keys/recipient.ts'
import { decodeFrame, encodeFrame } from './frame.ts'
import { type FrameType, frameError } from './frame-header.ts'
import { RECORD_FRAME_BYTES } from './padded-size.ts'

/** Every length a sealed record or file list can have: 5,755, 18,043, 67,195 or 263,851 bytes. */
export const SEALED_ITEM_BYTES: readonly number[] = RECORD_FRAME_BYTES.map((length) => sealedLength(length))

export type ItemType = Exclude<FrameType, 'file'>

/**
 * Seals a record (or a file list) to a hybrid recipient: canonical JSON, padded to a size class. Errors: `SEAL_NOT_CANONICAL`,
 * `FRAME_TOO_LARGE` (above 262,000 bytes), `SEAL_RECIPIENT`.
 */
export async function sealItem(
  record: unknown,
  recipient: string,
  type: ItemType = 'record',
): Promise<Uint8Array> {
  checkHybridRecipient(recipient)
  return sealBytes(encodeFrame({ type, payload: canonicalBytes(record) }), [recipient])
}

/**
 * Opens a sealed record or file list. What it holds is proven whole, but not yet proven to be of anybody: see the signatures of
 * messages. Errors: those of `openBytes`, `FRAME_INVALID`, `SEAL_NOT_CANONICAL`.
 */
export async function openItem(
  sealed: Uint8Array,
  identities: AgeIdentity | readonly AgeIdentity[],
  type: ItemType = 'record',
): Promise<CanonicalValue> {
  const frame = decodeFrame(await openBytes(sealed, identities))
  if (frame.type !== type) throw frameError()
  return parseCanonicalBytes(frame.payload)
}

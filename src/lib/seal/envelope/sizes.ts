import { checkWhole } from '../keys/checks.ts'
import type { RecipientKind } from '../keys/recipient.ts'

/** More readers than this get their own file. */
export const MAX_RECIPIENTS = 16
/** What is sealed or opened in one piece; beyond it, the streams. */
export const MAX_HELD_BYTES = 32 * 1024 * 1024

const PIECE_BYTES = 64 * 1024
const TAG_BYTES = 16
const NONCE_BYTES = 16
// Version line and MAC line of an age header.
const FRAME_OF_HEADER = 22 + 48
const STANZA_BYTES: Record<RecipientKind, number> = { hybrid: 1557, x25519: 98 }

/** How many bytes sealing makes of so many bytes: known beforehand, so that a server can demand exactly them. */
export function sealedLength(lengthBytes: number, kind: RecipientKind = 'hybrid', recipients = 1): number {
  checkWhole(lengthBytes, 0, 2 ** 48, 'The length of what is to be sealed')
  checkWhole(recipients, 1, MAX_RECIPIENTS, 'The number of recipients')
  const pieces = Math.max(1, Math.ceil(lengthBytes / PIECE_BYTES))
  return FRAME_OF_HEADER + recipients * STANZA_BYTES[kind] + NONCE_BYTES + lengthBytes + pieces * TAG_BYTES
}

import { padmeLength, sealedLength } from '#lib/seal/index.ts'

const SMALLEST_FRAME_BYTES = 65_536
// What age adds grows by a tag of 16 bytes for each 64 KiB.
const PIECE_BYTES = 65_536
const TAG_BYTES = 16

/**
 * True for the length of a sealed file whose frame has a length of Padmé, 64 KiB at least. The server takes no other, so
 * that no client can leave the size of a file behind by mistake.
 */
export function isSealedFileSize(sizeBytes: number): boolean {
  const headBytes = sealedLength(0) - TAG_BYTES
  if (sizeBytes < headBytes) return false
  const pieces = Math.ceil((sizeBytes - headBytes) / (PIECE_BYTES + TAG_BYTES))
  const frame = sizeBytes - headBytes - pieces * TAG_BYTES
  return frame >= SMALLEST_FRAME_BYTES && padmeLength(frame) === frame && sealedLength(frame) === sizeBytes
}

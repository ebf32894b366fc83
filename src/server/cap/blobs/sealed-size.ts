// An age file of one hybrid recipient: header and nonce, then pieces of 64 KiB with a tag each (age v1).
const HEAD_BYTES = 1_643
const PIECE_BYTES = 65_536
const TAG_BYTES = 16

/**
 * True for the length of a sealed file whose frame has a length of Padmé, 64 KiB at least. The server takes no other, so
 * that no client can leave the size of a file behind by mistake.
 */
export function isSealedFileSize(sizeBytes: number): boolean {
  const pieces = Math.ceil((sizeBytes - HEAD_BYTES) / (PIECE_BYTES + TAG_BYTES))
  const frame = sizeBytes - HEAD_BYTES - pieces * TAG_BYTES
  return frame >= PIECE_BYTES && pieces === Math.ceil(frame / PIECE_BYTES) && padme(frame) === frame
}

/** The smallest length of a sealed file that holds so many bytes. */
export function sealedFileSize(contentBytes: number): number {
  const frame = padme(Math.max(PIECE_BYTES, contentBytes))
  return HEAD_BYTES + frame + Math.ceil(frame / PIECE_BYTES) * TAG_BYTES
}

/** Rounded up so that only the leading bits stay visible (Nikitin and others, PURBs, 2019). */
function padme(lengthBytes: number): number {
  const exponent = 31 - Math.clz32(lengthBytes)
  const bits = exponent - (32 - Math.clz32(exponent))
  const unit = 2 ** Math.max(0, bits)
  return Math.ceil(lengthBytes / unit) * unit
}

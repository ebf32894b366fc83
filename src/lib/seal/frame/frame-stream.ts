import type { ByteSource } from '../envelope/byte-stream.ts'
import { SealError } from '../errors.ts'
import { checkFrameLength } from './frame.ts'
import { frameError, frameHeader, HEADER_BYTES, parseFrameHeader } from './frame-header.ts'
import { frameLength } from './padded-size.ts'

const ZEROS = new Uint8Array(64 * 1024)

/**
 * The frame of a file, piece by piece. `fileBytes` must be what the source gives: a file that grew or shrank meanwhile is
 * refused with `BLOB_MISMATCH`, and what was made of it until then must be thrown away.
 */
export async function* frameFile(source: ByteSource, fileBytes: number): AsyncGenerator<Uint8Array> {
  const length = frameLength('file', fileBytes)
  yield frameHeader('file', fileBytes)
  let left = fileBytes
  for await (const piece of source) {
    left -= piece.length
    if (left < 0) throw changedError()
    yield piece
  }
  if (left !== 0) throw changedError()
  for (let padding = length - HEADER_BYTES - fileBytes; padding > 0; padding -= ZEROS.length)
    yield padding < ZEROS.length ? ZEROS.slice(0, padding) : ZEROS.slice()
}

/**
 * The file of a frame, piece by piece. Refuses (`FRAME_INVALID`) what `frameFile` would not have made; whether the padding is
 * right shows only at the end, and until then nothing may be used.
 */
export async function* unframeFile(source: ByteSource): AsyncGenerator<Uint8Array> {
  const header = new Uint8Array(HEADER_BYTES)
  let seen = 0
  let end = HEADER_BYTES
  for await (const piece of source) {
    let rest = piece
    if (seen < HEADER_BYTES) {
      header.set(piece.subarray(0, HEADER_BYTES - seen), seen)
      rest = piece.subarray(HEADER_BYTES - seen)
      if (seen + piece.length >= HEADER_BYTES) end += payloadLength(header)
    }
    const restStart = seen + piece.length - rest.length
    seen += piece.length
    const payload = rest.subarray(0, Math.max(0, end - restStart))
    if (rest.subarray(payload.length).some((byte) => byte !== 0)) throw frameError()
    if (payload.length > 0) yield payload
  }
  if (seen < HEADER_BYTES) throw frameError()
  checkFrameLength('file', end - HEADER_BYTES, seen)
}

function payloadLength(header: Uint8Array): number {
  const { type, payloadBytes } = parseFrameHeader(header)
  if (type !== 'file') throw frameError()
  return payloadBytes
}

function changedError(): SealError {
  return new SealError('BLOB_MISMATCH', 'The file changed while it was being sealed. Choose it again.')
}

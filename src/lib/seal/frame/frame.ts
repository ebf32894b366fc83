import { type FrameType, frameError, frameHeader, HEADER_BYTES, parseFrameHeader } from './frame-header.ts'
import { frameLength, MAX_RECORD_BYTES } from './padded-size.ts'

/** What was sealed, before it is padded and after the padding was taken off. */
export interface Frame {
  readonly type: FrameType
  readonly payload: Uint8Array
}

/**
 * The frame of a payload: version, type, length, payload, zeros up to a size that many payloads share, so that what is seen of a
 * sealed item is its size class and no more. Errors: `FRAME_TOO_LARGE`.
 */
export function encodeFrame({ type, payload }: Frame): Uint8Array {
  const frame = new Uint8Array(frameLength(type, payload.length))
  frame.set(frameHeader(type, payload.length))
  frame.set(payload, HEADER_BYTES)
  return frame
}

/**
 * Type and payload of a frame. Refuses (`FRAME_INVALID`) everything that `encodeFrame` would not have made: another version or
 * type, a length beyond the frame, padding that is not zero, another size than the one of its class.
 */
export function decodeFrame(frame: Uint8Array): Frame {
  const { type, payloadBytes } = parseFrameHeader(frame)
  checkFrameLength(type, payloadBytes, frame.length)
  const end = HEADER_BYTES + payloadBytes
  if (frame.subarray(end).some((byte) => byte !== 0)) throw frameError()
  return { type, payload: frame.slice(HEADER_BYTES, end) }
}

/** Refuses (`FRAME_INVALID`) a frame whose length is not the one that its payload gets. */
export function checkFrameLength(type: FrameType, payloadBytes: number, frameBytes: number): void {
  const isTooLong = type !== 'file' && payloadBytes > MAX_RECORD_BYTES
  if (isTooLong || frameLength(type, payloadBytes) !== frameBytes) throw frameError()
}

import { SealError } from '../errors.ts'
import { checkWhole } from '../keys/checks.ts'
import { type FrameType, HEADER_BYTES } from './frame-header.ts'

/** The sizes of frames that hold a message, a record or a list of files. */
export const RECORD_FRAME_BYTES = [4_096, 16_384, 65_536, 262_144] as const
/** The longest JSON of a message or record; beyond it the page offers to split the text. */
export const MAX_RECORD_BYTES = 262_000
/** The smallest frame of a file. */
export const MIN_FILE_FRAME_BYTES = 65_536

/**
 * A length rounded up so that at most as many bits of it stay visible as its own bit length has bits (Padmé, Nikitin and others,
 * "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs", 2019). Costs 3.2 % at most from 64 KiB up.
 * `lengthBytes` is 1 to 2^50.
 */
export function padmeLength(lengthBytes: number): number {
  checkWhole(lengthBytes, 1, 2 ** 50, 'The length to be padded')
  const exponent = floorLog2(lengthBytes)
  if (exponent === 0) return lengthBytes
  const step = 2 ** (exponent - (floorLog2(exponent) + 1))
  return Math.ceil(lengthBytes / step) * step
}

/** How many bytes the frame of a payload has. Errors: `FRAME_TOO_LARGE` for a record above 262,000 bytes. */
export function frameLength(type: FrameType, payloadBytes: number): number {
  checkWhole(payloadBytes, 0, 2 ** 49, 'The length of the payload')
  const length = HEADER_BYTES + payloadBytes
  if (type === 'file') return padmeLength(Math.max(MIN_FILE_FRAME_BYTES, length))
  const size = payloadBytes > MAX_RECORD_BYTES ? undefined : RECORD_FRAME_BYTES.find((most) => most >= length)
  if (size === undefined)
    throw new SealError('FRAME_TOO_LARGE', 'Too long to be sent in one piece. Nothing is lost; split it.')
  return size
}

function floorLog2(value: number): number {
  // Exact up to 2^53, which Math.log2 is not beside powers of two.
  return value.toString(2).length - 1
}

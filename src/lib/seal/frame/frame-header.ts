import { SealError } from '../errors.ts'

/** `record`: a message or record as canonical JSON. `file`: the bytes of a file. `file-list`: descriptions of files. */
export type FrameType = 'record' | 'file' | 'file-list'

const FRAME_TYPES = ['record', 'file', 'file-list'] as const satisfies readonly FrameType[]
const FRAME_VERSION = 1
// Far above every limit, and far below where numbers stop being exact.
const MAX_PAYLOAD = 2n ** 49n
const TYPE_BYTES: Record<FrameType, number> = { record: 1, file: 2, 'file-list': 3 }

/** Version, type, and the length of the payload as 64 bits, big-endian. */
export const HEADER_BYTES = 10

export function frameHeader(type: FrameType, payloadBytes: number): Uint8Array {
  const header = new Uint8Array(HEADER_BYTES)
  header[0] = FRAME_VERSION
  header[1] = TYPE_BYTES[type]
  new DataView(header.buffer).setBigUint64(2, BigInt(payloadBytes))
  return header
}

/** Type and payload length of the first ten bytes of a frame. Errors: `FRAME_INVALID`. */
export function parseFrameHeader(bytes: Uint8Array): {
  readonly type: FrameType
  readonly payloadBytes: number
} {
  const type = FRAME_TYPES.find((candidate) => TYPE_BYTES[candidate] === bytes[1])
  if (bytes.length < HEADER_BYTES || bytes[0] !== FRAME_VERSION || type === undefined) throw frameError()
  const length = new DataView(bytes.buffer, bytes.byteOffset, HEADER_BYTES).getBigUint64(2)
  if (length > MAX_PAYLOAD) throw frameError()
  return { type, payloadBytes: Number(length) }
}

export function frameError(): SealError {
  return new SealError('FRAME_INVALID', 'What was sealed is not in the form of this program.')
}

import { crc32 } from './crc32.ts'
import { RadiusError } from './errors.ts'
import { FINGERPRINT_BYTES } from './permutation.ts'
import { liveRuns, type Segment } from './segment.ts'

// Layout, numbers little-endian:
//   0   8 bytes "SAKSIRDX"
//   8   u32 version, 1
//   12  u32 count
//   16  count x u32 ids, then count x 32 bytes fingerprints in the same order
//   end u32 CRC-32 of everything before it
// Fingerprints are in their own bit order, not the index's, and the tables are built anew on loading: the format does
// not change when the index learns a better layout. The checksum is against damage, not against an attacker.
const MAGIC = Uint8Array.from('SAKSIRDX', (letter) => letter.charCodeAt(0))
const VERSION = 1
const HEADER_BYTES = 16
const CHECKSUM_BYTES = 4
const ROW_BYTES = 4 + FINGERPRINT_BYTES

export interface SnapshotRows {
  readonly ids: Uint32Array
  /** 32 bytes per id, a view into the snapshot. */
  readonly fingerprints: Uint8Array
}

export function encodeSnapshot(segments: readonly Segment[]): Uint8Array {
  const count = segments.reduce((sum, { liveCount }) => sum + liveCount, 0)
  const bytes = new Uint8Array(HEADER_BYTES + count * ROW_BYTES + CHECKSUM_BYTES)
  const view = new DataView(bytes.buffer)
  bytes.set(MAGIC)
  view.setUint32(8, VERSION, true)
  view.setUint32(12, count, true)
  const prints = HEADER_BYTES + count * 4
  let n = 0
  for (const segment of segments) {
    for (const [first, end] of liveRuns(segment)) {
      for (let row = first; row < end; row++) {
        view.setUint32(HEADER_BYTES + (n + row - first) * 4, segment.idOf(row), true)
      }
      segment.copyFingerprints(first, end, bytes, prints + n * FINGERPRINT_BYTES)
      n += end - first
    }
  }
  view.setUint32(bytes.length - CHECKSUM_BYTES, crc32(bytes.subarray(0, -CHECKSUM_BYTES)), true)
  return bytes
}

/**
 * Reads a snapshot as a whole or not at all. Throws `RadiusError`: SNAPSHOT_CORRUPT (not a snapshot, cut short, too
 * long, or changed), SNAPSHOT_VERSION (whole, but written by a newer Saksi).
 */
export function decodeSnapshot(bytes: Uint8Array): SnapshotRows {
  if (bytes.length < HEADER_BYTES + CHECKSUM_BYTES || MAGIC.some((byte, i) => bytes[i] !== byte))
    throw corrupt()
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const checksum = view.getUint32(bytes.length - CHECKSUM_BYTES, true)
  if (checksum !== crc32(bytes.subarray(0, -CHECKSUM_BYTES))) throw corrupt()
  if (view.getUint32(8, true) !== VERSION) {
    throw new RadiusError('SNAPSHOT_VERSION', 'This index snapshot was written by a newer version of Saksi.')
  }
  const count = view.getUint32(12, true)
  if (bytes.length !== HEADER_BYTES + count * ROW_BYTES + CHECKSUM_BYTES) throw corrupt()
  const ids = Uint32Array.from({ length: count }, (_, n) => view.getUint32(HEADER_BYTES + n * 4, true))
  return { ids, fingerprints: bytes.subarray(HEADER_BYTES + count * 4, bytes.length - CHECKSUM_BYTES) }
}

export function corrupt(cause?: unknown): RadiusError {
  return new RadiusError(
    'SNAPSHOT_CORRUPT',
    'This index snapshot is damaged and was not loaded. Build the index again from its source.',
    { cause },
  )
}

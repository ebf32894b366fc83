import { SealError } from '../errors.ts'
import { checkWhole } from '../keys/checks.ts'
import { MAX_CHUNKS } from './chunks.ts'

/** Which chunks of a file are stored, by digest; null where none is. */
export type StoredChunks = readonly (string | null)[]

export function noChunks(count: number): StoredChunks {
  checkWhole(count, 1, MAX_CHUNKS, 'The number of chunks')
  return Array.from({ length: count }, () => null)
}

/**
 * What is stored after a chunk with this digest came in. The same chunk again changes nothing, because whoever sent it may not
 * have got the answer. Errors: `BLOB_CHUNK_CONFLICT` for other bytes than those stored, `BLOB_CHUNK_SIZE` for a number beyond.
 */
export function withChunk(stored: StoredChunks, n: number, sha256: string): StoredChunks {
  const before = stored[n]
  if (before === undefined) throw new SealError('BLOB_CHUNK_SIZE', 'This file has no chunk with this number.')
  if (before !== null && before !== sha256)
    throw new SealError(
      'BLOB_CHUNK_CONFLICT',
      'Another chunk is stored under this number. Start the file again.',
    )
  return before === sha256 ? stored : stored.with(n, sha256)
}

/** The bit map that `status` answers: bit `n % 8` of byte `n / 8`, counted from the lowest, is set when chunk `n` is stored. */
export function chunkBitmap(stored: StoredChunks): Uint8Array {
  const bitmap = new Uint8Array(Math.ceil(stored.length / 8))
  for (const [n, digest] of stored.entries())
    if (digest !== null) bitmap[n >> 3] = (bitmap[n >> 3] ?? 0) | (1 << (n & 7))
  return bitmap
}

/** The numbers of the chunks still to be sent. Refuses (`BLOB_CHUNK_SIZE`) a bit map that is not one of so many chunks. */
export function missingChunks(bitmap: Uint8Array, count: number): number[] {
  checkWhole(count, 1, MAX_CHUNKS, 'The number of chunks')
  const isSet = (n: number): boolean => (((bitmap[n >> 3] ?? 0) >> (n & 7)) & 1) === 1
  const beyond = Array.from({ length: bitmap.length * 8 - count }, (_, i) => count + i)
  if (bitmap.length !== Math.ceil(count / 8) || beyond.some(isSet))
    throw new SealError('BLOB_CHUNK_SIZE', 'The server answered for another number of chunks.')
  return Array.from({ length: count }, (_, n) => n).filter((n) => !isSet(n))
}

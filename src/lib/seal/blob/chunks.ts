import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '../../bytes/index.ts'
import type { ByteSource } from '../envelope/byte-stream.ts'
import { SealError } from '../errors.ts'
import { checkWhole } from '../keys/checks.ts'

/** Every chunk but the last has this length. */
export const CHUNK_BYTES = 1_048_576
/** More chunks than the largest sealed file has. */
export const MAX_CHUNKS = 1024

/** One part of a sealed file, as it is sent. */
export interface Chunk {
  /** From 0. */
  readonly n: number
  readonly bytes: Uint8Array
  /** SHA-256 of the bytes, 64 hexadecimal digits. */
  readonly sha256: string
}

/** How many chunks so many sealed bytes have. */
export function chunkCount(sealedBytes: number): number {
  checkWhole(sealedBytes, 1, MAX_CHUNKS * CHUNK_BYTES, 'The length of a sealed file')
  return Math.ceil(sealedBytes / CHUNK_BYTES)
}

/** How long chunk `n` of so many sealed bytes is. Errors: `BLOB_CHUNK_SIZE` for a number that the file does not have. */
export function chunkLength(n: number, sealedBytes: number): number {
  const count = chunkCount(sealedBytes)
  if (!Number.isSafeInteger(n) || n < 0 || n >= count)
    throw new SealError('BLOB_CHUNK_SIZE', 'This file has no chunk with this number.')
  return n < count - 1 ? CHUNK_BYTES : sealedBytes - n * CHUNK_BYTES
}

/** A sealed stream as chunks with their digests; holds one of them at a time and reads on only when it was taken. */
export async function* chunksOf(source: ByteSource): AsyncGenerator<Chunk> {
  let held = new Uint8Array(CHUNK_BYTES)
  let used = 0
  let n = 0
  for await (const piece of source) {
    for (let at = 0; at < piece.length; ) {
      if (used === CHUNK_BYTES) {
        yield chunkOf(n++, held)
        held = new Uint8Array(CHUNK_BYTES)
        used = 0
      }
      const taken = piece.subarray(at, at + CHUNK_BYTES - used)
      held.set(taken, used)
      used += taken.length
      at += taken.length
    }
  }
  if (used > 0) yield chunkOf(n, held.subarray(0, used))
}

/** The digest of a chunk's bytes. */
export function chunkDigest(bytes: Uint8Array): string {
  return bytesToHex(sha256(bytes))
}

/**
 * Checks one chunk that arrived, on either side: its number and length against the length of the sealed file
 * (`BLOB_CHUNK_SIZE`), its bytes against the digest that was named for it (`BLOB_CHUNK_HASH`).
 */
export function checkChunk({ n, bytes, sha256: digest }: Chunk, sealedBytes: number): void {
  if (bytes.length !== chunkLength(n, sealedBytes))
    throw new SealError('BLOB_CHUNK_SIZE', 'This chunk does not have its length.')
  if (chunkDigest(bytes) !== digest)
    throw new SealError('BLOB_CHUNK_HASH', 'This chunk was damaged on its way. Send it again.')
}

/** The bytes of chunks that were fetched, after every one of them was checked. Errors: as `checkChunk`. */
export async function* bytesOfChunks(
  chunks: AsyncIterable<Chunk> | Iterable<Chunk>,
  sealedBytes: number,
): AsyncGenerator<Uint8Array> {
  let next = 0
  for await (const chunk of chunks) {
    if (chunk.n !== next) throw new SealError('BLOB_CHUNK_SIZE', 'The chunks are not in their order.')
    checkChunk(chunk, sealedBytes)
    next++
    yield chunk.bytes
  }
  if (next !== chunkCount(sealedBytes)) throw new SealError('BLOB_CHUNK_SIZE', 'The last chunks are missing.')
}

function chunkOf(n: number, bytes: Uint8Array): Chunk {
  return { n, bytes, sha256: chunkDigest(bytes) }
}

import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '../../bytes/index.ts'
import type { ByteSource } from '../envelope/byte-stream.ts'
import { openStream } from '../envelope/open.ts'
import { sealStream } from '../envelope/seal.ts'
import { SealError } from '../errors.ts'
import { frameFile, unframeFile } from '../frame/frame-stream.ts'
import type { AgeIdentity } from '../keys/identity.ts'
import { checkHybridRecipient } from '../keys/recipient.ts'
import type { FileDescription } from './file-list.ts'
import { type BlobLimits, sealedFileLength } from './limits.ts'

/** A file while it is being sealed. */
export interface FileSealing {
  /** Known before the first byte is read. */
  readonly sealedBytes: number
  /** To be read once, to its end. */
  readonly stream: AsyncGenerator<Uint8Array>
  /** SHA-256 of the file itself as 64 hexadecimal digits; null until the stream has ended. */
  readonly digest: () => string | null
}

/**
 * Seals a file to the recipient of its case: framed, padded, as one age file. Errors: `BLOB_LIMIT` and `SEAL_RECIPIENT` at once;
 * from the stream `BLOB_MISMATCH` when the file is not `fileBytes` long, and what the source throws.
 */
export function sealFile(
  source: ByteSource,
  fileBytes: number,
  recipient: string,
  limits?: BlobLimits,
): FileSealing {
  checkHybridRecipient(recipient)
  const sealedBytes = sealedFileLength(fileBytes, limits)
  const hash = sha256.create()
  let digest: string | null = null
  async function* hashed(): AsyncGenerator<Uint8Array> {
    for await (const piece of source) {
      hash.update(piece)
      yield piece
    }
    digest = bytesToHex(hash.digest())
  }
  return {
    sealedBytes,
    stream: sealStream(frameFile(hashed(), fileBytes), [recipient]),
    digest: () => digest,
  }
}

/**
 * Opens a sealed file. What it gives is the file only when the stream ends without an error: write it beside its place and move it
 * there at the end, or throw it away. Errors: those of `openStream`, `FRAME_INVALID`, and `BLOB_MISMATCH` when length or digest
 * are not those in the description.
 */
export async function* openFile(
  sealed: ByteSource,
  identities: AgeIdentity | readonly AgeIdentity[],
  { sizeBytes, sha256: expected }: Pick<FileDescription, 'sizeBytes' | 'sha256'>,
): AsyncGenerator<Uint8Array> {
  const hash = sha256.create()
  let length = 0
  for await (const piece of unframeFile(openStream(sealed, identities))) {
    length += piece.length
    if (length > sizeBytes) throw otherFile()
    hash.update(piece)
    yield piece
  }
  if (length !== sizeBytes || bytesToHex(hash.digest()) !== expected) throw otherFile()
}

function otherFile(): SealError {
  return new SealError('BLOB_MISMATCH', 'This is not the file that the list describes. It was not kept.')
}

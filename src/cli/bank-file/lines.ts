import type { FileHandle } from 'node:fs/promises'

const CHUNK_BYTES = 1024 * 1024
const LINE_FEED = 10

export interface LineSink {
  /** A line without its line feed, valid during the call; null for one longer than the limit. */
  onLine(line: Buffer | null): void
  /** Every byte read, in order, cut anywhere; valid during the call. */
  onBytes(bytes: Buffer): void
}

export interface LinesEnd {
  /** What stands behind the last line feed; null when it is longer than the limit. */
  tail: Buffer | null
  /** Where the tail begins. */
  tailOffset: number
  sizeBytes: number
}

/** Reads a file line by line in constant memory, from its beginning to its end at the time of reading. */
export async function readLines(file: FileHandle, maxLineBytes: number, sink: LineSink): Promise<LinesEnd> {
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
  let rest: Buffer | null = Buffer.alloc(0)
  let tailOffset = 0
  let offset = 0
  for (;;) {
    const { bytesRead } = await file.read(chunk, 0, CHUNK_BYTES, offset)
    if (bytesRead === 0) break
    const bytes = chunk.subarray(0, bytesRead)
    sink.onBytes(bytes)
    let start = 0
    for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, start)) {
      const line: Buffer | null = join(rest, bytes.subarray(start, end), maxLineBytes)
      sink.onLine(line)
      rest = Buffer.alloc(0)
      start = end + 1
      tailOffset = offset + start
    }
    const more: Buffer | null = join(rest, bytes.subarray(start), maxLineBytes)
    // The chunk is overwritten by the next read.
    rest = more && Buffer.from(more)
    offset += bytesRead
  }
  return { tail: rest, tailOffset, sizeBytes: offset }
}

/** The two parts of a line, or null once it is too long: what comes after is not collected. */
function join(rest: Buffer | null, part: Buffer, maxBytes: number): Buffer | null {
  if (rest === null || rest.length + part.length > maxBytes) return null
  return rest.length === 0 ? part : Buffer.concat([rest, part])
}

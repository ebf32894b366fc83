import { readSync } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { RandomAccessReader } from 'yauzl'

const WINDOW_BYTES = 256 * 1024
/** What is taken at once where the next read is likely to be far away: headers with a picture between them. */
export const NARROW_WINDOW_BYTES = 16 * 1024
const CHUNK_BYTES = 64 * 1024

/**
 * Reads an archive's directory through one window: without it, each of 50 000 entries costs several system calls.
 * Entry data does not pass through the window.
 */
export class ZipWindow extends RandomAccessReader {
  readonly #handle: FileHandle
  readonly #window: Buffer
  #start = 0
  #filled = 0

  constructor(handle: FileHandle, windowBytes = WINDOW_BYTES) {
    super()
    this.#handle = handle
    this.#window = Buffer.allocUnsafe(windowBytes)
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    let failure: Error | null = null
    try {
      this.copy(position, length).copy(buffer, offset)
    } catch (error) {
      failure = error instanceof Error ? error : new Error('the archive could not be read', { cause: error })
    }
    callback(failure)
  }

  /** Exactly `length` bytes at `position`, valid until the next call. Throws at the end of the file. */
  copy(position: number, length: number): Buffer {
    if (length > this.#window.length) {
      const large = Buffer.allocUnsafe(length)
      if (readFully(this.#handle.fd, large, position) < length)
        throw new Error('unexpected end of the archive')
      return large
    }
    if (position < this.#start || position + length > this.#start + this.#filled) {
      this.#start = position
      this.#filled = readFully(this.#handle.fd, this.#window, position)
    }
    const from = position - this.#start
    if (from + length > this.#filled) throw new Error('unexpected end of the archive')
    return this.#window.subarray(from, from + length)
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return new RangeStream(this.#handle, start, end)
  }
}

/**
 * Part of an open file as a stream. Unlike Node's own, it leaves the file open when it is destroyed; and closing the
 * file waits for its reads, so that none ever meets a descriptor that was given to another file.
 */
class RangeStream extends Readable {
  readonly #handle: FileHandle
  readonly #end: number
  #position: number

  constructor(handle: FileHandle, start: number, end: number) {
    super({ highWaterMark: CHUNK_BYTES })
    this.#handle = handle
    this.#position = start
    this.#end = end
  }

  override _read(): void {
    const length = Math.min(CHUNK_BYTES, this.#end - this.#position)
    if (length <= 0) {
      this.push(null)
      return
    }
    this.#handle.read(Buffer.allocUnsafe(length), 0, length, this.#position).then(
      ({ bytesRead, buffer }) => {
        this.#position += bytesRead
        this.push(bytesRead === 0 ? null : buffer.subarray(0, bytesRead))
      },
      (error: unknown) =>
        this.destroy(error instanceof Error ? error : new Error('read failed', { cause: error })),
    )
  }
}

function readFully(descriptor: number, buffer: Buffer, position: number): number {
  let filled = 0
  while (filled < buffer.length) {
    const count = readSync(descriptor, buffer, filled, buffer.length - filled, position + filled)
    if (count === 0) break
    filled += count
  }
  return filled
}

import { createReadStream, readSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { RandomAccessReader } from 'yauzl'

const WINDOW_BYTES = 256 * 1024

/**
 * Reads an archive's directory through one window: without it, each of 50 000 entries costs several system calls.
 * Entry data does not pass through the window.
 */
export class ZipWindow extends RandomAccessReader {
  readonly #descriptor: number
  readonly #window = Buffer.allocUnsafe(WINDOW_BYTES)
  #start = 0
  #filled = 0

  constructor(descriptor: number) {
    super()
    this.#descriptor = descriptor
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
    if (length > WINDOW_BYTES) {
      const large = Buffer.allocUnsafe(length)
      if (readFully(this.#descriptor, large, position) < length)
        throw new Error('unexpected end of the archive')
      return large
    }
    if (position < this.#start || position + length > this.#start + this.#filled) {
      this.#start = position
      this.#filled = readFully(this.#descriptor, this.#window, position)
    }
    const from = position - this.#start
    if (from + length > this.#filled) throw new Error('unexpected end of the archive')
    return this.#window.subarray(from, from + length)
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return createReadStream('', { fd: this.#descriptor, start, end: end - 1, autoClose: false })
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

import { ChatError } from '../errors.ts'
import type { ReadOptions, Source, StreamHash } from '../model.ts'

export const WINDOW_BYTES = 1 << 20

export interface WindowOptions {
  windowBytes?: number
  /** Sees every byte once, in order. */
  hash?: StreamHash
  onProgress?: ReadOptions['onProgress']
  signal?: ReadOptions['signal']
}

/**
 * Reads a source from its start in one reused buffer. `bytes[pos]` to `bytes[end]` is what was read and not yet
 * consumed; `bytes[end]` is zero. Only `more` moves bytes; positions found before it shift with `pos`.
 */
export class ByteWindow {
  bytes: Uint8Array
  pos = 0
  end = 0
  readonly #source: Source
  readonly #options: WindowOptions
  readonly #windowBytes: number
  #readBytes = 0

  constructor(source: Source, options: WindowOptions = {}) {
    this.#source = source
    this.#options = options
    this.#windowBytes = options.windowBytes ?? WINDOW_BYTES
    this.bytes = new Uint8Array(2 * this.#windowBytes + 1)
  }

  /** Bytes of the file read so far. */
  get readBytes(): number {
    return this.#readBytes
  }

  /** Offset in the file of position `at` of the buffer. */
  offsetOf(at: number): number {
    return this.#readBytes - this.end + at
  }

  /**
   * Reads on, keeping what is not consumed. The more is kept, the more is read, so that reading an element again from
   * its start costs no more than twice its length. False at the end of the file.
   */
  async more(): Promise<boolean> {
    if (this.#options.signal?.aborted)
      throw new ChatError('ABORTED', 'Reading was stopped. Nothing was kept.')
    const kept = this.end - this.pos
    const wanted = Math.max(this.#windowBytes, kept)
    this.#makeRoom(kept, wanted)
    const from = this.#readBytes
    const target = Math.min(this.#source.sizeBytes, from + wanted)
    while (this.#readBytes < target) {
      const chunk = await this.#source.slice(this.#readBytes, target)
      if (chunk.length === 0) break
      this.#options.hash?.update(chunk)
      this.bytes.set(chunk, this.end)
      this.end += chunk.length
      this.#readBytes += chunk.length
    }
    this.bytes[this.end] = 0
    this.#options.onProgress?.(this.#readBytes, this.#source.sizeBytes)
    return this.#readBytes > from
  }

  #makeRoom(kept: number, wanted: number): void {
    if (kept + wanted + 1 > this.bytes.length) {
      const larger = new Uint8Array(kept + wanted + 1)
      larger.set(this.bytes.subarray(this.pos, this.end))
      this.bytes = larger
    } else {
      this.bytes.copyWithin(0, this.pos, this.end)
    }
    this.pos = 0
    this.end = kept
  }

  /** Consumes the rest of the file, for the sake of the digest. */
  async drain(): Promise<void> {
    do this.pos = this.end
    while (await this.more())
  }

  /** Overwrites what was read: for content that must not stay in memory. */
  wipe(): void {
    this.bytes.fill(0)
    this.pos = this.end
  }
}

import type { Readable } from 'node:stream'
import { crc32 } from 'node:zlib'
import type { ZipFile } from 'yauzl'
import { invalid, type ZipEntry } from './zip-directory.ts'

/**
 * An entry unpacked from its start, forwards only. What is not asked for is unpacked and dropped, so that the checksum
 * covers every byte; the last byte is handed out only if it matches.
 */
export class ZipStream {
  readonly #entry: ZipEntry
  readonly #stream: Readable
  readonly #chunks: AsyncIterator<Buffer>
  #left: Buffer = Buffer.alloc(0)
  #crc = 0
  position = 0

  private constructor(entry: ZipEntry, stream: Readable) {
    this.#entry = entry
    this.#stream = stream
    this.#chunks = stream[Symbol.asyncIterator]()
    // After `destroy` a late fault of the inflater has nobody to go to.
    stream.on('error', () => {})
  }

  static async open(zip: ZipFile, entry: ZipEntry): Promise<ZipStream> {
    return new ZipStream(entry, await openUnpacked(zip, entry))
  }

  /** Bytes `start`..`end` of the unpacked file; `start` must not lie before `position`. */
  async read(start: number, end: number): Promise<Uint8Array> {
    const out = new Uint8Array(Math.max(0, end - start))
    while (this.position < end) {
      if (this.#left.length === 0) await this.#pull()
      const taken = this.#left.subarray(0, end - this.position)
      const skipped = Math.min(taken.length, Math.max(0, start - this.position))
      if (skipped < taken.length) out.set(taken.subarray(skipped), this.position + skipped - start)
      this.position += taken.length
      this.#left = this.#left.subarray(taken.length)
    }
    return out
  }

  close(): void {
    this.#stream.destroy()
  }

  async #pull(): Promise<void> {
    const next = await this.#chunks.next().catch((cause: unknown) => {
      throw invalid('a file in it is damaged', cause)
    })
    if (next.done) throw invalid('a file in it is shorter than it says')
    this.#left = next.value
    this.#crc = crc32(this.#left, this.#crc)
    const unpacked = this.position + this.#left.length
    if (unpacked > this.#entry.sizeBytes) throw invalid('a file in it is longer than it says')
    if (unpacked === this.#entry.sizeBytes && this.#crc !== this.#entry.crc32) throw wrongChecksum()
  }
}

export function wrongChecksum(): Error {
  return invalid('a file in it does not match its checksum')
}

function openUnpacked(zip: ZipFile, entry: ZipEntry): Promise<Readable> {
  return new Promise((resolve, reject) => {
    zip.openReadStreamLowLevel(
      entry.dataStart,
      entry.packedBytes,
      0,
      entry.packedBytes,
      entry.isDeflated,
      entry.sizeBytes,
      (error, stream) => {
        if (error) reject(invalid('a file in it cannot be read', error))
        else resolve(stream)
      },
    )
  })
}

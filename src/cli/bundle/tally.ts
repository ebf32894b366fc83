import { createHash, type Hash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { FileFacts } from '#lib/bundle/index.ts'

/** Everything a bundle says about a file, counted while its bytes go by. */
export class Tally {
  readonly #sha256: Hash = createHash('sha256')
  readonly #sha512: Hash = createHash('sha512')
  #crc = 0
  #sizeBytes = 0

  update(bytes: Uint8Array): void {
    this.#sha256.update(bytes)
    this.#sha512.update(bytes)
    this.#crc = crc32(bytes, this.#crc)
    this.#sizeBytes += bytes.length
  }

  /** Ends the counting. */
  facts(): FileFacts & { crc32: number } {
    return {
      sizeBytes: this.#sizeBytes,
      sha256: this.#sha256.digest('hex'),
      sha512: this.#sha512.digest('hex'),
      crc32: this.#crc,
    }
  }
}

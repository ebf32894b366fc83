import { createHash, type Hash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { DigestBytes, FileFacts } from '#lib/bundle/index.ts'

/** Counts bytes as they go by. */
export interface Counter {
  update(bytes: Uint8Array): void
}

/** SHA-256 and size. */
export class Digest implements Counter {
  readonly #sha256: Hash = createHash('sha256')
  sizeBytes = 0

  update(bytes: Uint8Array): void {
    this.#sha256.update(bytes)
    this.sizeBytes += bytes.length
  }

  /** Lower-case hexadecimal; ends the counting. */
  hex(): string {
    return this.#sha256.digest('hex')
  }
}

/** Everything that lists and archive of a bundle say about a file. SHA-512 alone takes twice as long as SHA-256. */
export class Tally implements Counter {
  readonly #digest = new Digest()
  readonly #sha512: Hash = createHash('sha512')
  #crc = 0

  update(bytes: Uint8Array): void {
    this.#digest.update(bytes)
    this.#sha512.update(bytes)
    this.#crc = crc32(bytes, this.#crc)
  }

  /** Ends the counting. */
  facts(): FileFacts & { crc32: number } {
    const { sizeBytes } = this.#digest
    return { sizeBytes, sha256: this.#digest.hex(), sha512: this.#sha512.digest('hex'), crc32: this.#crc }
  }
}

export const digestBytes: DigestBytes = (bytes) => ({
  sha256: createHash('sha256').update(bytes).digest('hex'),
  sha512: createHash('sha512').update(bytes).digest('hex'),
})

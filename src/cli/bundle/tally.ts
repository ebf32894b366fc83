import { createHash, type Hash, hash, webcrypto } from 'node:crypto'
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
  sha256: hash('sha256', bytes),
  sha512: hash('sha512', bytes),
})

/** Below this, handing bytes to another thread takes longer than their digest. */
const WORTH_A_THREAD = 16 * 1024

/** Both digests of bytes, made on threads of Node's pool while this one does other things. */
export async function digestAside(bytes: Uint8Array): Promise<{ sha256: string; sha512: string }> {
  if (bytes.length < WORTH_A_THREAD) return digestBytes(bytes)
  const [sha256, sha512] = await Promise.all([hashAside('SHA-256', bytes), hashAside('SHA-512', bytes)])
  return { sha256, sha512 }
}

/** SHA-256 in lower-case hexadecimal, made on another thread. */
export async function sha256Aside(bytes: Uint8Array): Promise<string> {
  return bytes.length < WORTH_A_THREAD ? hash('sha256', bytes) : await hashAside('SHA-256', bytes)
}

async function hashAside(algorithm: string, bytes: Uint8Array): Promise<string> {
  return Buffer.from(await webcrypto.subtle.digest(algorithm, bytes)).toString('hex')
}

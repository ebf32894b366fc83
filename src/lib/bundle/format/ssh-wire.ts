import { concatBytes, utf8ToText } from '../../bytes/index.ts'
import { utf8 } from './bytes.ts'

/** A `string` of the SSH wire format (RFC 4251 section 5): length as 32 bits, big-endian, then the bytes. */
export function sshString(value: string | Uint8Array): Uint8Array {
  const bytes = typeof value === 'string' ? utf8(value) : value
  return concatBytes(uint32(bytes.length), bytes)
}

export function uint32(value: number): Uint8Array {
  return new Uint8Array([value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255])
}

/** Reads SSH wire data from front to back. Every method answers null past the end, and from then on. */
export class SshReader {
  readonly #bytes: Uint8Array
  #at = 0
  #isBroken = false

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  take(length: number): Uint8Array | null {
    if (this.#isBroken || length > this.#bytes.length - this.#at) {
      this.#isBroken = true
      return null
    }
    this.#at += length
    return this.#bytes.subarray(this.#at - length, this.#at)
  }

  uint32(): number | null {
    const bytes = this.take(4)
    if (bytes === null) return null
    return bytes.reduce((value, byte) => value * 256 + byte, 0)
  }

  string(): Uint8Array | null {
    const length = this.uint32()
    return length === null ? null : this.take(length)
  }

  text(): string | null {
    const bytes = this.string()
    return bytes === null ? null : utf8ToText(bytes)
  }

  get isAtEnd(): boolean {
    return !this.#isBroken && this.#at === this.#bytes.length
  }
}

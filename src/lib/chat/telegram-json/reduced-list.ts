import { CLOSE_LIST, CLOSE_OBJECT, COMMA, OPEN_LIST, OPEN_OBJECT } from './ascii.ts'

const DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** A JSON list put together from pieces of JSON bytes, parsed in one go. */
export class ReducedList {
  count = 0
  length = 0
  readonly #bytes: Uint8Array

  constructor(sizeBytes: number) {
    this.#bytes = new Uint8Array(sizeBytes + 1)
  }

  clear(): void {
    this.count = 0
    this.length = 0
  }

  /** Appends one value. Returns its bytes joined by OR: below 128 when all are ASCII. */
  add(bytes: Uint8Array, start: number, end: number): number {
    this.#bytes[this.length++] = COMMA
    this.count++
    return this.#copy(bytes, start, end)
  }

  /** Appends one object made of `count` members, whose ranges stand in `members` pair by pair. */
  addObject(bytes: Uint8Array, members: Int32Array, count: number): number {
    this.#bytes[this.length++] = COMMA
    this.count++
    let seen = 0
    for (let i = 0; i < count; i++) {
      this.#bytes[this.length++] = i === 0 ? OPEN_OBJECT : COMMA
      seen |= this.#copy(bytes, members[2 * i] ?? 0, members[2 * i + 1] ?? 0)
    }
    this.#bytes[this.length++] = CLOSE_OBJECT
    return seen
  }

  /** Takes back the value added last, which began when the list was `length` long. */
  takeBack(length: number): void {
    this.length = length
    this.count--
  }

  #copy(bytes: Uint8Array, start: number, end: number): number {
    const out = this.#bytes
    let length = this.length
    let seen = 0
    for (let p = start; p < end; p++) {
      const byte = bytes[p] ?? 0
      seen |= byte
      out[length++] = byte
    }
    this.length = length
    return seen
  }

  /** The values, or null when any of them is no JSON or no UTF-8. */
  parse(): unknown[] | null {
    if (this.count === 0) return []
    this.#bytes[0] = OPEN_LIST
    this.#bytes[this.length] = CLOSE_LIST
    try {
      const values: unknown = JSON.parse(DECODER.decode(this.#bytes.subarray(0, this.length + 1)))
      return Array.isArray(values) && values.length === this.count ? values : null
    } catch {
      return null
    }
  }
}

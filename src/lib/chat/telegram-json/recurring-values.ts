import { hashStep } from './slots.ts'

const TABLE_SIZE = 1 << 14
const MOST_VALUES = TABLE_SIZE / 2
const SLAB_BYTES = 1 << 18
const LONGEST_VALUE = 256

/**
 * JSON values that come again and again, like the names and ids of the people of one chat: each is decoded once and
 * recognised by its bytes afterwards. Starts anew when full, so memory stays below a megabyte whatever the input.
 */
export class RecurringValues {
  readonly #slots = new Int32Array(TABLE_SIZE).fill(-1)
  readonly #starts = new Int32Array(MOST_VALUES)
  readonly #lengths = new Int32Array(MOST_VALUES)
  readonly #values: unknown[] = []
  readonly #slab = new Uint8Array(SLAB_BYTES)
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  #slabLength = 0

  /** The value written at `start`..`end`; undefined, which JSON cannot say, when that is no valid JSON or UTF-8. */
  valueAt(bytes: Uint8Array, start: number, end: number): unknown {
    if (end - start > LONGEST_VALUE) return this.#parse(bytes, start, end)
    let hash = 0
    for (let p = start; p < end; p++) hash = hashStep(hash, bytes[p] ?? 0)
    let at = (hash ^ (hash >>> 15)) & (TABLE_SIZE - 1)
    for (;;) {
      const index = this.#slots[at] ?? -1
      if (index < 0) return this.#learn(bytes, start, end, at)
      if (this.#isSame(index, bytes, start, end)) return this.#values[index]
      at = (at + 1) & (TABLE_SIZE - 1)
    }
  }

  #isSame(index: number, bytes: Uint8Array, start: number, end: number): boolean {
    const length = end - start
    if (this.#lengths[index] !== length) return false
    const slab = this.#slab
    const from = this.#starts[index] ?? 0
    for (let i = 0; i < length; i++) if (slab[from + i] !== bytes[start + i]) return false
    return true
  }

  #learn(bytes: Uint8Array, start: number, end: number, at: number): unknown {
    const value = this.#parse(bytes, start, end)
    if (value === undefined) return undefined
    if (this.#values.length === MOST_VALUES || this.#slabLength + end - start > SLAB_BYTES) {
      this.#slots.fill(-1)
      this.#values.length = 0
      this.#slabLength = 0
      return value
    }
    const index = this.#values.push(value) - 1
    this.#slots[at] = index
    this.#starts[index] = this.#slabLength
    this.#lengths[index] = end - start
    this.#slab.set(bytes.subarray(start, end), this.#slabLength)
    this.#slabLength += end - start
    return value
  }

  #parse(bytes: Uint8Array, start: number, end: number): unknown {
    try {
      return JSON.parse(this.#decoder.decode(bytes.subarray(start, end)))
    } catch {
      return undefined
    }
  }
}

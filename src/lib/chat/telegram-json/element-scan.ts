import {
  BACKSLASH,
  CLOSE_LIST,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  holdsAt,
  isScalarByte,
  LOWER_U,
  LOWER_X,
  OPEN_LIST,
  OPEN_OBJECT,
  QUOTE,
  STRING_STOP,
  skipSpace,
} from './ascii.ts'
import { hashStep, SLOT, SLOT_KEYS, slotOf } from './slots.ts'

/** `complete`: `next` is behind the element. `more`: its end is not in the bytes yet. `damaged`: no JSON object. */
export type ScanResult = 'complete' | 'more' | 'damaged'

export const DEEPEST_NESTING = 64
const MOST_RARE_MEMBERS = 64
const PLAIN_PARTS = ['[', '{', '"type"', ':', '"plain"', ',', '"text"', ':'].map((part) =>
  new TextEncoder().encode(part),
)

/**
 * Finds the end of one message and where its members stand, without making a string or an object. One instance is used
 * again for every message. The byte after the data must be zero: it ends every inner loop, so that only one test per
 * byte is needed.
 *
 * The members' own values are cut by quotes and brackets only. Whoever uses the cut must put each value (or the whole
 * element when `needsWhole`) through `JSON.parse`: what it accepts then is exactly what it would accept of the whole.
 */
export class ElementScan {
  /** Value ranges by slot; an end of 0 says the member is absent. */
  readonly starts = new Int32Array(SLOT_KEYS.length)
  readonly ends = new Int32Array(SLOT_KEYS.length)
  /** Ranges of all other members, key included: `rare[2 * i]` to `rare[2 * i + 1]`. */
  readonly rare = new Int32Array(2 * MOST_RARE_MEMBERS)
  rareCount = 0
  readonly #closers = new Uint8Array(DEEPEST_NESTING)
  /** Position behind the element, valid when `complete`. */
  next = 0
  /** Twice the same key, escaped keys, `\u` or `\x` escapes, very many members: read the element as a whole. */
  needsWhole = false
  hasDuplicateKey = false
  isTooDeep = false
  /** `text_entities` is one plain part with the very bytes of `text` (or empty like it) and can be left out. */
  isPlainText = false

  /** Scans the object whose `{` is at `start`. */
  scan(bytes: Uint8Array, start: number, end: number): ScanResult {
    this.ends.fill(0)
    this.rareCount = 0
    this.needsWhole = false
    this.hasDuplicateKey = false
    this.isTooDeep = false
    this.isPlainText = false
    let p = skipSpace(bytes, start + 1)
    if (bytes[p] === CLOSE_OBJECT) {
      this.next = p + 1
      return 'complete'
    }
    for (;;) {
      p = this.#member(bytes, p, end)
      if (p < 0) return 'damaged'
      p = skipSpace(bytes, p)
      if (p >= end) return 'more'
      const byte = bytes[p]
      if (byte === CLOSE_OBJECT) {
        this.next = p + 1
        return 'complete'
      }
      if (byte !== COMMA) return 'damaged'
      p = skipSpace(bytes, p + 1)
    }
  }

  /** Position behind the member at `at`; `end` or more when it is not all there; -1 when it is none. */
  #member(bytes: Uint8Array, at: number, end: number): number {
    if (bytes[at] !== QUOTE) return at >= end ? end : -1
    let hash = 0
    let p = at + 1
    while (STRING_STOP[bytes[p] ?? 0] === 0) {
      hash = hashStep(hash, bytes[p] ?? 0)
      p++
    }
    let slot = -1
    if (bytes[p] === QUOTE) {
      slot = slotOf(bytes, at + 1, p, hash)
      p++
    } else {
      this.needsWhole = true
      p = this.#string(bytes, p, end)
      if (p < 0 || p >= end) return p
    }
    p = skipSpace(bytes, p)
    if (bytes[p] !== COLON) return p >= end ? end : -1
    const valueStart = skipSpace(bytes, p + 1)
    if (valueStart >= end) return end
    const valueEnd = this.#memberValue(bytes, slot, valueStart, end)
    if (valueEnd < 0 || valueEnd > end) return valueEnd
    if (slot >= 0) this.#noteSlot(slot, valueStart, valueEnd)
    else this.#noteRare(at, valueEnd)
    return valueEnd
  }

  #memberValue(bytes: Uint8Array, slot: number, start: number, end: number): number {
    if (slot === SLOT.entities && (this.ends[SLOT.text] ?? 0) > 0) {
      const plainEnd = this.#plainEntities(bytes, start, end)
      if (plainEnd > 0) {
        this.isPlainText = true
        return plainEnd
      }
    }
    return this.#value(bytes, start, end)
  }

  #noteSlot(slot: number, start: number, end: number): void {
    if ((this.ends[slot] ?? 0) > 0) {
      this.hasDuplicateKey = true
      this.needsWhole = true
    }
    this.starts[slot] = start
    this.ends[slot] = end
  }

  #noteRare(start: number, end: number): void {
    if (this.rareCount === MOST_RARE_MEMBERS) {
      this.needsWhole = true
      return
    }
    this.rare[2 * this.rareCount] = start
    this.rare[2 * this.rareCount + 1] = end
    this.rareCount++
  }

  #value(bytes: Uint8Array, start: number, end: number): number {
    const first = bytes[start] ?? 0
    if (first === QUOTE) return this.#string(bytes, start + 1, end)
    if (first === OPEN_OBJECT || first === OPEN_LIST) return this.#container(bytes, start, end)
    let p = start
    while (isScalarByte(bytes[p] ?? 0)) p++
    if (p >= end) return end
    return p === start ? -1 : p
  }

  /** Position behind the closing quote of the string whose inside starts at `at`; -1 at a raw control character. */
  #string(bytes: Uint8Array, at: number, end: number): number {
    let p = at
    for (;;) {
      while (STRING_STOP[bytes[p] ?? 0] === 0) p++
      if (p >= end) return end
      const byte = bytes[p]
      if (byte === QUOTE) return p + 1
      if (byte === BACKSLASH) {
        const escaped = bytes[p + 1]
        if (escaped === LOWER_U || escaped === LOWER_X) this.needsWhole = true
        p += 2
      } else if (byte === 0) {
        this.needsWhole = true
        p++
      } else return -1
    }
  }

  /**
   * Closing brackets must match opening ones down to the deepest nesting allowed: so a lost bracket shows where the
   * message ends, and not somewhere in the rest of the file.
   */
  #container(bytes: Uint8Array, start: number, end: number): number {
    const closers = this.#closers
    let depth = 0
    let p = start
    while (p < end) {
      const byte = bytes[p++]
      if (byte === QUOTE) {
        p = this.#string(bytes, p, end)
        if (p < 0) return -1
      } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
        depth++
        if (depth >= DEEPEST_NESTING) this.isTooDeep = true
        else closers[depth] = byte + 2
      } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
        if (depth < DEEPEST_NESTING && closers[depth] !== byte) return -1
        depth--
        if (depth === 0) return p
      }
    }
    return end
  }

  /** Position behind `text_entities` at `start` when it only repeats `text`, else 0. */
  #plainEntities(bytes: Uint8Array, start: number, end: number): number {
    const textStart = this.starts[SLOT.text] ?? 0
    const textLength = (this.ends[SLOT.text] ?? 0) - textStart
    if (bytes[textStart] !== QUOTE) return 0
    if (textLength === 2) {
      const p = bytes[start] === OPEN_LIST ? skipSpace(bytes, start + 1) : start
      return p > start && bytes[p] === CLOSE_LIST ? p + 1 : 0
    }
    let p = start
    for (let i = 0; i < PLAIN_PARTS.length; i++) {
      const part = PLAIN_PARTS[i]
      p = skipSpace(bytes, p)
      if (part === undefined || !holdsAt(bytes, p, part)) return 0
      p += part.length
    }
    p = skipSpace(bytes, p)
    if (p + textLength >= end) return 0
    for (let i = 0; i < textLength; i++) if (bytes[p + i] !== bytes[textStart + i]) return 0
    p = skipSpace(bytes, p + textLength)
    if (bytes[p] !== CLOSE_OBJECT) return 0
    p = skipSpace(bytes, p + 1)
    return bytes[p] === CLOSE_LIST ? p + 1 : 0
  }
}

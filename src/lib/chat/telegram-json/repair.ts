import { BACKSLASH, LOWER_U, LOWER_X, NINE, QUOTE, ZERO } from './ascii.ts'

/** A place where bytes were read otherwise than they stand; `at` counts from the first byte given. */
export interface RepairedPlace {
  code: 'TG_CTRL_ESCAPE' | 'TG_LS_STRAY' | 'UTF8_INVALID' | 'NUL' | 'SURROGATE_LONE'
  at: number
  length: number
  after: string
}

export interface RepairedJson {
  bytes: Uint8Array
  places: RepairedPlace[]
}

/** A message with more faults than this is left as it is, for `JSON.parse` or the decoder to refuse. */
const MOST_PLACES = 100_000
const REPLACEMENT_ESCAPE = '\\ufffd'
const REPLACEMENT = Uint8Array.of(0xef, 0xbf, 0xbd)

/**
 * JSON bytes as the exporter should have written them: valid UTF-8, without the two defects of Telegram Desktop (control
 * characters escaped as `\x0B`; U+2028 and U+2029 escaped with two bytes of the character left behind), and without
 * what no text may hold (lone surrogates, NUL: both become U+FFFD). Escapes are taken in pairs, so `\\x0B` is left
 * alone. Other faults stay for `JSON.parse` to refuse. Without faults, the same bytes come back.
 */
export function repairJson(bytes: Uint8Array): RepairedJson {
  const rewriter = new Rewriter(bytes)
  let isInString = false
  for (let p = 0; p < bytes.length; ) {
    const byte = bytes[p] ?? 0
    if (byte >= 0x80) p += rewriter.wideCharacter(p)
    else if (!isInString || (byte !== BACKSLASH && byte !== 0)) {
      if (byte === QUOTE) isInString = !isInString
      p++
    } else if (byte === 0) p += rewriter.replace('NUL', p, 1, REPLACEMENT_ESCAPE)
    else p += rewriter.escape(p)
  }
  return rewriter.result()
}

class Rewriter {
  readonly #bytes: Uint8Array
  readonly #places: RepairedPlace[] = []

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  /** Notes a repair; gives the number of bytes dealt with, like its siblings. */
  replace(code: RepairedPlace['code'], at: number, length: number, after: string): number {
    if (this.#places.length < MOST_PLACES) this.#places.push({ code, at, length, after })
    return length
  }

  wideCharacter(at: number): number {
    const length = utf8Length(this.#bytes, at)
    return length > 0 ? length : this.replace('UTF8_INVALID', at, 1, '\ufffd')
  }

  escape(at: number): number {
    const bytes = this.#bytes
    const kind = bytes[at + 1]
    if (kind === LOWER_X) return this.#controlEscape(at)
    if (kind !== LOWER_U) return 2
    const unit = hexValue(bytes, at + 2, 4)
    if (unit < 0) return 2
    if (unit === 0) return this.replace('NUL', at, 6, REPLACEMENT_ESCAPE)
    if (unit === 0x2028 || unit === 0x2029) {
      const last = unit === 0x2028 ? 0xa8 : 0xa9
      if (bytes[at + 6] !== 0x80 || bytes[at + 7] !== last) return 6
      return 6 + this.replace('TG_LS_STRAY', at + 6, 2, '')
    }
    if (unit < 0xd800 || unit > 0xdfff) return 6
    return unit < 0xdc00 && this.#isLowSurrogate(at + 6)
      ? 12
      : this.replace('SURROGATE_LONE', at, 6, REPLACEMENT_ESCAPE)
  }

  #controlEscape(at: number): number {
    const value = hexValue(this.#bytes, at + 2, 2)
    if (value < 0 || value > 31) return 2
    const after = value === 0 ? REPLACEMENT_ESCAPE : `\\u00${value.toString(16).padStart(2, '0')}`
    return this.replace('TG_CTRL_ESCAPE', at, 4, after)
  }

  #isLowSurrogate(at: number): boolean {
    if (this.#bytes[at] !== BACKSLASH || this.#bytes[at + 1] !== LOWER_U) return false
    const unit = hexValue(this.#bytes, at + 2, 4)
    return unit >= 0xdc00 && unit <= 0xdfff
  }

  result(): RepairedJson {
    if (this.#places.length === 0) return { bytes: this.#bytes, places: [] }
    const growth = this.#places.reduce((sum, place) => sum + REPLACEMENT_ESCAPE.length - place.length, 0)
    const out = new Uint8Array(this.#bytes.length + Math.max(0, growth))
    let read = 0
    let written = 0
    for (const { at, length, after } of this.#places) {
      out.set(this.#bytes.subarray(read, at), written)
      written += at - read
      read = at + length
      if (after === '\ufffd') {
        out.set(REPLACEMENT, written)
        written += REPLACEMENT.length
      } else for (let i = 0; i < after.length; i++) out[written++] = after.charCodeAt(i)
    }
    out.set(this.#bytes.subarray(read), written)
    written += this.#bytes.length - read
    return { bytes: out.subarray(0, written), places: this.#places }
  }
}

/** Length of the well-formed UTF-8 sequence of two to four bytes at `at` (Unicode table 3-7), or 0. */
function utf8Length(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0
  const second = bytes[at + 1] ?? 0
  if (first >= 0xc2 && first <= 0xdf) return isContinuation(second) ? 2 : 0
  if (first >= 0xe0 && first <= 0xef) {
    const low = first === 0xe0 ? 0xa0 : 0x80
    const high = first === 0xed ? 0x9f : 0xbf
    return second >= low && second <= high && isContinuation(bytes[at + 2]) ? 3 : 0
  }
  if (first >= 0xf0 && first <= 0xf4) {
    const low = first === 0xf0 ? 0x90 : 0x80
    const high = first === 0xf4 ? 0x8f : 0xbf
    const isWhole = isContinuation(bytes[at + 2]) && isContinuation(bytes[at + 3])
    return second >= low && second <= high && isWhole ? 4 : 0
  }
  return 0
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80
}

/** Value of `count` hexadecimal digits at `at`, or -1. */
function hexValue(bytes: Uint8Array, at: number, count: number): number {
  let value = 0
  for (let i = 0; i < count; i++) {
    const digit = digitValue(bytes[at + i] ?? 0)
    if (digit < 0) return -1
    value = value * 16 + digit
  }
  return value
}

function digitValue(byte: number): number {
  if (byte >= ZERO && byte <= NINE) return byte - ZERO
  const lower = byte | 32
  return lower >= 97 && lower <= 102 ? lower - 87 : -1
}

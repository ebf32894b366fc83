import type { Tally } from '../tally.ts'
import type { ByteLine } from './lines.ts'

const BOM = '\ufeff'

export interface DecodedLine {
  text: string
  isRepaired: boolean
}

/** Turns lines into text. What is not valid UTF-8, and NUL, becomes U+FFFD and is logged as a repair. */
export class LineText {
  readonly #strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  readonly #lenient = new TextDecoder('utf-8', { ignoreBOM: true })
  readonly #path: string
  readonly #tally: Tally

  constructor(path: string, tally: Tally) {
    this.#path = path
    this.#tally = tally
  }

  decode(line: ByteLine): DecodedLine {
    const decoded = this.#decode(line)
    let { text } = decoded
    let { isRepaired } = decoded
    if (text.includes('\0')) {
      this.#tally.repair('NUL', this.#path, line.start + line.bytes.indexOf(0), new Uint8Array(1), '\ufffd')
      text = text.replaceAll('\0', '\ufffd')
      isRepaired = true
    }
    if (line.start === 0 && text.startsWith(BOM)) {
      this.#tally.repair('BOM', this.#path, 0, line.bytes.subarray(0, 3), '')
      text = text.slice(1)
    }
    return { text, isRepaired }
  }

  #decode(line: ByteLine): DecodedLine {
    try {
      return { text: this.#strict.decode(line.bytes), isRepaired: false }
    } catch {
      const text = this.#lenient.decode(line.bytes)
      const before = new TextEncoder().encode(text.slice(0, text.indexOf('\ufffd')))
      const at = Math.min(before.length, line.bytes.length)
      this.#tally.repair('UTF8_INVALID', this.#path, line.start + at, line.bytes.subarray(at), '\ufffd')
      return { text, isRepaired: true }
    }
  }
}

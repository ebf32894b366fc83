import {
  BACKSLASH,
  CLOSE_LIST,
  CLOSE_OBJECT,
  COMMA,
  NEWLINE,
  OPEN_LIST,
  OPEN_OBJECT,
  QUOTE,
} from './ascii.ts'
import type { ByteWindow } from './byte-window.ts'

export type SkipResult = 'whole' | 'broken' | 'truncated'

/**
 * Consumes the JSON value that starts at the window's position, however long, without keeping it: strings of a gigabyte
 * and any nesting cost no memory. Stops behind the value (before a `,`, `]` or `}` that is not its own). With
 * `stopsAtNewline`, it stops `broken` at a raw newline inside a string, which no valid JSON has. `truncated` when the file
 * ends first.
 */
export async function skipValue(window: ByteWindow, stopsAtNewline = false): Promise<SkipResult> {
  const skipper = new Skipper(stopsAtNewline)
  for (;;) {
    if (skipper.feed(window)) return skipper.isBroken ? 'broken' : 'whole'
    if (!(await window.more())) return 'truncated'
  }
}

class Skipper {
  isBroken = false
  #depth = 0
  #isInString = false
  #isEscaped = false
  readonly #stopsAtNewline: boolean

  constructor(stopsAtNewline: boolean) {
    this.#stopsAtNewline = stopsAtNewline
  }

  /** Consumes what the window holds; true when the value is over. */
  feed(window: ByteWindow): boolean {
    const { bytes, end } = window
    let p = window.pos
    let isOver = false
    while (p < end && !isOver) {
      const byte = bytes[p] ?? 0
      if (this.#isInString) {
        if (this.#isEscaped) this.#isEscaped = false
        else if (byte === BACKSLASH) this.#isEscaped = true
        else if (byte === QUOTE) {
          this.#isInString = false
          isOver = this.#depth === 0
        } else if (byte === NEWLINE && this.#stopsAtNewline) {
          this.isBroken = true
          break
        }
      } else if (byte === QUOTE) this.#isInString = true
      else if (byte === OPEN_OBJECT || byte === OPEN_LIST) this.#depth++
      else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
        if (this.#depth === 0) break
        this.#depth--
        isOver = this.#depth === 0
      } else if (byte === COMMA && this.#depth === 0) break
      p++
    }
    window.pos = p
    return isOver || p < end
  }
}

import {
  BACKSLASH,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  holdsAt,
  isScalarByte,
  OPEN_LIST,
  OPEN_OBJECT,
  QUOTE,
  skipSpace,
} from './ascii.ts'
import type { ByteWindow } from './byte-window.ts'
import { repairJson } from './repair.ts'
import { skipValue } from './skip-value.ts'

/**
 * `no-object`: the file does not begin with `{`. `damaged`: what stands here is no member of a JSON object. `truncated`:
 * the file ends inside the object.
 */
export type RootEnd = 'end' | 'no-object' | 'damaged' | 'truncated'
export type RootStep = { key: string } | RootEnd

/** Longest key or header value that is looked at; longer ones are skipped. */
const LONGEST_SCALAR = 65_536
const BOM = Uint8Array.of(0xef, 0xbb, 0xbf)

/**
 * Walks the members of the root object, leaving each value to the caller: after a key step, the window stands at the
 * first byte of the value, which must be consumed by `scalar`, `skip` or otherwise before the next step.
 */
export class RootCursor {
  /** True when the file began with a byte order mark. */
  hasBom = false
  readonly #window: ByteWindow
  #isInside = false
  #isFirst = true

  constructor(window: ByteWindow) {
    this.#window = window
  }

  async next(): Promise<RootStep> {
    if (!this.#isInside) {
      await this.#skipBom()
      if ((await this.peek()) !== OPEN_OBJECT) return 'no-object'
      this.#window.pos++
      this.#isInside = true
    }
    let byte = await this.peek()
    if (byte === CLOSE_OBJECT) {
      this.#window.pos++
      return 'end'
    }
    if (byte === COMMA && !this.#isFirst) {
      this.#window.pos++
      byte = await this.peek()
    } else if (!this.#isFirst && byte !== -1) return 'damaged'
    this.#isFirst = false
    if (byte !== QUOTE) return byte === -1 ? 'truncated' : 'damaged'
    const key = await this.scalar()
    const colon = await this.peek()
    if (colon !== COLON) return colon === -1 ? 'truncated' : 'damaged'
    this.#window.pos++
    if ((await this.peek()) === -1) return 'truncated'
    return { key: typeof key === 'string' ? key : '' }
  }

  /** The next byte that is no space, not consumed; -1 at the end of the file. */
  async peek(): Promise<number> {
    const window = this.#window
    for (;;) {
      window.pos = Math.min(skipSpace(window.bytes, window.pos), window.end)
      if (window.pos < window.end) return window.bytes[window.pos] ?? -1
      if (!(await window.more())) return -1
    }
  }

  /** Consumes a value; its content when it is a string, number or literal of at most 64 KiB, else undefined. */
  async scalar(): Promise<unknown> {
    const window = this.#window
    const first = await this.peek()
    if (first !== OPEN_OBJECT && first !== OPEN_LIST) {
      for (;;) {
        const end = scalarEnd(window.bytes, window.pos, window.end)
        if (end < window.end) return this.#take(end)
        if (window.end - window.pos > LONGEST_SCALAR || !(await window.more())) break
      }
    }
    await this.skip()
    return undefined
  }

  #take(end: number): unknown {
    const window = this.#window
    const bytes = window.bytes.subarray(window.pos, end)
    window.pos = end
    return bytes.length > LONGEST_SCALAR ? undefined : parseRepaired(bytes)
  }

  /** Consumes a value of any length unseen; false when the file ends inside it. */
  async skip(): Promise<boolean> {
    return (await skipValue(this.#window)) !== 'truncated'
  }

  async #skipBom(): Promise<void> {
    const window = this.#window
    while (window.end - window.pos < BOM.length && (await window.more()));
    if (holdsAt(window.bytes, window.pos, BOM)) {
      this.hasBom = true
      window.pos += BOM.length
    }
  }
}

/** Position behind the string, number or literal at `start`; `end` or more when it is not all there. */
function scalarEnd(bytes: Uint8Array, start: number, end: number): number {
  let p = start
  if (bytes[p] !== QUOTE) {
    while (p < end && isScalarByte(bytes[p] ?? 0)) p++
    return p
  }
  p++
  while (p < end && bytes[p] !== QUOTE) p += bytes[p] === BACKSLASH ? 2 : 1
  return p + 1 <= end ? Math.min(p + 1, end) : end
}

function parseRepaired(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(LENIENT.decode(repairJson(bytes).bytes))
  } catch {
    return undefined
  }
}

const LENIENT = new TextDecoder('utf-8', { ignoreBOM: true })

import type { Source } from '../model.ts'

/** More of one line than this is not kept. */
export const LONGEST_LINE_BYTES = 4 * 1024 * 1024

const WINDOW_BYTES = 1024 * 1024
/** A window of nothing but line breaks must not become a million lines at once. */
const BATCH_LINES = 4096
const LINE_FEED = 10
const CARRIAGE_RETURN = 13

/** A line as bytes: offsets in the file, `end` past its line break. `bytes` come without the line break. */
export interface ByteLine {
  bytes: Uint8Array
  start: number
  end: number
  /** The line was longer than `LONGEST_LINE_BYTES`; `bytes` holds its beginning. */
  isCut: boolean
}

/**
 * The lines of a file, in batches. At most one line and one window are held. `onBytes` sees every byte
 * once, in order.
 */
export async function* readLines(
  source: Source,
  onBytes: (bytes: Uint8Array) => void,
): AsyncGenerator<ByteLine[], void, undefined> {
  const open = new OpenLine()
  let position = 0
  while (position < source.sizeBytes) {
    const window = await source.slice(position, Math.min(position + WINDOW_BYTES, source.sizeBytes))
    if (window.length === 0) break
    onBytes(window)
    let lines: ByteLine[] = []
    let from = 0
    for (let feed = window.indexOf(LINE_FEED); feed >= 0; feed = window.indexOf(LINE_FEED, from)) {
      open.add(window.subarray(from, feed))
      from = feed + 1
      lines.push(open.finish(position + from))
      if (lines.length < BATCH_LINES) continue
      yield lines
      lines = []
    }
    open.add(window.subarray(from))
    position += window.length
    yield lines
  }
  if (open.hasBytes) yield [open.finish(position)]
}

/** The line that has not ended yet. */
class OpenLine {
  #start = 0
  #pieces: Uint8Array[] = []
  #kept = 0
  #isCut = false

  get hasBytes(): boolean {
    return this.#kept > 0 || this.#isCut
  }

  add(piece: Uint8Array): void {
    if (piece.length === 0) return
    const room = LONGEST_LINE_BYTES - this.#kept
    if (piece.length > room) this.#isCut = true
    if (room <= 0) return
    this.#pieces.push(piece.subarray(0, room))
    this.#kept += Math.min(piece.length, room)
  }

  finish(end: number): ByteLine {
    const joined = this.#join()
    const hasReturn = !this.#isCut && joined.at(-1) === CARRIAGE_RETURN
    const line = {
      bytes: hasReturn ? joined.subarray(0, -1) : joined,
      start: this.#start,
      end,
      isCut: this.#isCut,
    }
    this.#start = end
    this.#pieces = []
    this.#kept = 0
    this.#isCut = false
    return line
  }

  #join(): Uint8Array {
    const first = this.#pieces[0]
    if (this.#pieces.length === 1 && first) return first
    const joined = new Uint8Array(this.#kept)
    let at = 0
    for (const piece of this.#pieces) {
      joined.set(piece, at)
      at += piece.length
    }
    return joined
  }
}

import type { Block } from './blocks.ts'

/** Telegram writes `id="message…"` once per message, and `"` in what people write as `&quot;`. */
const MARK = Array.from('id="message', (letter) => letter.charCodeAt(0))
const EQUALS_AT = 2
const EQUALS = 0x3d
/** Marks waiting for a block; past it further ones are not kept, so a hostile page cannot fill the memory. */
const MOST_WAITING = 100_000

/**
 * Compares the messages that stand in the bytes of a page with those that came out of it. An open comment, text field
 * or attribute swallows what follows, as it does in a browser; here each such run of messages becomes a block of its
 * own without a tree, so that no loss is silent.
 */
export class LostMessages {
  #waiting: number[] = []
  #tail: Uint8Array = new Uint8Array(0)
  #position = 0
  /** Where the last block ended: what is lost next was swallowed behind it. */
  #known = 0
  #isWithoutMessages = true

  /** Takes the page's bytes in order. */
  scan(bytes: Uint8Array): void {
    const joined = new Uint8Array(this.#tail.length + bytes.length)
    joined.set(this.#tail)
    joined.set(bytes, this.#tail.length)
    const base = this.#position - this.#tail.length
    for (let at = joined.indexOf(EQUALS); at >= 0; at = joined.indexOf(EQUALS, at + 1)) {
      const start = at - EQUALS_AT
      if (start >= 0 && isMark(joined, start) && this.#waiting.length < MOST_WAITING) {
        this.#waiting.push(base + start)
      }
    }
    this.#position += bytes.length
    this.#tail = joined.slice(Math.max(0, joined.length - MARK.length + 1))
  }

  /** The blocks, with one for each lost run among them. */
  fill(blocks: readonly Block[]): Block[] {
    const filled: Block[] = []
    for (const block of blocks) {
      if (this.#drop((mark) => mark < block.start) > 0) filled.push(lost(this.#known, block.start))
      this.#drop((mark) => mark < block.openEnd)
      const swallowed = this.#waiting[0]
      const isSwallowing = this.#drop((mark) => mark < block.end) > 0
      filled.push(block)
      // Without a tree, the block is a gap itself, up to its end.
      if (isSwallowing && swallowed !== undefined && block.root) filled.push(lost(swallowed, block.end))
      this.#known = block.end
      if (block.kind === 'message') this.#isWithoutMessages = false
    }
    return filled
  }

  /** What was lost at the end of the page: all of it when no message came out, as from a page in another encoding. */
  end(position: number): Block[] {
    const isLost = this.#drop(() => true) > 0 || this.#isWithoutMessages
    return isLost ? [lost(this.#known, position)] : []
  }

  #drop(isPast: (mark: number) => boolean): number {
    const left = this.#waiting.findIndex((mark) => !isPast(mark))
    const count = left < 0 ? this.#waiting.length : left
    this.#waiting.splice(0, count)
    return count
  }
}

function lost(start: number, end: number): Block {
  return { kind: 'message', root: null, fault: 'truncated', start, openEnd: start, end }
}

function isMark(bytes: Uint8Array, start: number): boolean {
  return MARK.every((code, i) => bytes[start + i] === code)
}

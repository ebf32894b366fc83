import { CLOSE_LIST, holdsAt, IS_SPACE, NEWLINE, OPEN_OBJECT } from './ascii.ts'

const COMPACT_SIBLING = new TextEncoder().encode(',{"id":')
const LONGEST_INDENT = 64

/**
 * Finds where the next message begins when one is damaged. In a file with line breaks that is a line indented like the
 * first message: no string of valid JSON holds a raw line break, so no text can look like it. In a file without, it is
 * an object whose first key is `id`, whose quotes no string holds unescaped.
 */
export class SiblingFinder {
  readonly #sibling: Uint8Array
  readonly #listEnd: Uint8Array | null

  /** `lead`: the bytes between the `[` of the list and its first message. */
  constructor(lead: Uint8Array) {
    const lineStart = lead.lastIndexOf(NEWLINE)
    const isIndented = lineStart >= 0 && lead.length - lineStart <= LONGEST_INDENT
    if (isIndented && lead.every((byte) => IS_SPACE[byte] === 1)) {
      const line = lead.subarray(lineStart)
      this.#sibling = Uint8Array.of(...line, OPEN_OBJECT)
      this.#listEnd = line.length > 1 ? Uint8Array.of(...line.subarray(0, -1), CLOSE_LIST) : null
    } else {
      this.#sibling = COMPACT_SIBLING
      this.#listEnd = null
    }
  }

  /** How many bytes must be kept unseen so that no beginning is missed at the end of a window. */
  get lookaheadBytes(): number {
    return this.#sibling.length
  }

  /** Position of the next message's `{` or of the list's `]` after `from`, or -1. */
  find(bytes: Uint8Array, from: number, end: number): number {
    const first = this.#sibling[0] ?? NEWLINE
    for (let p = bytes.indexOf(first, from); p >= 0 && p < end; p = bytes.indexOf(first, p + 1)) {
      if (p + this.#sibling.length <= end && holdsAt(bytes, p, this.#sibling))
        return bytes.indexOf(OPEN_OBJECT, p)
      const listEnd = this.#listEnd
      if (listEnd && p + listEnd.length <= end && holdsAt(bytes, p, listEnd)) return p + listEnd.length - 1
    }
    return -1
  }
}

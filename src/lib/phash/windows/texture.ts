import { HASH_BYTES } from '../hash.ts'
import { ORIENTATIONS } from '../orientation.ts'

/** Windows this alike in different places of one picture match themselves anywhere: roofs, blinds, tiles, dot patterns. */
const ALIKE = 40
/** What counts as different places, in sides of the smaller window. */
const APART = 0.3
/** What counts as different sizes. A wedge, a corner or a horizon looks alike in all of them and matches those of strangers. */
const LARGER = 1.15

/**
 * Of a picture of which fewer windows than this share are its own, none is: what is left of a wall of bricks are accidents
 * at its edges, and other walls have them too. Of 36 walls none came above 0.38; of 106 photographs three lay below 0.86, at
 * 0.20, 0.44 and 0.46.
 */
const OWN_SHARE = 0.4

const WORDS = HASH_BYTES / 4
const WINDOW_WORDS = ORIENTATIONS.length * WORDS

interface PlacedWindow {
  /** 8 x 32 bytes, the first 32 as it lies. */
  readonly hashes: Uint8Array
  readonly cx: number
  readonly cy: number
  readonly side: number
}

/**
 * The windows without those that are found again elsewhere in the picture or in another size, as they lie or turned or
 * mirrored: courses of bricks are mirror images of each other.
 */
export function withoutRepeats<Placed extends PlacedWindow>(windows: readonly Placed[]): Placed[] {
  const words = wordsOf(windows)
  const repeats = new Uint8Array(windows.length)
  for (const [i, window] of windows.entries()) {
    for (let j = i + 1; j < windows.length; j++) {
      const other = windows[j]
      if (!other || isSameView(window, other) || !isAlike(words, i, j)) continue
      repeats[i] = repeats[j] = 1
    }
  }
  return windows.filter((_, i) => repeats[i] === 0)
}

/** Windows of one place and size are alike in any picture. */
function isSameView(a: PlacedWindow, b: PlacedWindow): boolean {
  const smaller = Math.min(a.side, b.side)
  const isSameSize = Math.max(a.side, b.side) <= LARGER * smaller
  return isSameSize && Math.hypot(a.cx - b.cx, a.cy - b.cy) <= APART * smaller
}

/** Whether a picture of so many windows, of which so many neither repeat nor are symmetric, is a pattern and nothing else. */
export function isPattern(windowCount: number, ownCount: number): boolean {
  return ownCount < OWN_SHARE * windowCount
}

/** The prints of all windows, one after the other. */
function wordsOf(windows: readonly PlacedWindow[]): Int32Array {
  const words = new Int32Array(windows.length * WINDOW_WORDS)
  for (const [i, { hashes }] of windows.entries()) {
    const view = new DataView(hashes.buffer, hashes.byteOffset, hashes.length)
    for (let k = 0; k < WINDOW_WORDS; k++) words[i * WINDOW_WORDS + k] = view.getInt32(4 * k)
  }
  return words
}

/** Whether window i, as it lies, is like window j in any orientation. Mostly decided by the first three words of eight. */
function isAlike(words: Int32Array, i: number, j: number): boolean {
  const own = i * WINDOW_WORDS
  const first = words[own] ?? 0
  const second = words[own + 1] ?? 0
  const third = words[own + 2] ?? 0
  const end = (j + 1) * WINDOW_WORDS
  for (let at = j * WINDOW_WORDS; at < end; at += WORDS) {
    const a = first ^ (words[at] ?? 0)
    const b = second ^ (words[at + 1] ?? 0)
    const c = third ^ (words[at + 2] ?? 0)
    // Three words are added up bit by bit, so that two have to be counted.
    let bits = ones(a ^ b ^ c) + 2 * ones((a & b) | (c & (a ^ b)))
    for (let k = 3; k < WORDS && bits <= ALIKE; k++) {
      bits += ones((words[own + k] ?? 0) ^ (words[at + k] ?? 0))
    }
    if (bits <= ALIKE) return true
  }
  return false
}

/** Set bits of 32, by adding them up in pairs, fours and eights. */
function ones(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555)
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333)
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

import { HASH_BYTES } from '../hash.ts'

/** Windows this alike in different places of one picture match themselves anywhere: roofs, blinds, tiles, dot patterns. */
const ALIKE = 40
/** What counts as different places, in sides of the smaller window. */
const APART = 0.3
/** What counts as different sizes. A wedge, a corner or a horizon looks alike in all of them and matches those of strangers. */
const LARGER = 1.15

/**
 * Of a picture of which fewer windows than this share are its own, none is: what is left of a wall of bricks are accidents
 * at its edges, and other walls have them too.
 */
const OWN_SHARE = 0.25

const WORDS = HASH_BYTES / 4

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
  const words = windows.map(({ hashes }) => wordsOf(hashes))
  const repeats = new Uint8Array(windows.length)
  for (const [i, window] of windows.entries()) {
    for (let j = i + 1; j < windows.length; j++) {
      const other = windows[j]
      if (!other || isSameView(window, other) || !isAlike(words[i], words[j])) continue
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

function wordsOf(hashes: Uint8Array): Int32Array {
  const view = new DataView(hashes.buffer, hashes.byteOffset, hashes.length)
  return Int32Array.from({ length: hashes.length / 4 }, (_, k) => view.getInt32(4 * k))
}

/** Whether the first, as it lies, is like the second in any orientation. Mostly decided by the first three words of eight. */
function isAlike(first: Int32Array | undefined, second: Int32Array | undefined): boolean {
  if (!first || !second) return false
  for (let at = 0; at < second.length; at += WORDS) {
    let bits = 0
    for (let k = 0; k < WORDS && bits <= ALIKE; k++) bits += ones((first[k] ?? 0) ^ (second[at + k] ?? 0))
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

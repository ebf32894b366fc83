import { HASH_BYTES } from '../hash.ts'

/** Windows this alike in different places of one picture match themselves anywhere: roofs, blinds, tiles, dot patterns. */
const ALIKE = 40
/** What counts as different places, in sides of the smaller window. */
const APART = 0.3

const WORDS = HASH_BYTES / 4

interface PlacedWindow {
  /** 8 x 32 bytes, the first 32 as it lies. */
  readonly hashes: Uint8Array
  readonly cx: number
  readonly cy: number
  readonly side: number
}

/**
 * The windows without those that are found again elsewhere in the picture, as they lie or turned or mirrored: courses of
 * bricks are mirror images of each other.
 */
export function withoutRepeats<Placed extends PlacedWindow>(windows: readonly Placed[]): Placed[] {
  const words = windows.map(({ hashes }) => wordsOf(hashes))
  const repeats = new Uint8Array(windows.length)
  for (const [i, window] of windows.entries()) {
    for (let j = i + 1; j < windows.length; j++) {
      const other = windows[j]
      if (!other || !isAlike(words[i], words[j])) continue
      const apart = APART * Math.min(window.side, other.side)
      if (Math.hypot(window.cx - other.cx, window.cy - other.cy) > apart) repeats[i] = repeats[j] = 1
    }
  }
  return windows.filter((_, i) => repeats[i] === 0)
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

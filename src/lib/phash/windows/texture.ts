import { HASH_BYTES } from '../hash.ts'
import type { WindowRow } from './row.ts'

/** Rows this alike in different places of one picture match themselves anywhere: roofs, blinds, tiles, dot patterns. */
const ALIKE = 40
/** What counts as different places, in sides of the smaller window. */
const APART = 0.3

const WORDS = HASH_BYTES / 4

/** The rows without those that repeat within the picture. */
export function withoutRepeats(rows: readonly WindowRow[]): WindowRow[] {
  const words = new Int32Array(rows.length * WORDS)
  for (const [i, { hash }] of rows.entries()) {
    const view = new DataView(hash.buffer, hash.byteOffset, HASH_BYTES)
    for (let k = 0; k < WORDS; k++) words[i * WORDS + k] = view.getInt32(4 * k)
  }
  const repeats = new Uint8Array(rows.length)
  for (const [i, row] of rows.entries()) {
    for (let j = i + 1; j < rows.length; j++) {
      const other = rows[j]
      if (!other || !isAlike(words, i * WORDS, j * WORDS)) continue
      const apart = APART * Math.min(row.side, other.side)
      if (Math.hypot(row.cx - other.cx, row.cy - other.cy) > apart) repeats[i] = repeats[j] = 1
    }
  }
  return rows.filter((_, i) => repeats[i] === 0)
}

/** Nearly always decided by the first three of the eight words. */
function isAlike(words: Int32Array, a: number, b: number): boolean {
  let bits = 0
  for (let k = 0; k < WORDS; k++) {
    bits += ones((words[a + k] ?? 0) ^ (words[b + k] ?? 0))
    if (bits > ALIKE) return false
  }
  return true
}

/** Set bits of 32, by adding them up in pairs, fours and eights. */
function ones(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555)
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333)
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

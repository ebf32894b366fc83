import { HASH_BYTES } from '../hash.ts'
import type { WindowRow } from './row.ts'

/** Rows this alike in different places of one picture match themselves anywhere: roofs, blinds, tiles, dot patterns. */
const ALIKE = 40
/** What counts as different places, in sides of the smaller window. */
const APART = 0.3

/** The rows without those that repeat within the picture. */
export function withoutRepeats(rows: readonly WindowRow[]): WindowRow[] {
  const words = rows.map(({ hash }) => wordsOf(hash))
  const repeats = new Uint8Array(rows.length)
  for (const [i, row] of rows.entries()) {
    for (let j = i + 1; j < rows.length; j++) {
      const other = rows[j]
      if (!other || (repeats[i] === 1 && repeats[j] === 1)) continue
      const apart = APART * Math.min(row.side, other.side)
      if (Math.hypot(row.cx - other.cx, row.cy - other.cy) <= apart) continue
      if (isAlike(words[i], words[j])) repeats[i] = repeats[j] = 1
    }
  }
  return rows.filter((_, i) => repeats[i] === 0)
}

function wordsOf(hash: Uint8Array): Int32Array {
  const view = new DataView(hash.buffer, hash.byteOffset, HASH_BYTES)
  return Int32Array.from({ length: HASH_BYTES / 4 }, (_, i) => view.getInt32(4 * i))
}

function isAlike(a: Int32Array | undefined, b: Int32Array | undefined): boolean {
  if (!a || !b) return false
  let bits = 0
  for (let i = 0; i < a.length; i++) bits += ones((a[i] ?? 0) ^ (b[i] ?? 0))
  return bits <= ALIKE
}

/** Set bits of 32, by adding them up in pairs, fours and eights. */
function ones(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555)
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333)
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

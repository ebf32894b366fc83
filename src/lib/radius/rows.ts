import { RadiusError } from './errors.ts'
import type { Hit } from './port.ts'
import { packRow, popcount3, ROW_WORDS, rowDistance } from './words.ts'

/** 64 million rows: 2 GiB of fingerprints, the most one typed array should hold. */
export const MAX_ROWS = 2 ** 26
const FIRST_CAPACITY = 64

/**
 * The rows in order of insertion: packed fingerprints, ids, and which are removed. Everything is a flat typed array, so
 * that a WebAssembly kernel or a worker can read the same memory.
 */
export class Rows {
  words = new Uint32Array(FIRST_CAPACITY * ROW_WORDS)
  ids = new Uint32Array(FIRST_CAPACITY)
  /** 1 for a removed row (tombstone). */
  removed = new Uint8Array(FIRST_CAPACITY)
  count = 0
  removedCount = 0

  /** Makes room for `more` rows. Throws `RadiusError` TOO_MANY. */
  reserve(more: number): void {
    const need = this.count + more
    if (need > MAX_ROWS) throw new RadiusError('TOO_MANY', `An index holds at most ${MAX_ROWS} fingerprints.`)
    if (need <= this.ids.length) return
    const capacity = Math.min(MAX_ROWS, Math.max(need, this.ids.length + (this.ids.length >>> 1)))
    const { words, ids, removed } = this
    this.words = new Uint32Array(capacity * ROW_WORDS)
    this.ids = new Uint32Array(capacity)
    this.removed = new Uint8Array(capacity)
    this.words.set(words)
    this.ids.set(ids)
    this.removed.set(removed)
  }

  /** Appends a row where `reserve` made room, and returns its number. */
  append(id: number, bytes: Uint8Array, from: number): number {
    const row = this.count++
    packRow(bytes, from, this.words, row * ROW_WORDS)
    this.ids[row] = id
    this.removed[row] = 0
    return row
  }

  remove(row: number): void {
    this.removed[row] = 1
    this.removedCount++
  }

  /** Closes the gaps of removed rows from row `start` on; `moved(from, to)` is told of every row that got a new number. */
  compact(start: number, moved: (from: number, to: number) => void): void {
    let to = start
    for (let row = start; row < this.count; row++) {
      if (this.removed[row] === 1) continue
      if (row !== to) {
        this.words.copyWithin(to * ROW_WORDS, row * ROW_WORDS, (row + 1) * ROW_WORDS)
        this.ids[to] = this.ids[row] ?? 0
        moved(row, to)
      }
      to++
    }
    this.removedCount -= this.count - to
    this.removed.fill(0, start, this.count)
    this.count = to
  }
}

/** Adds the hits among rows `from` .. `to` (exclusive) to `hits`, looking at every row. */
export function scanRows(
  rows: Rows,
  from: number,
  to: number,
  query: Uint32Array,
  radius: number,
  hits: Hit[],
): void {
  const { words, ids, removed } = rows
  const q0 = (query[0] ?? 0) | 0
  const q1 = (query[1] ?? 0) | 0
  const q2 = (query[2] ?? 0) | 0
  for (let row = from; row < to; row++) {
    // The first step of `rowDistance`, written out: V8 does not inline the whole of it, and four rows in ten thousand
    // get further.
    const at = row * ROW_WORDS
    const apart = popcount3((words[at] ?? 0) ^ q0, (words[at + 1] ?? 0) ^ q1, (words[at + 2] ?? 0) ^ q2)
    if (apart > radius || removed[row] === 1) continue
    const distance = rowDistance(words, at, query, 0, radius)
    if (distance <= radius) hits.push({ id: ids[row] ?? 0, distance })
  }
}

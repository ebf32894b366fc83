import type { Arena } from './arenas.ts'
import { type Kernel, kernelOver } from './kernel.ts'
import {
  Descriptor,
  DISTANCE_BITS,
  Head,
  layOut,
  Question,
  ROW_BYTES,
  Scratch,
  type SegmentLayout,
} from './layout.ts'
import { FINGERPRINT_BYTES, INVERSE, PERMUTATION } from './permutation.ts'
import { blockMask, crowdingWeight, largestChunkRadius, type Plan, probeCount, probeMasks } from './plan.ts'
import type { Hit } from './port.ts'

/** What a thread needs to search a segment. Can be sent to other threads when the memory is shared. */
export interface SegmentHandle {
  readonly memory: WebAssembly.Memory
  readonly isShared: boolean
  readonly plan: Plan
  readonly capacity: number
  readonly readers: number
}

/** Rows looked at in one call of the kernel: no more hits than that can come of it. */
const SCAN_ROWS = Scratch.maxHits
const DISTANCE_MASK = 2 ** DISTANCE_BITS - 1

/**
 * Rows in one memory, with bucket tables (`build-segment.ts`) or without, when each query looks at all of them. Rows are
 * added at the end and marked as removed; nothing else changes. One thread writes, each reader has its own scratch area.
 */
export class Segment {
  readonly handle: SegmentHandle
  readonly layout: SegmentLayout
  readonly kernel: Kernel
  readonly bytes: Uint8Array
  /** The same memory, as words. */
  readonly words: Uint32Array
  readonly #head: Int32Array
  #removedCount = 0

  /** A segment that exists already, in this thread or another. */
  constructor(handle: SegmentHandle, kernel: Kernel = kernelOver(handle.memory, handle.isShared)) {
    const { memory, plan, capacity, readers } = handle
    this.handle = handle
    this.kernel = kernel
    this.layout = layOut(plan, capacity, readers)
    this.bytes = new Uint8Array(memory.buffer)
    this.words = new Uint32Array(memory.buffer)
    this.#head = new Int32Array(memory.buffer, this.layout.head, Head.words)
  }

  /** An empty segment. The memory of its tables is left as it is: `buildSegment` clears it. */
  static create(arena: Arena, isShared: boolean, plan: Plan, capacity: number, readers: number): Segment {
    const segment = new Segment({ memory: arena.memory, isShared, plan, capacity, readers }, arena.kernel)
    const { head, rows, removed, slots, tables } = segment.layout
    segment.bytes.fill(0, head, rows).fill(0, removed, segment.hasTables ? slots : tables)
    segment.#writeHead()
    return segment
  }

  /** Rows in use, removed ones included. */
  get count(): number {
    return Atomics.load(this.#head, Head.count)
  }

  /** Makes rows findable, for all threads, that have been written before. */
  set count(count: number) {
    Atomics.store(this.#head, Head.count, count)
  }

  get liveCount(): number {
    return this.count - this.#removedCount
  }

  get removedCount(): number {
    return this.#removedCount
  }

  get hasTables(): boolean {
    return this.handle.plan.chunks.length > 0
  }

  /** Appends a row where there is room for one more, with an id that is not in the segment. */
  append(id: number, fingerprint: Uint8Array): void {
    const row = this.count
    const at = this.layout.rows + row * ROW_BYTES
    this.bytes.set(fingerprint, at)
    this.kernel.permuteRows(at, at, 1, this.layout.permutation)
    this.words[this.layout.ids / 4 + row] = id
    this.kernel.insertIds(this.layout.head, row, row + 1)
    this.count = row + 1
  }

  /**
   * Writes `rows` ids and fingerprints, from number `first` on, to the beginning of an empty segment. They are not rows yet:
   * `buildSegment` makes them so.
   */
  writeRaw(ids: ArrayLike<number>, fingerprints: Uint8Array, first: number, rows: number): void {
    const at = this.layout.ids / 4
    for (let n = 0; n < rows; n++) this.words[at + n] = ids[first + n] ?? 0
    const from = first * FINGERPRINT_BYTES
    this.bytes.set(fingerprints.subarray(from, from + rows * FINGERPRINT_BYTES), this.layout.rows)
  }

  /** The row of an id that has not been removed, or -1. */
  find(id: number): number {
    const row = this.kernel.findId(this.layout.head, id)
    return row < 0 || this.isRemoved(row) ? -1 : row
  }

  idOf(row: number): number {
    return this.words[this.layout.ids / 4 + row] ?? 0
  }

  isRemoved(row: number): boolean {
    return (((this.bytes[this.layout.removed + (row >>> 3)] ?? 0) >>> (row & 7)) & 1) === 1
  }

  /** Marks a row that is not marked yet. */
  remove(row: number): void {
    const at = this.layout.removed + (row >>> 3)
    this.bytes[at] = (this.bytes[at] ?? 0) | (1 << (row & 7))
    this.#removedCount++
  }

  /** Writes the fingerprints of the rows `first` .. `end` (exclusive) in their own order of bits. */
  copyFingerprints(first: number, end: number, to: Uint8Array, at: number): void {
    const scratch = this.layout.scratches + Scratch.hits
    for (let row = first; row < end; row += SCAN_ROWS / 4) {
      const count = Math.min(SCAN_ROWS / 4, end - row)
      this.kernel.permuteRows(this.layout.rows + row * ROW_BYTES, scratch, count, this.layout.inverse)
      to.set(
        this.bytes.subarray(scratch, scratch + count * ROW_BYTES),
        at + (row - first) * FINGERPRINT_BYTES,
      )
    }
  }

  /**
   * Adds every hit of the n-th of 1 to 8 fingerprints to `answers[n]`, each once, in no order. `fingerprints`: 32 bytes each.
   * `reader`: who asks, from 0.
   */
  search(fingerprints: Uint8Array, radius: number, reader: number, answers: readonly Hit[][]): void {
    const rows = this.count
    const scratch = this.layout.scratches + reader * Scratch.bytes
    this.#ask(scratch, fingerprints, radius)
    const last = fingerprints.length / FINGERPRINT_BYTES - 1
    if (!this.hasTables) {
      this.#scan(scratch, 0, last, rows, answers)
      return
    }
    if (this.#searchTables(scratch, 0, last, answers)) return
    for (let asked = 0; asked <= last; asked++) {
      if (last > 0 && this.#searchTables(scratch, asked, asked, answers)) continue
      this.#scan(scratch, asked, asked, rows, answers)
    }
  }

  #ask(scratch: number, fingerprints: Uint8Array, radius: number): void {
    this.bytes.set(fingerprints, scratch + Scratch.fingerprints)
    let at = (scratch + Scratch.questions + Question.radius) / 4
    for (let from = 0; from < fingerprints.length; from += FINGERPRINT_BYTES) {
      this.words[at] = this.hasTables ? this.#withinParity(fingerprints, from, radius) : radius
      at += Question.bytes / 4
    }
  }

  /** Whether the questions `first` .. `last` could be answered by the tables; if not, no hit has been added. */
  #searchTables(scratch: number, first: number, last: number, answers: readonly Hit[][]): boolean {
    const found = this.kernel.search(this.layout.head, scratch, first, last)
    if (found >= 0) this.#take(scratch, found, answers)
    return found >= 0
  }

  #scan(scratch: number, first: number, last: number, rows: number, answers: readonly Hit[][]): void {
    const { head } = this.layout
    for (let row = 0; row < rows; row += SCAN_ROWS) {
      const end = Math.min(row + SCAN_ROWS, rows)
      for (let asked = first; asked <= last; asked++) {
        this.#take(scratch, this.kernel.scan(head, scratch, asked, row, end), answers)
      }
    }
  }

  #take(scratch: number, count: number, answers: readonly Hit[][]): void {
    const from = (scratch + Scratch.hits) / 4
    for (let at = from; at < from + 2 * count; at += 2) {
      const found = this.words[at + 1] ?? 0
      answers[found >>> DISTANCE_BITS]?.push({ id: this.words[at] ?? 0, distance: found & DISTANCE_MASK })
    }
  }

  /**
   * Two fingerprints with equally even numbers of bits are an even distance apart, so that 31 means 30 there. Half of the
   * bits of a PDQ fingerprint are set, unless values are equal: usually this holds for all rows.
   */
  #withinParity(fingerprints: Uint8Array, from: number, radius: number): number {
    const odd = this.#head[Head.odd] ?? 0
    if (odd !== 0 && odd !== this.count) return radius
    const isOddDistance = (odd === 0) === isOddCount(fingerprints, from)
    return ((radius & 1) === 1) === isOddDistance ? radius : radius - 1
  }

  #writeHead(): void {
    const { plan, capacity } = this.handle
    const { layout, words } = this
    const head = layout.head / 4
    words[head + Head.rows] = layout.rows
    words[head + Head.ids] = layout.ids
    words[head + Head.removed] = layout.removed
    words[head + Head.slots] = layout.slots
    words[head + Head.slotMask] = layout.slotCount - 1
    words[head + Head.chunks] = plan.chunks.length
    words[head + Head.descriptors] = layout.chunks[0]?.descriptor ?? 0
    words[head + Head.permutation] = layout.permutation
    words[head + Head.isLean] = plan.layout === 'lean' ? 1 : 0
    words[head + Head.crowded] = crowdedCount(capacity)
    this.bytes.set(PERMUTATION, layout.permutation)
    this.bytes.set(INVERSE, layout.inverse)
    this.#writeDescriptors()
  }

  #writeDescriptors(): void {
    const { plan, capacity } = this.handle
    const largest = largestChunkRadius(plan.chunks.length)
    for (const [j, { start, width }] of plan.chunks.entries()) {
      const places = this.layout.chunks[j]
      if (!places) continue
      const at = places.descriptor / 4
      this.words[at + Descriptor.keyByte] = start >>> 3
      this.words[at + Descriptor.keyShift] = start & 7
      this.words[at + Descriptor.keyMask] = 2 ** width - 1
      this.words[at + Descriptor.offsets] = places.offsets
      this.words[at + Descriptor.sketches] = places.sketches
      this.words[at + Descriptor.entryRows] = places.entryRows
      this.words[at + Descriptor.sketchByte] = sketchByte(start)
      this.words[at + Descriptor.blockMask] = blockMask(width, capacity)
      this.words[at + Descriptor.probeMasks] = places.probeMasks
      for (let radius = 0; radius <= largest; radius++) {
        this.words[at + Descriptor.probeCounts + radius] = probeCount(width, radius)
      }
      this.words.set(probeMasks(width, largest), places.probeMasks / 4)
      const weight = Float32Array.of(crowdingWeight(width, largest, capacity))
      this.bytes.set(new Uint8Array(weight.buffer), (at + Descriptor.crowdingWeight) * 4)
    }
  }
}

/** The rows that have not been removed, as runs `first` .. `end` (exclusive). */
export function* liveRuns(
  segment: Segment,
  from = 0,
  to = segment.count,
): Generator<[first: number, end: number], void> {
  let row = from
  while (row < to) {
    while (row < to && segment.isRemoved(row)) row++
    const first = row
    while (row < to && !segment.isRemoved(row)) row++
    if (row > first) yield [first, row]
  }
}

/** When a query's buckets hold more rows than this, looking at each row in turn is quicker. */
function crowdedCount(rows: number): number {
  return Math.ceil(rows / 2) + 256
}

/** A sketch is 12 bytes of the row, round the end if need be but for its first eight, that the chunk does not reach. */
function sketchByte(start: number): number {
  const word = ((start >>> 5) + 2) % 8
  return word === 7 ? 0 : word * 4
}

function isOddCount(fingerprints: Uint8Array, from: number): boolean {
  let folded = 0
  for (let at = from; at < from + FINGERPRINT_BYTES; at++) folded ^= fingerprints[at] ?? 0
  folded ^= folded >>> 4
  return ((0x6996 >>> (folded & 15)) & 1) === 1
}

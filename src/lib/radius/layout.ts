import { PERMUTATION_BYTES } from './permutation.ts'
import { largestChunkRadius, type Plan, probeCount } from './plan.ts'

// Where everything lies in the memory of a segment, in bytes; `assembly/kernel.ts` has the same numbers.

const ALIGNMENT = 64
/** Address 0 stays unused. */
const HEAD_AT = 64
/** Keys are read as eight bytes, and the last key of the last row begins in its last bytes. */
const SLACK_BYTES = 64

/** Fields of the head, as indexes of 32-bit words. `count` is the rows in use, the one field that changes. */
export const Head = {
  count: 0,
  rows: 1,
  ids: 2,
  removed: 3,
  slots: 4,
  slotMask: 5,
  chunks: 6,
  descriptors: 7,
  permutation: 8,
  isLean: 9,
  crowded: 10,
  /** How many rows have an odd number of set bits; rows of a segment without tables are not counted. */
  odd: 11,
  words: 16,
} as const

/** Fields of the descriptor of a chunk, as indexes of 32-bit words. */
export const Descriptor = {
  keyByte: 0,
  keyShift: 1,
  keyMask: 2,
  offsets: 3,
  sketches: 4,
  entryRows: 5,
  sketchByte: 6,
  blockMask: 7,
  probeMasks: 8,
  probeCounts: 9,
  /** A 32-bit float, unlike the others. */
  crowdingWeight: 12,
  words: 16,
} as const

/**
 * The scratch area of a reader, in bytes: the fingerprints asked for, one after the other; the questions made of them; what the
 * kernel notes; and the hits as pairs (id, distance and above it the number of the question).
 */
export const Scratch = {
  fingerprints: 0,
  questions: 256,
  maxQuestions: 8,
  hits: 10_240,
  maxHits: 4_096,
  bytes: 10_240 + 4_096 * 8,
} as const

/** A question in the scratch area, in bytes. The radius is a signed word. */
export const Question = { radius: 160, bytes: 192 } as const
/** The second word of a hit is its distance, and above these bits the number of its question. */
export const DISTANCE_BITS = 16

export const SKETCH_BYTES = 12
export const ROW_BYTES = 32

export interface ChunkPlaces {
  readonly descriptor: number
  /** Two to the width of the chunk. */
  readonly keyCount: number
  readonly probeMasks: number
  readonly offsets: number
  readonly entryRows: number
  /** Equal to `entryRows` in a lean layout, which has none. */
  readonly sketches: number
}

export interface SegmentLayout {
  readonly head: number
  readonly permutation: number
  readonly inverse: number
  readonly scratches: number
  readonly rows: number
  readonly ids: number
  readonly removed: number
  /** Table of ids: row number + 1 per slot, 0 when free. */
  readonly slots: number
  readonly slotCount: number
  /** Where the tables of the chunks begin; they go to the end. */
  readonly tables: number
  readonly chunks: readonly ChunkPlaces[]
  readonly bytes: number
}

/** The layout of a segment with room for `capacity` rows, searched by up to `readers` threads. */
export function layOut(plan: Plan, capacity: number, readers: number): SegmentLayout {
  let end = HEAD_AT
  const take = (bytes: number): number => {
    const at = end
    end += Math.ceil(bytes / ALIGNMENT) * ALIGNMENT
    return at
  }
  const head = take(Head.words * 4)
  const permutation = take(PERMUTATION_BYTES)
  const inverse = take(PERMUTATION_BYTES)
  const descriptors = plan.chunks.map(() => take(Descriptor.words * 4))
  const radius = largestChunkRadius(plan.chunks.length)
  const masks = new Map<number, number>()
  for (const { width } of plan.chunks) {
    if (!masks.has(width)) masks.set(width, take(probeCount(width, radius) * 4))
  }
  const scratches = take(Scratch.bytes * readers)
  const rows = take(capacity * ROW_BYTES + SLACK_BYTES)
  const ids = take(capacity * 4)
  const removed = take(Math.ceil(capacity / 8))
  const slotCount = slotsFor(capacity)
  const slots = take(slotCount * 4)
  const tables = end
  const chunks = plan.chunks.map(({ width }, j) => {
    const keyCount = 2 ** width
    const offsets = take((keyCount + 1) * 4)
    const entryRows = take(capacity * 4)
    return {
      descriptor: descriptors[j] ?? 0,
      keyCount,
      probeMasks: masks.get(width) ?? 0,
      offsets,
      entryRows,
      sketches: plan.layout === 'sketch' ? take(capacity * SKETCH_BYTES) : entryRows,
    }
  })
  return {
    head,
    permutation,
    inverse,
    scratches,
    rows,
    ids,
    removed,
    slots,
    slotCount,
    tables,
    chunks,
    bytes: end + SLACK_BYTES,
  }
}

/** A power of two of which at most three quarters are in use. */
function slotsFor(capacity: number): number {
  return 2 ** Math.max(4, Math.ceil(Math.log2((capacity * 4) / 3)))
}

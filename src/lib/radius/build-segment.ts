import { RadiusError } from './errors.ts'
import { Head, ROW_BYTES, type SegmentLayout } from './layout.ts'
import { liveRuns, type Segment } from './segment.ts'

/** Rows per piece of work, some 0.1 ms. */
export const SLICE_ROWS = 2_048
/** So many keys are passed over in the time of one row. */
const KEYS_PER_ROW = 16
/** So many bytes are cleared in the time of one row, most of it spent on the system giving out pages. */
const CLEARED_BYTES_PER_ROW = 64

/**
 * Fills `target`, which holds `rawCount` rows in their own order of bits and nothing else, with the rows of `sources` that
 * are not removed, and builds its tables. Yields after each piece of work how many rows it passed over (`workOf` adds them
 * up). Throws `RadiusError` DUPLICATE_ID.
 */
export function* buildSegment(
  target: Segment,
  rawCount: number,
  sources: readonly Segment[],
): Generator<number, void> {
  const { kernel, layout } = target
  yield* clearTables(target)
  for (const [first, end] of slices(rawCount, SLICE_ROWS)) {
    const at = layout.rows + first * ROW_BYTES
    kernel.permuteRows(at, at, end - first, layout.permutation)
    yield end - first
  }
  target.count = rawCount
  for (const source of sources) yield* copyRows(source, target)
  yield* enterIds(target)
  yield* buildTables(target)
}

/** Does all of the work at once. */
export function exhaust(work: Generator<number, void>): void {
  while (!work.next().done);
}

/** About what `buildSegment` yields in all for a segment of `rows` rows. */
export function workOf(layout: SegmentLayout, rows: number): number {
  const keys = layout.chunks.reduce((sum, { keyCount }) => sum + keyCount, 0)
  const bytes = layout.bytes - layout.slots
  return rows * (2 + 2 * layout.chunks.length) + keys / KEYS_PER_ROW + bytes / CLEARED_BYTES_PER_ROW
}

/**
 * Also has the system give out the pages one after the other: when rows are put into their buckets, each would meet a new page,
 * and a piece of work would take twenty times as long.
 */
function* clearTables({ bytes, layout, hasTables }: Segment): Generator<number, void> {
  if (!hasTables) return
  for (const [first, end] of slices(layout.bytes - layout.slots, SLICE_ROWS * CLEARED_BYTES_PER_ROW)) {
    bytes.fill(0, layout.slots + first, layout.slots + end)
    yield (end - first) / CLEARED_BYTES_PER_ROW
  }
}

function* copyRows(source: Segment, target: Segment): Generator<number, void> {
  for (const [first, end] of slices(source.count, SLICE_ROWS)) {
    for (const [start, stop] of liveRuns(source, first, end)) copyRun(source, start, stop, target)
    yield end - first
  }
}

function copyRun(source: Segment, first: number, end: number, target: Segment): void {
  const from = source.layout
  const to = target.layout
  const row = target.count
  target.bytes.set(
    source.bytes.subarray(from.rows + first * ROW_BYTES, from.rows + end * ROW_BYTES),
    to.rows + row * ROW_BYTES,
  )
  target.words.set(source.words.subarray(from.ids / 4 + first, from.ids / 4 + end), to.ids / 4 + row)
  target.count = row + end - first
}

function* enterIds(target: Segment): Generator<number, void> {
  const { kernel, layout, words } = target
  let odd = 0
  for (const [first, end] of slices(target.count, SLICE_ROWS)) {
    if (kernel.insertIds(layout.head, first, end) !== end) {
      throw new RadiusError('DUPLICATE_ID', 'This id is in the index already.')
    }
    odd += kernel.countOdd(layout.head, first, end)
    yield end - first
  }
  words[layout.head / 4 + Head.odd] = odd
}

/** Counting sort of all rows by the key of each chunk. */
function* buildTables({ kernel, layout, count }: Segment): Generator<number, void> {
  const { head } = layout
  for (const { descriptor, keyCount } of layout.chunks) {
    for (const [first, end] of slices(count, SLICE_ROWS)) {
      kernel.countKeys(head, descriptor, first, end)
      yield end - first
    }
    let sum = 0
    // One more than there are keys: the end of the last bucket.
    for (const [first, end] of slices(keyCount + 1, SLICE_ROWS * KEYS_PER_ROW)) {
      sum = kernel.sumKeys(descriptor, first, end, sum)
      yield (end - first) / KEYS_PER_ROW
    }
    for (const [first, end] of slices(count, SLICE_ROWS)) {
      kernel.fillBuckets(head, descriptor, first, end)
      yield end - first
    }
  }
}

function* slices(count: number, size: number): Generator<[first: number, end: number], void> {
  for (let first = 0; first < count; first += size) yield [first, Math.min(first + size, count)]
}

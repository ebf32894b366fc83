import type { Segment } from './segment.ts'

/** A merge takes in every table segment of up to so many times the rows gathered so far: few segments, each row moved rarely. */
const RATIO = 3

export interface MergeLimits {
  /** So many rows without tables are looked at one by one before they get tables. */
  readonly flatRows: number
  /** The most rows of one segment. */
  readonly maxRows: number
  /** Nothing is ever put into tables. */
  readonly isFlat: boolean
}

/**
 * The segments to be made into one now: recent rows when there are enough, table segments that are not much larger than what
 * is merged, and those of which most rows have been removed. Empty when nothing is to be done.
 */
export function segmentsToMerge(
  segments: readonly Segment[],
  { flatRows, maxRows, isFlat }: MergeLimits,
): Segment[] {
  if (isFlat) return segments.filter((segment) => isHollow(segment, flatRows))
  const flats = segments.filter((segment) => !segment.hasTables)
  const tables = segments.filter((segment) => segment.hasTables).sort((a, b) => a.liveCount - b.liveCount)
  const isFlatDue = flats.reduce((sum, { count }) => sum + count, 0) > flatRows
  const chosen: Segment[] = isFlatDue ? flats : []
  let rows = chosen.reduce((sum, { liveCount }) => sum + liveCount, 0)
  let isDue = isFlatDue
  for (const table of tables) {
    if (rows + table.liveCount > maxRows) continue
    const isDropping = isHollow(table, flatRows)
    if (!isDropping && rows > 0 && table.liveCount > RATIO * rows) continue
    isDue ||= isDropping || rows > 0
    chosen.push(table)
    rows += table.liveCount
  }
  return isDue ? chosen : []
}

/** All segments that fit into one, smallest first; empty when that changes nothing. */
export function segmentsToCompact(segments: readonly Segment[], { maxRows }: MergeLimits): Segment[] {
  const chosen: Segment[] = []
  let rows = 0
  for (const segment of [...segments].sort((a, b) => a.liveCount - b.liveCount)) {
    if (rows + segment.liveCount > maxRows) break
    chosen.push(segment)
    rows += segment.liveCount
  }
  const [only] = chosen
  return chosen.length === 1 && only?.removedCount === 0 && only.hasTables ? [] : chosen
}

function isHollow({ removedCount, liveCount }: Segment, flatRows: number): boolean {
  return removedCount > flatRows && removedCount > liveCount
}

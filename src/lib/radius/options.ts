import { MAX_ARENA_BYTES } from './arenas.ts'
import { RadiusError } from './errors.ts'
import { layOut } from './layout.ts'
import { type Plan, type PlanOptions, planFor } from './plan.ts'

/** Looking at so many rows one by one takes two microseconds, as long as finding the way through any tables. */
const FLAT_ROWS = 2_048
/** Room for what is added while a rebuild runs; more of it is taken when it is full. */
const FLAT_CAPACITY_FACTOR = 4
const MAX_READERS = 256

export interface ExactIndexOptions extends PlanOptions {
  /** Rows that are looked at one by one before they are put into tables. 2,048 unless told. */
  readonly flatRows?: number
  /** The most rows of one table; more make several. As many as 4 GiB hold unless told. */
  readonly segmentRows?: number
  /** The most memory the index may take, bytes. No limit unless told. */
  readonly limitBytes?: number
  /**
   * Who does the work of rebuilding tables: each `add` and `remove` a slice of it (`with-writes`, unless told; some 0.2 ms), or
   * the host, which calls `prepareRebuild` when it has time or a thread to spare (`by-host`).
   */
  readonly rebuilds?: 'with-writes' | 'by-host'
  /** Lets other threads read: memories are shared (a page must be cross-origin isolated). False unless told. */
  readonly isShared?: boolean
  /** How many threads may read at once, the one of the index included. 1 unless told. */
  readonly readers?: number
}

/** The options with nothing left open. */
export interface Settings extends Required<Omit<ExactIndexOptions, 'chunks' | 'layout'>> {
  readonly planOptions: PlanOptions
  readonly flatPlan: Plan
  readonly flatCapacity: number
}

/** Throws `RadiusError` BAD_OPTIONS. */
export function settingsOf(options: ExactIndexOptions): Settings {
  const { flatRows = FLAT_ROWS, readers = 1, segmentRows } = options
  planFor(0, options)
  assertWhole(flatRows, 1, 2 ** 24, 'The number of flat rows')
  assertWhole(readers, 1, MAX_READERS, 'The number of readers')
  if (segmentRows !== undefined) assertWhole(segmentRows, 1, 2 ** 32, 'The number of rows of a segment')
  const { layout, chunks, limitBytes = Number.POSITIVE_INFINITY } = options
  if (!(limitBytes > 0))
    throw new RadiusError('BAD_OPTIONS', 'The limit of memory is a number of bytes above 0.')
  const planOptions = { ...(layout !== undefined && { layout }), ...(chunks !== undefined && { chunks }) }
  return {
    planOptions,
    flatPlan: planFor(0, { layout: 'flat' }),
    flatRows,
    flatCapacity: flatRows * FLAT_CAPACITY_FACTOR,
    segmentRows: Math.min(segmentRows ?? Number.POSITIVE_INFINITY, mostRows(planOptions, readers)),
    limitBytes,
    rebuilds: options.rebuilds ?? 'with-writes',
    isShared: options.isShared ?? false,
    readers,
  }
}

/** How many rows one WebAssembly memory holds with their tables. */
function mostRows(options: PlanOptions, readers: number): number {
  let fits = 0
  for (let step = 2 ** 27; step >= 1; step /= 2) {
    const rows = fits + step
    if (layOut(planFor(rows, options), rows, readers).bytes <= MAX_ARENA_BYTES) fits = rows
  }
  return fits
}

function assertWhole(value: number, least: number, most: number, what: string): void {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new RadiusError('BAD_OPTIONS', `${what} is a whole number from ${least} to ${most}.`)
  }
}

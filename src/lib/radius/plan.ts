import { RadiusError } from './errors.ts'
import { FINGERPRINT_BITS } from './permutation.ts'

export const MAX_RADIUS = 31
/** Below this a chunk would be wider than 24 bits and its bucket table larger than 64 MiB. */
const MIN_CHUNKS = 11
const MAX_WIDTH = 24
/** One chunk per unit of radius: every chunk is looked up exactly. */
const MAX_CHUNKS = MAX_RADIUS + 1
/** Rows in the block of neighbouring keys by which a chunk's crowding around a query is judged. */
const BLOCK_ROWS = 64

/**
 * `sketch`: 16 bytes per row and chunk; strangers are refused by the 96 bits beside the row's number. `lean`: 4 bytes per
 * row and chunk; each candidate touches its row. `flat`: no tables, every query looks at every row.
 */
export type Layout = 'sketch' | 'lean' | 'flat'

/** Bits `start` .. `start + width - 1` of a stored row. */
export interface Chunk {
  readonly start: number
  readonly width: number
}

/** How a number of rows is cut: decided once, from their number. Plain data, to be sent to other threads. */
export interface Plan {
  readonly layout: Layout
  readonly chunks: readonly Chunk[]
}

export interface PlanOptions {
  /** Number of chunks, 11..32. Chosen from the number of rows unless told. */
  readonly chunks?: number
  /** `sketch` unless told. */
  readonly layout?: Layout
}

interface Step {
  readonly upTo: number
  readonly chunks: number
}

// Measured on one core with uniform data (`npm run bench -- radius`); between neighbours the difference is a few per cent.
const SKETCH_STEPS: readonly Step[] = [
  { upTo: 6_000, chunks: 20 },
  { upTo: 60_000, chunks: 18 },
  { upTo: 2_000_000, chunks: 16 },
  { upTo: 5_000_000, chunks: 14 },
]
const SKETCH_CHUNKS_BEYOND = 13
// A candidate costs a cache miss here, so fewer candidates in more buckets pay earlier.
const LEAN_STEPS: readonly Step[] = [
  { upTo: 6_000, chunks: 20 },
  { upTo: 60_000, chunks: 18 },
  { upTo: 1_500_000, chunks: 16 },
  { upTo: 4_000_000, chunks: 13 },
]
const LEAN_CHUNKS_BEYOND = 12

/** The plan for `rows` rows. Throws `RadiusError` BAD_OPTIONS. */
export function planFor(rows: number, options: PlanOptions): Plan {
  const layout = options.layout ?? 'sketch'
  const [steps, beyond] =
    layout === 'lean' ? [LEAN_STEPS, LEAN_CHUNKS_BEYOND] : [SKETCH_STEPS, SKETCH_CHUNKS_BEYOND]
  const count = options.chunks ?? steps.find((step) => rows <= step.upTo)?.chunks ?? beyond
  if (!Number.isInteger(count) || count < MIN_CHUNKS || count > MAX_CHUNKS) {
    throw new RadiusError(
      'BAD_OPTIONS',
      `The number of chunks is a whole number ${MIN_CHUNKS} to ${MAX_CHUNKS}.`,
    )
  }
  return { layout, chunks: layout === 'flat' ? [] : cut(widths(count, rows, layout)) }
}

function cut(widths: readonly number[]): Chunk[] {
  let start = 0
  return widths.map((width) => {
    start += width
    return { start: start - width, width }
  })
}

/**
 * Where some chunks get a larger radius than the others, those are the wider ones, as much as costs least: a ball of radius 2
 * has many keys, which should hold few rows each; one of radius 1 has few.
 */
function widths(count: number, rows: number, layout: Layout): number[] {
  const wider = (MAX_RADIUS + 1) % count
  const even = spread(count, FINGERPRINT_BITS)
  const radius = largestChunkRadius(count)
  if (wider === 0 || radius < 2) return even
  let best = even
  let least = cost(even, wider, radius, rows, layout)
  // Tables with fewer than two rows a key take more memory than they save time.
  for (
    let width = Math.ceil(FINGERPRINT_BITS / count);
    2 ** (width + 1) <= rows && width <= MAX_WIDTH;
    width++
  ) {
    const others = spread(count - wider, FINGERPRINT_BITS - wider * width)
    const candidate = [...Array.from({ length: wider }, () => width), ...others]
    const candidateCost = cost(candidate, wider, radius, rows, layout)
    if (candidateCost >= least) continue
    least = candidateCost
    best = candidate
  }
  return best
}

function spread(count: number, bits: number): number[] {
  return Array.from({ length: count }, (_, j) => Math.floor(bits / count) + (j < bits % count ? 1 : 0))
}

/** About how many cache lines a query reads: the offsets and the beginning of each bucket, and then the rows. */
function cost(
  widths: readonly number[],
  wider: number,
  radius: number,
  rows: number,
  layout: Layout,
): number {
  const linesPerRow = layout === 'lean' ? 1 : 0.25
  return widths.reduce((sum, width, j) => {
    const keys = probeCount(width, j < wider ? radius : radius - 1)
    return sum + keys * (2 + (rows / 2 ** width) * linesPerRow)
  }, 0)
}

/**
 * The largest radius one of `count` chunks is ever searched with. Pigeonhole: the radii r_j of a query satisfy
 * sum(r_j + 1) = radius + 1; a row outside r_j in every chunk differs in at least r_j + 1 bits of each, so in at least
 * radius + 1 bits in all. The kernel's `spreadRadius` deals them out, none more than one apart.
 */
export function largestChunkRadius(count: number): number {
  return Math.ceil((MAX_RADIUS + 1) / count) - 1
}

/** All words of `width` bits with at most `radius` set, fewest first. XORed with a key they are the keys to look up. */
export function probeMasks(width: number, radius: number): Uint32Array {
  const masks = [0]
  let ring = [0]
  for (let bits = 1; bits <= radius; bits++) {
    const next: number[] = []
    for (const mask of ring) {
      for (let b = mask === 0 ? 0 : 32 - Math.clz32(mask); b < width; b++) next.push(mask | (1 << b))
    }
    masks.push(...next)
    ring = next
  }
  return Uint32Array.from(masks)
}

/** How many of `probeMasks` have at most `radius` bits: the sum of the binomials (width over 0..radius). */
export function probeCount(width: number, radius: number): number {
  let count = 0
  let binomial = 1
  for (let bits = 0; bits <= radius; bits++) {
    count += binomial
    binomial = (binomial * (width - bits)) / (bits + 1)
  }
  return count
}

/** Ones where keys of one block differ: a block of keys holds about 64 of `rows` rows. */
export function blockMask(width: number, rows: number): number {
  const bits = Math.ceil(Math.log2((BLOCK_ROWS * 2 ** width) / Math.max(1, rows)))
  return 2 ** Math.max(0, Math.min(width, bits)) - 1
}

/**
 * How many rows it adds to a search, per row in the block around the query's key, to give a chunk its largest radius instead of
 * the one below.
 */
export function crowdingWeight(width: number, radius: number, rows: number): number {
  const added = radius === 0 ? 1 : probeCount(width, radius) - probeCount(width, radius - 1)
  return added / (blockMask(width, rows) + 1)
}

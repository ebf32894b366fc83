import { RadiusError } from './errors.ts'
import { FINGERPRINT_BITS } from './words.ts'

export const MAX_RADIUS = 31
/** Below this a chunk would be wider than 24 bits and its bucket table larger than 64 MiB. */
const MIN_CHUNKS = 11
/** One chunk per unit of radius: every chunk is looked up exactly. */
const MAX_CHUNKS = MAX_RADIUS + 1

/** Bits `start` .. `start + width - 1` of a stored row. */
export interface Chunk {
  readonly start: number
  readonly width: number
}

/** `sketch`: 16 bytes per row and chunk, few cache misses. `lean`: 4 bytes, each candidate touches its row. */
export type Layout = 'sketch' | 'lean'

/** How a set of rows is cut: decided once, from their number. */
export interface Plan {
  readonly chunks: readonly Chunk[]
  readonly layout: Layout
}

export interface PlanOptions {
  /** Number of chunks, 11..32. Chosen from the number of rows unless told. */
  readonly chunks?: number
  readonly layout?: Layout
}

// Measured on one core with uniform data up to 1 million rows. Beyond, the numbers follow from the sizes of the buckets.
const STEPS: readonly { upTo: number; chunks: number }[] = [
  { upTo: 2_500, chunks: 20 },
  { upTo: 1_500_000, chunks: 16 },
  { upTo: 4_000_000, chunks: 13 },
  { upTo: 8_000_000, chunks: 12 },
]
const CHUNKS_BEYOND = 11
// Up to here the rows themselves stay in the processor's cache and a sketch saves nothing.
const LEAN_UP_TO = 60_000

/** The plan for `rows` rows. Throws `RadiusError` BAD_OPTIONS. */
export function planFor(rows: number, options: PlanOptions): Plan {
  const count = options.chunks ?? STEPS.find((step) => rows <= step.upTo)?.chunks ?? CHUNKS_BEYOND
  if (!Number.isInteger(count) || count < MIN_CHUNKS || count > MAX_CHUNKS) {
    throw new RadiusError(
      'BAD_OPTIONS',
      `The number of chunks is a whole number ${MIN_CHUNKS} to ${MAX_CHUNKS}.`,
    )
  }
  return { chunks: cut(count), layout: options.layout ?? (rows <= LEAN_UP_TO ? 'lean' : 'sketch') }
}

function cut(count: number): Chunk[] {
  const narrow = Math.floor(FINGERPRINT_BITS / count)
  const wide = FINGERPRINT_BITS % count
  const chunks: Chunk[] = []
  let start = 0
  for (let j = 0; j < count; j++) {
    const width = narrow + (j < wide ? 1 : 0)
    chunks.push({ start, width })
    start += width
  }
  return chunks
}

/**
 * Radius to search in chunk `j` of `count` so that nothing within `radius` is missed; -1: skip the chunk.
 *
 * Pigeonhole: the radii satisfy sum(r_j + 1) = radius + 1. A row outside r_j in every chunk differs in at least r_j + 1
 * bits of each, so in at least radius + 1 bits in all. The budget is spread evenly, the first (wider) chunks first.
 */
export function chunkRadius(j: number, count: number, radius: number): number {
  const budget = radius + 1
  return Math.floor(budget / count) + (j < budget % count ? 1 : 0) - 1
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

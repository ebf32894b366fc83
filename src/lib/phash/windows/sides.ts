import type { Caps } from './anchors.ts'

/** Windows with shorter sides are not registered: they hold too little, in pixels of the reduced picture. */
export const MIN_WINDOW_SIDE = 64
/**
 * Windows with shorter sides are not looked up. Copies are often smaller than what was registered. The kernels find no
 * blobs for smaller ones: their sigma is at least 6.
 */
export const MIN_QUERY_SIDE = 48
/** Prints of lower quality are neither stored nor looked up. */
export const MIN_WINDOW_QUALITY = 20

/** Neighbouring sides of the finer ladder differ by this factor; a print survives half of it. */
const STEP = 1.04
const STEPS_PER_SIZE = 4

/** Shares of the shorter side, and how many windows of each. Of the small ones fewer are enough. */
const SIZES: readonly { share: number; caps: Caps }[] = [
  { share: 0.74, caps: [14, 7] },
  { share: 0.55, caps: [14, 7] },
  { share: 0.4, caps: [14, 7] },
  { share: 0.3, caps: [8, 4] },
]
const TILTED_SHARE = 0.55
/** 2.6 degrees, either way. */
const TILT = (2.6 * Math.PI) / 180

/** Sides that are computed together, between two pauses. */
export interface Rung {
  readonly sides: readonly number[]
  readonly caps: Caps
  /** Radians. */
  readonly angles: readonly number[]
}

/** What is registered of a region with this shorter side: four sizes in four steps, and one of them tilted. */
export function registerRungs(shorterSide: number, isTilted: boolean): Rung[] {
  return SIZES.map(({ share, caps }) => ({
    sides: ladder(share * shorterSide, STEPS_PER_SIZE, 1).filter((side) => side >= MIN_WINDOW_SIDE),
    caps,
    angles: isTilted && share === TILTED_SHARE ? [0, -TILT, TILT] : [0],
  }))
}

export type Look = 'first' | 'second'

const LARGEST_QUERY = 0.98
const QUERY = {
  first: { steps: 13, stepsApart: STEPS_PER_SIZE, caps: [36, 20], angles: [0] },
  // Tilted windows against tilted rows find copies that are turned by about 5 degrees.
  second: { steps: 44, stepsApart: 1, caps: [40, 20], angles: [0, -TILT, TILT] },
} as const

/** What is looked up of a region with this shorter side, the largest windows first. */
export function queryRungs(shorterSide: number, look: Look): Rung[] {
  const { steps, stepsApart, caps, angles } = QUERY[look]
  return ladder(LARGEST_QUERY * shorterSide, steps, stepsApart)
    .filter((side) => side >= MIN_QUERY_SIDE)
    .map((side) => ({ sides: [side], caps, angles }))
}

function ladder(largest: number, steps: number, stepsApart: number): number[] {
  return Array.from({ length: steps }, (_, i) => largest / STEP ** (stepsApart * i))
}

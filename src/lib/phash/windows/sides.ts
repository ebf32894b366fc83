import type { Caps } from './anchors.ts'

/** Windows with shorter sides hold too little, in pixels of the reduced picture. */
export const MIN_WINDOW_SIDE = 64
/** Prints of lower quality are neither stored nor looked up. */
export const MIN_WINDOW_QUALITY = 20

/** Neighbouring sides of the finer ladder differ by this factor; a print survives half of it. */
const STEP = 1.04
const STEPS_PER_SIZE = 4

export const REGISTER_CAPS: Caps = [16, 8]
const SIZES = [0.74, 0.55, 0.4] as const
const TILTED_SIZE = 0.55
/** 2.6 degrees, either way. */
const TILT = (2.6 * Math.PI) / 180

/** Sides that are computed together, between two pauses. */
export interface Rung {
  readonly sides: readonly number[]
  /** Radians. */
  readonly angles: readonly number[]
}

/** What is registered of a region with this shorter side: three sizes in four steps, and the middle one tilted. */
export function registerRungs(shorterSide: number, isTilted: boolean): Rung[] {
  return SIZES.map((size) => ({
    sides: Array.from({ length: STEPS_PER_SIZE }, (_, i) => (size * shorterSide) / STEP ** i),
    angles: isTilted && size === TILTED_SIZE ? [0, -TILT, TILT] : [0],
  }))
}

export type Look = 'first' | 'second'

const LARGEST_QUERY = 0.98
const QUERY = {
  first: { steps: 12, stepsApart: STEPS_PER_SIZE, caps: [36, 20] },
  second: { steps: 44, stepsApart: 1, caps: [40, 20] },
} as const

/** What is looked up of a region with this shorter side, the largest windows first. */
export function querySides(shorterSide: number, look: Look): { sides: number[]; caps: Caps } {
  const { steps, stepsApart, caps } = QUERY[look]
  const sides = Array.from(
    { length: steps },
    (_, i) => (LARGEST_QUERY * shorterSide) / STEP ** (stepsApart * i),
  )
  return { sides: sides.filter((side) => side >= MIN_WINDOW_SIDE), caps }
}

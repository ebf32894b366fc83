import type { Orientation } from '#lib/phash/index.ts'

/** How a copy lies, as a person would redo it from the registered picture. */
export interface Lie {
  /** Left and right exchanged, before turning. */
  readonly isMirrored: boolean
  /** Quarter turns clockwise that lead from the registered picture (mirrored first, if so) to the copy. */
  readonly turnedDegrees: 0 | 90 | 180 | 270
}

const UPRIGHT: Lie = { isMirrored: false, turnedDegrees: 0 }

// Orientation variants in the order of the PDQ reference: original; turned 90, 180, 270 degrees counter-clockwise; top
// and bottom exchanged; left and right exchanged; transposed along the main and along the other diagonal.
const LIES: ReadonlyMap<string, Lie> = new Map([
  ['o0', UPRIGHT],
  ['o1', { isMirrored: false, turnedDegrees: 270 }],
  ['o2', { isMirrored: false, turnedDegrees: 180 }],
  ['o3', { isMirrored: false, turnedDegrees: 90 }],
  ['o4', { isMirrored: true, turnedDegrees: 180 }],
  ['o5', { isMirrored: true, turnedDegrees: 0 }],
  ['o6', { isMirrored: true, turnedDegrees: 270 }],
  ['o7', { isMirrored: true, turnedDegrees: 90 }],
])

// A window's orientation leads from the copy to the registered picture, a variant the other way: quarter turns change places.
/** How a copy lies whose windows match in an orientation. */
export const WINDOW_LIES: Readonly<Record<Orientation, Lie>> = {
  original: UPRIGHT,
  rotate90: { isMirrored: false, turnedDegrees: 90 },
  rotate180: { isMirrored: false, turnedDegrees: 180 },
  rotate270: { isMirrored: false, turnedDegrees: 270 },
  flipX: { isMirrored: true, turnedDegrees: 180 },
  flipY: { isMirrored: true, turnedDegrees: 0 },
  flipPlus1: { isMirrored: true, turnedDegrees: 270 },
  flipMinus1: { isMirrored: true, turnedDegrees: 90 },
}

/** How a copy lies that matches a variant. All variants but the orientations, also of what is inside borders, are upright. */
export function lieOf(variant: string): Lie {
  return LIES.get(variant.replace(/^t(?=[0-7]$)/, 'o')) ?? UPRIGHT
}

/** Upright variants before turned ones, so that a symmetric picture is not called mirrored. */
export function variantOrder(variant: string): number {
  const { isMirrored, turnedDegrees } = lieOf(variant)
  return (isMirrored ? 4 : 0) + turnedDegrees / 90
}

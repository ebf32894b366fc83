import { GRID } from '../axis.ts'
import { HASH_BYTES } from '../hash.ts'
import { ORIENTATIONS } from '../orientation.ts'
import { FREQUENCIES } from '../spectrum.ts'
import { MAX_RADIUS } from './anchors.ts'
import { levelSides } from './pyramid.ts'

const F32 = Float32Array.BYTES_PER_ELEMENT
/** Loops write up to 15 floats past the end of what they fill. */
const SLACK = 64
const TAPS = 4
/** Bytes of one found blob. */
export const EXTREMUM_BYTES = 16

/** Where the things are whose size does not depend on the picture, in bytes. */
const FIXED_SIZES = {
  cosines: (FREQUENCIES * GRID * F32) / 2,
  columnCosines: (FREQUENCIES * GRID * F32) / 2,
  inner: (MAX_RADIUS + 1) * F32,
  outer: (MAX_RADIUS + 1) * F32,
  columnFirsts: GRID * F32,
  columnWeights: GRID * TAPS * F32,
  rowFirsts: GRID * F32,
  rowWeights: GRID * TAPS * F32,
  samples: GRID * GRID * F32,
  scratch: (GRID + 2) * GRID * F32,
  coefficients: FREQUENCIES * FREQUENCIES * F32,
  transposed: FREQUENCIES * FREQUENCIES * F32,
  mirrored: FREQUENCIES * FREQUENCIES * F32,
  hashes: ORIENTATIONS.length * HASH_BYTES,
}

export const FIXED = layOut(FIXED_SIZES)

export interface Level {
  readonly at: number
  readonly width: number
  readonly height: number
}

/** Where the things of one picture are. */
export interface PictureLayout {
  readonly levels: readonly Level[]
  readonly line: number
  readonly gradient: number
  readonly innerRows: number
  readonly outerRows: number
  readonly differences: number
  readonly extrema: number
  readonly end: number
}

/** Lays out a picture behind the fixed part. Blobs are never looked for below level 1 where that exists. */
export function pictureLayout(width: number, height: number): PictureLayout {
  let at = FIXED.end
  const place = (bytes: number): number => {
    const here = at
    at += Math.ceil((bytes + SLACK) / SLACK) * SLACK
    return here
  }
  const levels = levelSides(width, height).map((sides) => ({
    at: place(sides.width * sides.height * F32),
    ...sides,
  }))
  const largest = levels[1] ?? { width, height }
  const strided = strideOf(largest.width) * largest.height * F32
  return {
    levels,
    line: place((width + 2 * MAX_RADIUS + 16) * F32),
    gradient: place(largest.width * largest.height * F32),
    innerRows: place(strided),
    outerRows: place(strided),
    differences: place(strided),
    // Two extrema are never neighbours, so at most every fourth pixel is one.
    extrema: place((Math.ceil(largest.width / 2) * Math.ceil(largest.height / 2) * EXTREMUM_BYTES) | 0),
    end: at,
  }
}

/** Floats from one row to the next where loops run in steps of four. */
export function strideOf(width: number): number {
  return Math.ceil(width / 4) * 4
}

function layOut<Name extends string>(sizes: Record<Name, number>): Record<Name | 'end', number> {
  const places: Record<string, number> = {}
  let at = 0
  for (const name in sizes) {
    places[name] = at
    at += Math.ceil((sizes[name] + SLACK) / SLACK) * SLACK
  }
  // Filled name by name from the same table just above.
  return { ...places, end: at } as Record<Name | 'end', number>
}

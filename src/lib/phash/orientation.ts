import { FREQUENCIES } from './spectrum.ts'

/**
 * The eight ways a picture can lie, under the names of the PDQ reference and in its order; variant `o0` is the first.
 * `rotate90` is counter-clockwise; `flipX` exchanges top and bottom, `flipY` left and right; `flipPlus1` and `flipMinus1`
 * are transposed along the main and the other diagonal.
 */
export const ORIENTATIONS = [
  'original',
  'rotate90',
  'rotate180',
  'rotate270',
  'flipX',
  'flipY',
  'flipPlus1',
  'flipMinus1',
] as const

export type Orientation = (typeof ORIENTATIONS)[number]

/** How an orientation comes about: first mirror, then transpose. */
export interface Turn {
  /** Top and bottom are exchanged. */
  readonly mirrorsRows: boolean
  /** Left and right are exchanged. */
  readonly mirrorsColumns: boolean
  readonly transposes: boolean
}

export const TURNS: Readonly<Record<Orientation, Turn>> = {
  original: { mirrorsRows: false, mirrorsColumns: false, transposes: false },
  rotate90: { mirrorsRows: false, mirrorsColumns: true, transposes: true },
  rotate180: { mirrorsRows: true, mirrorsColumns: true, transposes: false },
  rotate270: { mirrorsRows: true, mirrorsColumns: false, transposes: true },
  flipX: { mirrorsRows: true, mirrorsColumns: false, transposes: false },
  flipY: { mirrorsRows: false, mirrorsColumns: true, transposes: false },
  flipPlus1: { mirrorsRows: false, mirrorsColumns: false, transposes: true },
  flipMinus1: { mirrorsRows: true, mirrorsColumns: true, transposes: true },
}

/**
 * The coefficients of the turned samples. Mirroring changes the sign of the odd frequencies (even indices), transposing
 * exchanges the axes; both are exact.
 */
export function turnCoefficients(coefficients: Float64Array, turn: Turn): Float64Array {
  const turned = new Float64Array(FREQUENCIES * FREQUENCIES)
  for (let i = 0; i < FREQUENCIES; i++) {
    for (let j = 0; j < FREQUENCIES; j++) {
      const value = coefficients[i * FREQUENCIES + j] ?? 0
      const isNegated = (turn.mirrorsRows && i % 2 === 0) !== (turn.mirrorsColumns && j % 2 === 0)
      turned[turn.transposes ? j * FREQUENCIES + i : i * FREQUENCIES + j] = isNegated ? -value : value
    }
  }
  return turned
}

/** One value per orientation. */
export function perOrientation<Value>(
  valueFor: (orientation: Orientation) => Value,
): Record<Orientation, Value> {
  return {
    original: valueFor('original'),
    rotate90: valueFor('rotate90'),
    rotate180: valueFor('rotate180'),
    rotate270: valueFor('rotate270'),
    flipX: valueFor('flipX'),
    flipY: valueFor('flipY'),
    flipPlus1: valueFor('flipPlus1'),
    flipMinus1: valueFor('flipMinus1'),
  }
}

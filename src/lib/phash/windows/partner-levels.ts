import type { Cut } from '../variants.ts'

/**
 * Whole-picture rows for matchers that know nothing of windows, chosen greedily against crops, borders, captions and
 * rotation. `P8`: the eight orientations. `P33` and `P64`: and these. The number is what a picture gives when no row is
 * unusable or repeated.
 */
export type PartnerLevel = 'P8' | 'P33' | 'P64'

/** Grey of what is drawn around a picture: black, white, mid grey. */
export const INKS = { B: 0, W: 255, G: 128 } as const
export type Ink = keyof typeof INKS

/** A frame of one grey; `percent` of the shorter side wide. */
export interface Border {
  readonly ink: Ink
  readonly percent: number
}

/** A bar of one grey above or below; `percent` of the height high. */
export interface Bar extends Border {
  readonly at: 'top' | 'bottom'
}

export interface PartnerRows {
  readonly cuts: readonly Cut[]
  readonly borders: readonly Border[]
  readonly bars: readonly Bar[]
  /** Percent of the shorter side. */
  readonly middleSquares: readonly number[]
}

const NONE: PartnerRows = { cuts: [], borders: [], bars: [], middleSquares: [] }

const P33: PartnerRows = {
  cuts: cutsFrom(
    '2/2/2/2 2/2/4/4 4/2/2/4 2/4/4/2 2/4/0/2 0/0/0/4 0/2/4/2 4/2/4/2',
    '4/6/2/0 4/2/0/2 0/0/8/0 19/0/0/0 22/0/0/0 0/13/0/0 0/19/0/0 0/0/13/0',
  ),
  borders: [
    { ink: 'G', percent: 5 },
    { ink: 'G', percent: 3 },
    { ink: 'B', percent: 5 },
    { ink: 'W', percent: 5 },
  ],
  bars: [
    { ink: 'B', percent: 12, at: 'top' },
    { ink: 'B', percent: 9, at: 'top' },
    { ink: 'B', percent: 9, at: 'bottom' },
    { ink: 'B', percent: 15, at: 'bottom' },
  ],
  middleSquares: [97],
}

const P64: PartnerRows = {
  cuts: [
    ...P33.cuts,
    ...cutsFrom(
      '4/4/2/8 0/2/0/2 0/6/0/0 6/8/6/4 8/0/0/0 16/0/0/0 0/25/0/0 0/0/22/0 2/0/6/8 2/4/6/2',
      '6/4/2/4 0/0/0/19 0/0/2/4 2/0/2/2 2/8/4/4 4/4/8/4 4/4/8/8 4/6/0/2 6/10/2/8 8/2/2/8',
      '8/2/6/4 0/0/0/13 0/2/4/0 0/8/0/0 2/6/8/2 4/2/6/6 4/8/8/8 8/6/4/4',
    ),
  ],
  borders: [...P33.borders, { ink: 'G', percent: 7 }],
  bars: [...P33.bars, { ink: 'B', percent: 12, at: 'bottom' }, { ink: 'B', percent: 15, at: 'top' }],
  middleSquares: P33.middleSquares,
}

export const PARTNER_ROWS: Readonly<Record<PartnerLevel, PartnerRows>> = { P8: NONE, P33, P64 }

/** Cuts written as left/top/right/bottom in percent. */
function cutsFrom(...lines: string[]): Cut[] {
  return lines.flatMap((line) =>
    line.split(' ').map((text) => {
      const [left = 0, top = 0, right = 0, bottom = 0] = text.split('/').map(Number)
      return { left, top, right, bottom }
    }),
  )
}

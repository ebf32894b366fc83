import type { ReportedMatch } from '#contract/scan-report.ts'

export const SIDES = ['top', 'bottom', 'left', 'right'] as const
export const POSITIONS = [
  'top-left',
  'top',
  'top-right',
  'left',
  'middle',
  'right',
  'bottom-left',
  'bottom',
  'bottom-right',
] as const
export const SHARES = [
  'nearly-all',
  'three-quarters',
  'two-thirds',
  'half',
  'third',
  'quarter',
  'sixth',
  'tenth',
  'less',
] as const

export type Side = (typeof SIDES)[number]
export type Position = (typeof POSITIONS)[number]
export type Share = (typeof SHARES)[number]

export type Rectangle = NonNullable<ReportedMatch['where']>

/** Where a copy shows the registered picture, as a person would say it. All sides are those of the copy. */
export interface CopyPlace {
  /** Fractions of the copy's sides, as in the contract. */
  rectangle: Rectangle
  /** Of what is seen of the registered picture, in the copy. */
  position: Position
  share: Share
  /** At which sides of the copy the registered picture is cut off. */
  cutSides: Side[]
  /** How much of the registered picture is seen. */
  remaining: Share
}

/** Beyond this the numbers tell no place that a picture could have been recognised in. */
const MOST_TIMES_LARGER = 20
const LEAST_SEEN = 0.01
/** Places are known to about 2 %: a smaller overhang is not told from none. */
const NOTICEABLE = 0.04

/** Null where there is no rectangle, or none that a recognised copy can have. */
export function copyPlace(where: ReportedMatch['where']): CopyPlace | null {
  if (!where) return null
  const { left, top, width, height } = where
  // Also without numbers: NaN is at most nothing.
  if (!(Math.max(width, height) <= MOST_TIMES_LARGER)) return null
  const x = seen(left, width)
  const y = seen(top, height)
  if (!(x.length >= LEAST_SEEN && y.length >= LEAST_SEEN)) return null
  const area = x.length * y.length
  return {
    rectangle: { left, top, width, height },
    position: positionOf(thirdOf(x.middle), thirdOf(y.middle)),
    share: shareOf(area),
    cutSides: SIDES.filter((side) => overhang(where, side) > NOTICEABLE),
    remaining: shareOf(area / (width * height)),
  }
}

function seen(start: number, length: number): { middle: number; length: number } {
  const from = Math.max(0, start)
  const to = Math.min(1, start + length)
  return { middle: (from + to) / 2, length: to - from }
}

/** 0 for the first third of a side, 1 for the middle one, 2 for the last. */
function thirdOf(middle: number): 0 | 1 | 2 {
  return middle < 0.4 ? 0 : middle > 0.6 ? 2 : 1
}

function positionOf(column: 0 | 1 | 2, row: 0 | 1 | 2): Position {
  return POSITIONS[3 * row + column] ?? 'middle'
}

/** In fractions of the registered picture's own side. */
function overhang({ left, top, width, height }: Rectangle, side: Side): number {
  switch (side) {
    case 'top':
      return -top / height
    case 'bottom':
      return (top + height - 1) / height
    case 'left':
      return -left / width
    case 'right':
      return (left + width - 1) / width
  }
}

/** From how much of the area a share is called so; half-way between neighbours. */
const SHARES_FROM: readonly (readonly [number, Share])[] = [
  [0.88, 'nearly-all'],
  [0.71, 'three-quarters'],
  [0.58, 'two-thirds'],
  [0.42, 'half'],
  [0.29, 'third'],
  [0.21, 'quarter'],
  [0.13, 'sixth'],
  [0.08, 'tenth'],
]

function shareOf(area: number): Share {
  return SHARES_FROM.find(([from]) => area >= from)?.[1] ?? 'less'
}

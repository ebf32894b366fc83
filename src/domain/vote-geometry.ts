import type { Orientation } from '#lib/phash/index.ts'
import { type CopyRectangle, isOfOnePicture, type WindowHit } from './vote-hit.ts'

const SCALE_TOLERANCE = 0.09
const SHIFT_TOLERANCE = 0.06
/** (1 % / 2 %) squared: how much a side says about the scale against a centre. */
const SIDE_WEIGHT = 0.25

/** Columns of a matrix: what one step right and one step down in the registered picture are in the copy. */
interface Turn {
  readonly xFromX: number
  readonly xFromY: number
  readonly yFromX: number
  readonly yFromY: number
}

// The inverse of each orientation, since the orientation leads from the copy to the registered picture. Only the quarter
// turns differ from their inverse: a copy that looks right when turned counter-clockwise has been turned clockwise.
const TURNS: Readonly<Record<Orientation, Turn>> = {
  original: { xFromX: 1, xFromY: 0, yFromX: 0, yFromY: 1 },
  rotate90: { xFromX: 0, xFromY: -1, yFromX: 1, yFromY: 0 },
  rotate180: { xFromX: -1, xFromY: 0, yFromX: 0, yFromY: -1 },
  rotate270: { xFromX: 0, xFromY: 1, yFromX: -1, yFromY: 0 },
  flipX: { xFromX: 1, xFromY: 0, yFromX: 0, yFromY: -1 },
  flipY: { xFromX: -1, xFromY: 0, yFromX: 0, yFromY: 1 },
  flipPlus1: { xFromX: 0, xFromY: 1, yFromX: 1, yFromY: 0 },
  flipMinus1: { xFromX: 0, xFromY: -1, yFromX: -1, yFromY: 0 },
}

/** Whether both hits put the registered picture at the same place of the copy: orientation, scale (e^0.09) and shift. */
export function isConsistent(a: WindowHit, b: WindowHit): boolean {
  if (a.orientation !== b.orientation || !isOfOnePicture(a.row, b.row)) return false
  const scaleOfA = scaleOf(a)
  const scaleOfB = scaleOf(b)
  if (Math.abs(Math.log(scaleOfA / scaleOfB)) > SCALE_TOLERANCE) return false
  const moved = turned(a.orientation, b.row.cx - a.row.cx, b.row.cy - a.row.cy)
  const scale = Math.sqrt(scaleOfA * scaleOfB)
  const offX = b.query.cx - a.query.cx - scale * moved.x
  const offY = b.query.cy - a.query.cy - scale * moved.y
  return Math.hypot(offX, offY) <= SHIFT_TOLERANCE * Math.max(a.query.side, b.query.side)
}

/**
 * The shift and scale that fit the hits best (least squares over centres and sides together: centres are exact to about 1 %
 * of a side, sides to 2 %), applied to the registered frame.
 */
export function impliedRectangle(
  { orientation, row: { frame } }: WindowHit,
  hits: readonly WindowHit[],
): CopyRectangle {
  const points = hits.map(({ row, query }) => ({ from: turned(orientation, row.cx, row.cy), row, query }))
  const meanOf = (value: (point: (typeof points)[number]) => number) =>
    points.reduce((sum, point) => sum + value(point), 0) / points.length
  const from = { x: meanOf((p) => p.from.x), y: meanOf((p) => p.from.y) }
  const to = { x: meanOf((p) => p.query.cx), y: meanOf((p) => p.query.cy) }
  let across = 0
  let within = 0
  for (const { from: at, row, query } of points) {
    const x = at.x - from.x
    const y = at.y - from.y
    across += x * (query.cx - to.x) + y * (query.cy - to.y) + SIDE_WEIGHT * row.side * query.side
    within += x * x + y * y + SIDE_WEIGHT * row.side * row.side
  }
  const scale = across / within
  const corner = turned(orientation, frame.width, frame.height)
  const origin = { x: to.x - scale * from.x, y: to.y - scale * from.y }
  return {
    x: origin.x + scale * Math.min(0, corner.x),
    y: origin.y + scale * Math.min(0, corner.y),
    width: scale * Math.abs(corner.x),
    height: scale * Math.abs(corner.y),
  }
}

function scaleOf({ row, query }: WindowHit): number {
  return query.side / row.side
}

function turned(orientation: Orientation, x: number, y: number): { x: number; y: number } {
  const { xFromX, xFromY, yFromX, yFromY } = TURNS[orientation]
  return { x: xFromX * x + xFromY * y, y: yFromX * x + yFromY * y }
}

import { ORIENTATIONS, type Orientation } from '#lib/phash/index.ts'

/** A square part of a picture, in pixels of that picture's frame. */
export interface WindowPlace {
  readonly cx: number
  readonly cy: number
  readonly side: number
}

/** Sides in pixels. */
export interface Frame {
  readonly width: number
  readonly height: number
}

/** One registered window. A tilted window takes part as if it were not: the vote does not know its angle. */
export interface WindowOfEntry extends WindowPlace {
  readonly entry: string
  readonly quality: number
  /** The frame of the registered picture, so that the rest of it can be placed too. */
  readonly frame: Frame
}

/** A registered window near a window of the looked-up picture, seen in `orientation`: so turned, the copy looks like the registered picture. */
export interface WindowHit {
  readonly row: WindowOfEntry
  readonly query: WindowPlace & { readonly quality: number }
  readonly orientation: Orientation
  /** Hamming distance. */
  readonly distance: number
}

/** A rectangle in pixels of the copy; it may reach outside. */
export interface CopyRectangle extends Frame {
  readonly x: number
  readonly y: number
}

/** What the windows of one entry say together. */
export interface WindowVote {
  /** Independent hits that agree on where the registered picture lies in the copy, 1..5; counting stops at 5. */
  readonly votes: number
  /** The smallest distance among those hits. */
  readonly bestDistance: number
  readonly orientation: Orientation
  /** Where the whole registered picture lies in the copy, by those hits; uncertain by some per cent with one vote. */
  readonly where: CopyRectangle
  /** Some hit of the entry has both qualities at or above 50. */
  readonly hasClearHit: boolean
}

export type WindowOutcome = 'match' | 'likely' | 'possible' | 'none'

/** Window prints of two pictures are near up to this Hamming distance, inclusive. */
export const WINDOW_RADIUS = 31
/** Windows with less to see in them are neither registered nor looked up. */
export const WINDOW_MIN_QUALITY = 20

const CLEAR_QUALITY = 50
const VOTES_FOR_MATCH = 2
const VOTES_FOR_MATCH_IN_LARGE_BANK = 3
/** With more rows than this, two hits that agree by chance are no longer out of reach. */
const LARGE_BANK_ROWS = 1_000_000

const MAX_HITS = 80
const MAX_SEEDS = 24
const MAX_VOTES = 5
const SCALE_TOLERANCE = 0.09
const SHIFT_TOLERANCE = 0.06
const INDEPENDENT_SHIFT = 0.12
const INDEPENDENT_SCALE = 1.25
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

/**
 * The largest set of hits on one entry that agree with one of them on orientation, scale and place, counting overlapping
 * registered windows once. Null when no hit counts: beyond 31 bits, under quality 20 on either side, or with a place that is
 * no place. The order of the hits does not matter, and the work is bounded: the nearest 80 hits, 24 of them as seeds.
 * All hits must be of the same entry.
 */
export function voteWindows(hits: Iterable<WindowHit>): WindowVote | null {
  const nearest = nearestHits(hits)
  let best: WindowHit[] = []
  for (const seed of nearest.slice(0, MAX_SEEDS)) {
    const agreeing = independentHits(seed, nearest)
    if (agreeing.length > best.length) best = agreeing
    if (best.length >= MAX_VOTES) break
  }
  const [first] = best
  if (!first) return null
  return {
    votes: best.length,
    bestDistance: Math.min(...best.map(({ distance }) => distance)),
    orientation: first.orientation,
    where: impliedRectangle(first, best),
    hasClearHit: nearest.some(isClear),
  }
}

/**
 * What a vote means in a bank of `bankRows` window rows. `likely` needs the caseworker's confirmation; `possible` is shown to
 * nobody: it asks the device for a second, finer look at the picture.
 */
export function windowOutcome(vote: WindowVote | null, bankRows: number): WindowOutcome {
  if (!vote) return 'none'
  const needed = bankRows > LARGE_BANK_ROWS ? VOTES_FOR_MATCH_IN_LARGE_BANK : VOTES_FOR_MATCH
  if (vote.votes >= needed) return 'match'
  if (vote.votes >= VOTES_FOR_MATCH) return 'likely'
  return vote.hasClearHit ? 'possible' : 'none'
}

/** The hits that count, nearest first, at most 80. Only as many distances are sorted as are needed. */
function nearestHits(hits: Iterable<WindowHit>): WindowHit[] {
  const byDistance: WindowHit[][] = Array.from({ length: WINDOW_RADIUS + 1 }, () => [])
  for (const hit of hits) if (counts(hit)) byDistance[hit.distance]?.push(hit)
  const nearest: WindowHit[] = []
  for (const equallyNear of byDistance) {
    nearest.push(...equallyNear.sort(compareHits).slice(0, MAX_HITS - nearest.length))
    if (nearest.length === MAX_HITS) break
  }
  return nearest
}

function counts({ row, query, distance }: WindowHit): boolean {
  return (
    distance >= 0 &&
    distance <= WINDOW_RADIUS &&
    row.quality >= WINDOW_MIN_QUALITY &&
    query.quality >= WINDOW_MIN_QUALITY &&
    isPlace(row) &&
    isPlace(query) &&
    row.frame.width > 0 &&
    row.frame.height > 0
  )
}

function isPlace({ cx, cy, side }: WindowPlace): boolean {
  return Number.isFinite(cx) && Number.isFinite(cy) && Number.isFinite(side) && side > 0
}

/** A total order on all that the vote looks at, so that nothing depends on which lookup answered first. */
function compareHits(a: WindowHit, b: WindowHit): number {
  return (
    a.distance - b.distance ||
    Math.min(b.row.quality, b.query.quality) - Math.min(a.row.quality, a.query.quality) ||
    ORIENTATIONS.indexOf(a.orientation) - ORIENTATIONS.indexOf(b.orientation) ||
    comparePlaces(a.row, b.row) ||
    comparePlaces(a.query, b.query)
  )
}

function comparePlaces(a: WindowPlace, b: WindowPlace): number {
  return b.side - a.side || a.cy - b.cy || a.cx - b.cx
}

/** The seed and every further hit that agrees with it and repeats none of those before, nearest first. */
function independentHits(seed: WindowHit, nearest: readonly WindowHit[]): WindowHit[] {
  const chosen = [seed]
  for (const hit of nearest) {
    if (chosen.length >= MAX_VOTES) break
    if (isConsistent(seed, hit) && chosen.every((other) => isIndependent(other, hit))) chosen.push(hit)
  }
  return chosen
}

function isConsistent(a: WindowHit, b: WindowHit): boolean {
  if (a.orientation !== b.orientation) return false
  const scaleOfA = scaleOf(a)
  const scaleOfB = scaleOf(b)
  if (Math.abs(Math.log(scaleOfA / scaleOfB)) > SCALE_TOLERANCE) return false
  const moved = turned(a.orientation, b.row.cx - a.row.cx, b.row.cy - a.row.cy)
  const scale = Math.sqrt(scaleOfA * scaleOfB)
  const offX = b.query.cx - a.query.cx - scale * moved.x
  const offY = b.query.cy - a.query.cy - scale * moved.y
  return Math.hypot(offX, offY) <= SHIFT_TOLERANCE * Math.max(a.query.side, b.query.side)
}

/** Windows that overlap almost wholly see the same pixels: a second hit on them says nothing new. */
function isIndependent({ row: a }: WindowHit, { row: b }: WindowHit): boolean {
  const larger = Math.max(a.side, b.side)
  const isElsewhere = Math.hypot(a.cx - b.cx, a.cy - b.cy) > INDEPENDENT_SHIFT * larger
  return isElsewhere || larger > INDEPENDENT_SCALE * Math.min(a.side, b.side)
}

function isClear({ row, query }: WindowHit): boolean {
  return row.quality >= CLEAR_QUALITY && query.quality >= CLEAR_QUALITY
}

function scaleOf({ row, query }: WindowHit): number {
  return query.side / row.side
}

function turned(orientation: Orientation, x: number, y: number): { x: number; y: number } {
  const { xFromX, xFromY, yFromX, yFromY } = TURNS[orientation]
  return { x: xFromX * x + xFromY * y, y: yFromX * x + yFromY * y }
}

/**
 * The shift and scale that fit the hits best (least squares over centres and sides together: centres are exact to about 1 %
 * of a side, sides to 2 %), applied to the registered frame.
 */
function impliedRectangle(
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

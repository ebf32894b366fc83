import { ORIENTATIONS, type Orientation } from '#lib/phash/index.ts'
import { withoutAmbiguous } from './vote-ambiguity.ts'
import { impliedRectangle, isConsistent } from './vote-geometry.ts'
import type { CopyRectangle, WindowHit, WindowPlace } from './vote-hit.ts'

export type { CopyRectangle, Frame, WindowHit, WindowOfEntry, WindowPlace } from './vote-hit.ts'

/** What the windows of one entry say together. */
export interface WindowVote {
  /** Independent hits that agree on where the registered picture lies in the copy, 1..5; counting stops at 5. */
  readonly votes: number
  /** The smallest distance among those hits. */
  readonly bestDistance: number
  readonly orientation: Orientation
  /** Where the whole registered picture lies in the copy, by those hits; uncertain by some per cent with one vote. */
  readonly where: CopyRectangle
  /** Some of those hits has both qualities at or above 50. */
  readonly hasClearVote: boolean
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
/**
 * So many hits agree on one place only when the picture is there. Then it may be there more than once, which makes every
 * window of it ambiguous. Of 222,240 pairs of unlike flat drawings none had more than 5 before ambiguous hits were left out.
 */
const OVERWHELMING_VOTES = 8
const INDEPENDENT_SHIFT = 0.12
const INDEPENDENT_SCALE = 1.25

/**
 * The largest set of hits on one entry that agree with one of them on orientation, scale and place, counting overlapping
 * registered windows once. Hits of windows that look like several places at a time are left out (`withoutAmbiguous`), unless
 * eight agree all the same. Null when no hit counts: beyond 31 bits, under quality 20 on either side, with a place that is no
 * place, or ambiguous. The order of the hits does not matter, and the work is bounded: the nearest 80 hits, 24 of them as
 * seeds. All hits must be of the same entry.
 */
export function voteWindows(hits: Iterable<WindowHit>): WindowVote | null {
  const counted = [...hits].filter(counts)
  const nearest = nearestHits(counted)
  const overwhelming = largestAgreement(nearest, OVERWHELMING_VOTES)
  if (overwhelming.length >= OVERWHELMING_VOTES) return voteOf(overwhelming.slice(0, MAX_VOTES), nearest)
  const certain = nearestHits(withoutAmbiguous(counted))
  return voteOf(largestAgreement(certain, MAX_VOTES), certain)
}

function voteOf(agreeing: readonly WindowHit[], nearest: readonly WindowHit[]): WindowVote | null {
  const [first] = agreeing
  if (!first) return null
  return {
    votes: agreeing.length,
    bestDistance: Math.min(...agreeing.map(({ distance }) => distance)),
    orientation: first.orientation,
    where: impliedRectangle(first, agreeing),
    hasClearVote: agreeing.some(isClear),
    hasClearHit: nearest.some(isClear),
  }
}

/**
 * What a vote means in a bank of `bankRows` window rows. `likely` needs the caseworker's confirmation; `possible` is shown to
 * nobody: it asks the device for a second, finer look at the picture. Fewer than five votes of which none is clear are no
 * more than `possible`: there are few ways for a window with little in it to look.
 */
export function windowOutcome(vote: WindowVote | null, bankRows: number): WindowOutcome {
  if (!vote) return 'none'
  const needed = bankRows > LARGE_BANK_ROWS ? VOTES_FOR_MATCH_IN_LARGE_BANK : VOTES_FOR_MATCH
  const isSure = vote.hasClearVote || vote.votes >= MAX_VOTES
  if (isSure && vote.votes >= needed) return 'match'
  if (isSure && vote.votes >= VOTES_FOR_MATCH) return 'likely'
  return vote.hasClearHit || vote.votes >= VOTES_FOR_MATCH ? 'possible' : 'none'
}

/** The hits nearest first, at most 80. Only as many distances are sorted as are needed. */
function nearestHits(hits: readonly WindowHit[]): WindowHit[] {
  const byDistance: WindowHit[][] = Array.from({ length: WINDOW_RADIUS + 1 }, () => [])
  for (const hit of hits) byDistance[hit.distance]?.push(hit)
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

/** The largest set of hits that agree with one of the nearest, counted up to `enough`. */
function largestAgreement(nearest: readonly WindowHit[], enough: number): WindowHit[] {
  let best: WindowHit[] = []
  for (const seed of nearest.slice(0, MAX_SEEDS)) {
    const agreeing = independentHits(seed, nearest, enough)
    if (agreeing.length > best.length) best = agreeing
    if (best.length >= enough) break
  }
  return best
}

/** The seed and every further hit that agrees with it and repeats none of those before, nearest first. */
function independentHits(seed: WindowHit, nearest: readonly WindowHit[], enough: number): WindowHit[] {
  const chosen = [seed]
  for (const hit of nearest) {
    if (chosen.length >= enough) break
    if (isConsistent(seed, hit) && chosen.every((other) => isIndependent(other, hit))) chosen.push(hit)
  }
  return chosen
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

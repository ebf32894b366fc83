import type { WindowHit, WindowPlace } from './vote-hit.ts'

/** Places on the other side that differ by at most this much are one: sides by the factor, centres by the share of a side. */
const SAME_SIDE = 1.12
const SAME_CENTRE = 0.2

/**
 * The hits without those of generic shapes. A window that shows one thing only is found at one place, in one size and one
 * orientation. A registered window that several different places of the copy look like (a wedge in many sizes, a corner in
 * many orientations, a brick), or a window of the copy that looks like several different registered ones, says nothing about
 * where the registered picture lies. All hits must be of the same entry; each picture of it is judged on its own.
 */
export function withoutAmbiguous(hits: readonly WindowHit[]): WindowHit[] {
  const ofRows = grouped(hits, ({ row }) => row)
  const ofQueries = grouped(hits, ({ query }) => query)
  const ambiguous = new Set<WindowHit>()
  for (const group of ofRows) if (!isOnePlace(group, ({ query }) => query)) addAll(ambiguous, group)
  for (const group of ofQueries) if (!isOnePlace(group, ({ row }) => row)) addAll(ambiguous, group)
  return hits.filter((hit) => !ambiguous.has(hit))
}

function addAll(set: Set<WindowHit>, hits: readonly WindowHit[]): void {
  for (const hit of hits) set.add(hit)
}

/** Tilted windows share the place of the upright one they were turned from. */
function grouped(
  hits: readonly WindowHit[],
  placeOf: (hit: WindowHit) => WindowPlace,
): Iterable<WindowHit[]> {
  const groups = new Map<string, WindowHit[]>()
  for (const hit of hits) {
    const { cx, cy, side } = placeOf(hit)
    const { picture, frame } = hit.row
    const key = [cx, cy, side, frame.width, frame.height, picture].join()
    const group = groups.get(key)
    if (group) group.push(hit)
    else groups.set(key, [hit])
  }
  return groups.values()
}

function isOnePlace(hits: readonly WindowHit[], placeOf: (hit: WindowHit) => WindowPlace): boolean {
  const [first] = hits
  if (!first || hits.length === 1) return true
  if (hits.some(({ orientation }) => orientation !== first.orientation)) return false
  const sides = rangeOf(hits, (hit) => placeOf(hit).side)
  const x = rangeOf(hits, (hit) => placeOf(hit).cx)
  const y = rangeOf(hits, (hit) => placeOf(hit).cy)
  if (sides.high > SAME_SIDE * sides.low) return false
  return Math.hypot(x.high - x.low, y.high - y.low) <= SAME_CENTRE * sides.high
}

function rangeOf(
  hits: readonly WindowHit[],
  numberOf: (hit: WindowHit) => number,
): { low: number; high: number } {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (const hit of hits) {
    low = Math.min(low, numberOf(hit))
    high = Math.max(high, numberOf(hit))
  }
  return { low, high }
}

import type { Random } from './random.ts'

// cos and sin of 15 degrees. Scenes never call Math.sin and the like: engines may round them differently.
const STEP_COS = 0.9659258262890683
const STEP_SIN = 0.25881904510252074
const BLOB_POINTS = 24
const KNOTS = 8

/** A direction as a unit vector. */
export function anyDirection(random: Random): [number, number] {
  for (;;) {
    const x = random.between(-1, 1)
    const y = random.between(-1, 1)
    const length = Math.sqrt(x * x + y * y)
    if (length > 0.1 && length <= 1) return [x / length, y / length]
  }
}

/** An uneven round outline: no two are alike, so that two pictures do not share a window because both show a disc. */
export function blob(random: Random, x: number, y: number, radiusX: number, radiusY: number): number[] {
  const knots = Array.from({ length: KNOTS }, () => random.between(0.55, 1.25))
  const points: number[] = []
  let [dx, dy] = anyDirection(random)
  for (let i = 0; i < BLOB_POINTS; i++) {
    const place = (i * KNOTS) / BLOB_POINTS
    const knot = Math.floor(place)
    const share = smooth(place - knot)
    const from = knots[knot] ?? 1
    const radius = from + ((knots[(knot + 1) % KNOTS] ?? 1) - from) * share
    points.push(x + dx * radius * radiusX, y + dy * radius * radiusY)
    const turned = dx * STEP_COS - dy * STEP_SIN
    dy = dx * STEP_SIN + dy * STEP_COS
    dx = turned
  }
  return points
}

/** A box of width w and height h around x, y, leaning and with corners pushed by up to `unevenness` of its size. */
export function crookedBox(
  random: Random,
  x: number,
  y: number,
  w: number,
  h: number,
  unevenness = 0.12,
  isTurned = false,
): number[] {
  const [dx, dy] = isTurned ? anyDirection(random) : [1, 0]
  const corners = [-0.5, -0.5, 0.5, -0.5, 0.5, 0.5, -0.5, 0.5]
  const points: number[] = []
  for (let i = 0; i < corners.length; i += 2) {
    const u = ((corners[i] ?? 0) + random.between(-unevenness, unevenness)) * w
    const v = ((corners[i + 1] ?? 0) + random.between(-unevenness, unevenness)) * h
    points.push(x + u * dx - v * dy, y + u * dy + v * dx)
  }
  return points
}

/** A polygon below a jagged line from the left to the right side, found by halving (midpoint displacement). */
export function ridge(random: Random, level: number, relief: number, roughness: number): number[] {
  const steps = 64
  const heights = new Array<number>(steps + 1).fill(level)
  heights[0] = level + random.between(-relief, relief)
  heights[steps] = level + random.between(-relief, relief)
  let swing = relief
  for (let span = steps; span > 1; span /= 2) {
    for (let at = span / 2; at < steps; at += span) {
      const middle = ((heights[at - span / 2] ?? level) + (heights[at + span / 2] ?? level)) / 2
      heights[at] = middle + random.between(-swing, swing)
    }
    swing *= roughness
  }
  const points = heights.flatMap((height, i) => [i / steps, height])
  points.push(1, 1.01, 0, 1.01)
  return points
}

export function smooth(share: number): number {
  return share * share * (3 - 2 * share)
}

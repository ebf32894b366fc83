import type { LumaPlane } from './luma.ts'
import { levelFor } from './pyramid.ts'
import { type Anchor, type IsGround, strongestAnchors } from './strongest.ts'

/** A rectangle whose sides need not be whole, in pixels of the plane. */
export interface Area {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** How many anchors are kept of each channel: brightness, then gradient strength. */
export type Caps = readonly [number, number]

/** What is asked of one channel: see `anchorPlan`. */
export interface AnchorPlan {
  readonly level: number
  /** The two Gaussians in pixels of the level. */
  readonly inner: number
  readonly outer: number
  /** Pixels `left`..`right` and `top`..`bottom`, the ends not included, may hold an extremum that is kept. */
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
  /** Centres are kept inside this rectangle, in pixels of the plane. */
  readonly minX: number
  readonly minY: number
  readonly maxX: number
  readonly maxY: number
}

const SIGMAS_PER_SIDE = 8
/** The level is the largest at which sigma is still this much. */
const MIN_SIGMA = 3
/** Variance that the means of 2 x 2 already brought. */
const LEVEL_BLUR = 0.3
/** The outer Gaussian is 1.4 times as wide as the inner one. */
const OUTER_VARIANCE = 1.96
export const MIN_STRENGTH = 0.3
/** Trace squared over determinant of the curvatures: above it, the extremum is an edge. */
export const MAX_EDGE = 12.1
export const MAX_RADIUS = 30

/** Where to look for blobs that windows of this side fit around, or null when none can lie inside the region. */
export function anchorPlan(
  levels: readonly { width: number; height: number }[],
  side: number,
  region: Area,
): AnchorPlan | null {
  const sigma = side / SIGMAS_PER_SIDE
  const level = levelFor(sigma, MIN_SIGMA, levels.length - 1)
  const plane = levels[level]
  if (!plane) return null
  const scale = 2 ** level
  const s = sigma / scale
  const blur = level > 0 ? LEVEL_BLUR : 0
  const margin = side / 2
  const [minX, minY] = [region.x + margin, region.y + margin]
  const [maxX, maxY] = [region.x + region.width - margin, region.y + region.height - margin]
  // The Newton step moves a centre by up to one pixel.
  const left = Math.max(1, Math.ceil(minX / scale - 1.5))
  const top = Math.max(1, Math.ceil(minY / scale - 1.5))
  const right = Math.min(plane.width - 1, Math.floor(maxX / scale + 0.5) + 1)
  const bottom = Math.min(plane.height - 1, Math.floor(maxY / scale + 0.5) + 1)
  if (minX > maxX || minY > maxY || left >= right || top >= bottom) return null
  return {
    level,
    inner: Math.sqrt(s * s - blur),
    outer: Math.sqrt(OUTER_VARIANCE * s * s - blur),
    ...{ left, top, right, bottom, minX, minY, maxX, maxY },
  }
}

/** Weights of a Gaussian that add up to 1, from the middle outwards: the first is the middle one. */
export function gaussian(sigma: number): Float64Array {
  const radius = Math.min(MAX_RADIUS, Math.ceil(3 * sigma))
  const weights = Float64Array.from({ length: radius + 1 }, (_, i) =>
    Math.exp(-(i * i) / (2 * sigma * sigma)),
  )
  let total = 0
  for (const [i, weight] of weights.entries()) total += i === 0 ? weight : 2 * weight
  return weights.map((weight) => weight / total)
}

/** How fast brightness changes, twice the slope; 0 on the outer ring of pixels. */
export function gradientOf({ data, width, height }: LumaPlane): LumaPlane {
  const strength = new Float32Array(width * height)
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const at = y * width + x
      const dx = (data[at + 1] ?? 0) - (data[at - 1] ?? 0)
      const dy = (data[at + width] ?? 0) - (data[at - width] ?? 0)
      strength[at] = Math.sqrt(dx * dx + dy * dy)
    }
  }
  return { data: strength, width, height }
}

/** The strongest `cap` blobs of one source plane at the plan's level: extrema of a difference of Gaussians. */
export function findAnchors(
  source: LumaPlane,
  plan: AnchorPlan,
  cap: number,
  isGround: IsGround | null,
): Anchor[] {
  const x0 = plan.left - 1
  const y0 = plan.top - 1
  const width = plan.right - plan.left + 2
  const height = plan.bottom - plan.top + 2
  const area = { x: x0, y: y0, width, height }
  const differences = blurred(source, gaussian(plan.inner), area)
  const outer = blurred(source, gaussian(plan.outer), area)
  for (let at = 0; at < outer.length; at++) differences[at] = (differences[at] ?? 0) - (outer[at] ?? 0)
  const strongest = strongestAnchors(cap, isGround)
  const scale = 2 ** plan.level
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const at = y * width + x
      const strength = Math.abs(differences[at] ?? 0)
      if (strength < MIN_STRENGTH || !isExtremum(differences, at, width)) continue
      const step = newtonStep(differences, at, width)
      if (!step) continue
      const cx = (x0 + x + step.dx + 0.5) * scale
      const cy = (y0 + y + step.dy + 0.5) * scale
      if (cx < plan.minX || cx > plan.maxX || cy < plan.minY || cy > plan.maxY) continue
      strongest.offer(cx, cy, strength)
    }
  }
  return strongest.kept()
}

function isExtremum(values: Float64Array, at: number, width: number): boolean {
  const here = values[at] ?? 0
  const sign = here > 0 ? 1 : -1
  for (let dy = -width; dy <= width; dy += width) {
    for (let dx = -1; dx <= 1; dx++) {
      if ((dx !== 0 || dy !== 0) && sign * (here - (values[at + dy + dx] ?? 0)) <= 0) return false
    }
  }
  return true
}

/** From a pixel to the summit between pixels, at most one pixel each way; null for edges and saddles. */
function newtonStep(values: Float64Array, at: number, width: number): { dx: number; dy: number } | null {
  const value = (dx: number, dy: number): number => values[at + dy * width + dx] ?? 0
  const xx = value(1, 0) + value(-1, 0) - 2 * value(0, 0)
  const yy = value(0, 1) + value(0, -1) - 2 * value(0, 0)
  const xy = (value(1, 1) - value(-1, 1) - value(1, -1) + value(-1, -1)) / 4
  const determinant = xx * yy - xy * xy
  if (determinant <= 0 || (xx + yy) ** 2 > MAX_EDGE * determinant) return null
  const x = (value(1, 0) - value(-1, 0)) / 2
  const y = (value(0, 1) - value(0, -1)) / 2
  const limited = (step: number): number => Math.max(-1, Math.min(1, step))
  return { dx: limited((xy * y - yy * x) / determinant), dy: limited((xy * x - xx * y) / determinant) }
}

/** The part `area` of the plane blurred; beyond the plane its edge goes on. */
function blurred({ data, width, height }: LumaPlane, weights: Float64Array, area: Area): Float64Array {
  const radius = weights.length - 1
  const firstRow = Math.max(0, area.y - radius)
  const endRow = Math.min(height, area.y + area.height + radius)
  const rows = new Float64Array((endRow - firstRow) * area.width)
  for (let y = firstRow, to = 0; y < endRow; y++) {
    for (let x = area.x; x < area.x + area.width; x++, to++) {
      let sum = (weights[0] ?? 0) * (data[y * width + x] ?? 0)
      for (let k = 1; k <= radius; k++) {
        const left = data[y * width + Math.max(0, x - k)] ?? 0
        const right = data[y * width + Math.min(width - 1, x + k)] ?? 0
        sum += (weights[k] ?? 0) * (left + right)
      }
      rows[to] = sum
    }
  }
  const out = new Float64Array(area.width * area.height)
  for (let y = 0; y < area.height; y++) {
    const here = y + area.y
    for (let k = 0; k <= radius; k++) {
      const weight = k === 0 ? (weights[0] ?? 0) / 2 : (weights[k] ?? 0)
      const above = (Math.max(0, here - k) - firstRow) * area.width
      const below = (Math.min(height - 1, here + k) - firstRow) * area.width
      const to = y * area.width
      for (let x = 0; x < area.width; x++) {
        out[to + x] = (out[to + x] ?? 0) + weight * ((rows[above + x] ?? 0) + (rows[below + x] ?? 0))
      }
    }
  }
  return out
}

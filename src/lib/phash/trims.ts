import { assertPixels, channelsOf, type Pixels, type Rect } from './pixels.ts'

/** Border lines are looked for on a copy with at most this many pixels along each axis. */
const MAX_SIDE = 512
/** Pixels read per axis for one pixel of that copy; enough to average noise away. */
const SAMPLES_PER_AXIS = 4
/** A pixel belongs to a flat line when each channel is this near to the line's median. */
const FLAT_WITHIN = 14
const FLAT_SHARE = 0.985
/** A line continues a border when its median is this near to that of the border's first line. */
const SAME_BORDER_WITHIN = 28
/** Trimming stops when less than this share of a side would be left. */
const MIN_REST = 0.3
const MIN_SIDE = 64
const MIN_AREA_SHARE = 0.15

/**
 * What is left of a picture without uniform borders of any colour: rectangles in pixels of the picture, the most likely
 * first; empty when there is no border or too little would be left (under 64 pixels or 15 % of the area). Exact to one
 * pixel, or to 1/512 of a side that is longer than 512. Throws `FingerprintError` as `fingerprint` does.
 */
export function trims(pixels: Pixels): Rect[] {
  assertPixels(pixels)
  if (pixels.width < MIN_SIDE || pixels.height < MIN_SIDE) return []
  const plane = reduce(pixels)
  const edges = trimEdges(plane)
  const x = Math.ceil((edges.left * pixels.width) / plane.width)
  const y = Math.ceil((edges.top * pixels.height) / plane.height)
  const rect = {
    x,
    y,
    width: Math.floor((edges.right * pixels.width) / plane.width) - x,
    height: Math.floor((edges.bottom * pixels.height) / plane.height) - y,
  }
  const area = rect.width * rect.height
  const whole = pixels.width * pixels.height
  const isTooSmall = Math.min(rect.width, rect.height) < MIN_SIDE || area < MIN_AREA_SHARE * whole
  return isTooSmall || area === whole ? [] : [rect]
}

/** Planar copy: all of channel 0, then channel 1. */
interface Plane {
  width: number
  height: number
  channels: Uint8Array[]
}

/** What is left: `left`..`right` and `top`..`bottom`, the ends not included. */
interface Edges {
  left: number
  top: number
  right: number
  bottom: number
}

const SIDES = ['top', 'bottom', 'left', 'right'] as const
type Side = (typeof SIDES)[number]

function trimEdges(plane: Plane): Edges {
  const edges: Edges = { left: 0, top: 0, right: plane.width, bottom: plane.height }
  // Twice, because a border can hide behind one on another side, or of another colour, until that is gone.
  for (let round = 0; round < 2; round++) for (const side of SIDES) trimSide(plane, edges, side)
  return edges
}

function trimSide(plane: Plane, edges: Edges, side: Side): void {
  const isRow = side === 'top' || side === 'bottom'
  const inward = side === 'top' || side === 'left' ? 1 : -1
  let border: number[] | null = null
  for (;;) {
    const rest = isRow ? edges.bottom - edges.top : edges.right - edges.left
    if (rest - 1 < MIN_REST * (isRow ? plane.height : plane.width)) return
    const index = inward === 1 ? edges[side] : edges[side] - 1
    const medians = flatLine(plane, edges, isRow, index)
    if (medians === null) return
    border ??= medians
    if (!isNear(medians, border)) return
    edges[side] += inward
  }
}

function isNear(a: readonly number[], b: readonly number[]): boolean {
  return a.every((value, c) => Math.abs(value - (b[c] ?? 0)) <= SAME_BORDER_WITHIN)
}

/** The medians of the channels of a line, or null when the line is not flat. */
function flatLine(plane: Plane, edges: Edges, isRow: boolean, index: number): number[] | null {
  const start = isRow ? index * plane.width + edges.left : edges.top * plane.width + index
  const step = isRow ? 1 : plane.width
  const length = isRow ? edges.right - edges.left : edges.bottom - edges.top
  const medians = plane.channels.map((channel) => lineMedian(channel, start, step, length))
  const allowed = length - Math.ceil(FLAT_SHARE * length)
  let off = 0
  for (let i = 0, at = start; i < length; i++, at += step) {
    const isOff = plane.channels.some(
      (channel, c) => Math.abs((channel[at] ?? 0) - (medians[c] ?? 0)) > FLAT_WITHIN,
    )
    if (isOff && ++off > allowed) return null
  }
  return medians
}

function lineMedian(channel: Uint8Array, start: number, step: number, length: number): number {
  const counts = new Uint16Array(256)
  for (let i = 0, at = start; i < length; i++, at += step) {
    const value = channel[at] ?? 0
    counts[value] = (counts[value] ?? 0) + 1
  }
  let seen = 0
  let median = 0
  for (; median < 255; median++) {
    seen += counts[median] ?? 0
    if (2 * seen >= length) break
  }
  return median
}

/** Each axis for itself, so that a long strip keeps its short side. */
function reduce(pixels: Pixels): Plane {
  const columns = samplePositions(pixels.width)
  const rows = samplePositions(pixels.height)
  const step = channelsOf(pixels.format)
  const channels = Array.from({ length: Math.min(step, 3) }, (_, c) => {
    const channel = new Uint8Array(columns.length * rows.length)
    let to = 0
    for (const ys of rows) {
      for (const xs of columns) {
        let sum = 0
        for (const y of ys) for (const x of xs) sum += pixels.data[(y * pixels.width + x) * step + c] ?? 0
        channel[to++] = Math.round(sum / (ys.length * xs.length))
      }
    }
    return channel
  })
  return { width: columns.length, height: rows.length, channels }
}

/** For each pixel of the reduced axis, the inputs to average. */
function samplePositions(n: number): number[][] {
  const outputs = Math.min(n, MAX_SIDE)
  return Array.from({ length: outputs }, (_, i) => {
    const first = Math.floor((i * n) / outputs)
    const cell = Math.floor(((i + 1) * n) / outputs) - first
    const count = Math.min(cell, SAMPLES_PER_AXIS)
    return Array.from({ length: count }, (_, k) => first + Math.floor(((2 * k + 1) * cell) / (2 * count)))
  })
}

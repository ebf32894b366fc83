import { channelsOf, type Pixels, type Rect } from './pixels.ts'

/** A pixel belongs to a flat line when each channel is this near to the line's median. */
const FLAT_WITHIN = 14
const FLAT_SHARE = 0.985
/** A line continues a border when its median is this near to that of the border's first line. */
const SAME_BORDER_WITHIN = 28
/** Trimming stops when less than this share of a side would be left. */
const MIN_REST = 0.3
/** Pixels read of one line: enough for its median and for the share of others. */
const LINE_SAMPLES = 1024

const SIDES = ['top', 'bottom', 'left', 'right'] as const
type Side = (typeof SIDES)[number]
/** What is left: the ends are not included. */
type Edges = Record<Side, number>

/**
 * The picture without uniform borders of any colour; the whole frame when there are none. Reads lines from the outside in
 * and only as far as the borders go, so that a picture without borders costs next to nothing.
 */
export function trimBorder(pixels: Pixels, alpha: 'ignored' | 'over-white'): Rect {
  const edges: Edges = { top: 0, bottom: pixels.height, left: 0, right: pixels.width }
  const reader = lineReader(pixels, alpha === 'over-white')
  for (const side of SIDES) trimSide(pixels, edges, side, reader)
  // Again, because a border can hide behind one on another side, or of another colour, until that is gone.
  const isTrimmed = edges.right - edges.left < pixels.width || edges.bottom - edges.top < pixels.height
  if (isTrimmed) for (const side of SIDES) trimSide(pixels, edges, side, reader)
  return { x: edges.left, y: edges.top, width: edges.right - edges.left, height: edges.bottom - edges.top }
}

function trimSide(pixels: Pixels, edges: Edges, side: Side, medianOf: LineReader): void {
  const isRow = side === 'top' || side === 'bottom'
  const inward = side === 'top' || side === 'left' ? 1 : -1
  const least = MIN_REST * (isRow ? pixels.height : pixels.width)
  let border: number | null = null
  for (;;) {
    const rest = isRow ? edges.bottom - edges.top : edges.right - edges.left
    if (rest - 1 < least) return
    const median = medianOf(edges, isRow, inward === 1 ? edges[side] : edges[side] - 1)
    if (median === null) return
    border ??= median
    if (!isNear(median, border)) return
    edges[side] += inward
  }
}

/** The median colour of a line packed as 0xbbggrr, or null when the line is not flat. */
type LineReader = (edges: Edges, isRow: boolean, index: number) => number | null

function lineReader({ data, width, format }: Pixels, isOverWhite: boolean): LineReader {
  const step = channelsOf(format)
  const channels = Math.min(step, 3)
  const values = new Uint8Array(LINE_SAMPLES * channels)
  return (edges, isRow, index) => {
    const start = isRow ? edges.left : edges.top
    const length = (isRow ? edges.right : edges.bottom) - start
    const count = Math.min(LINE_SAMPLES, length)
    for (let i = 0, to = 0; i < count; i++) {
      const along = start + Math.floor(((2 * i + 1) * length) / (2 * count))
      const at = (isRow ? index * width + along : along * width + index) * step
      const alpha = step === 4 && isOverWhite ? (data[at + 3] ?? 0) : 255
      for (let c = 0; c < channels; c++) values[to++] = overWhite(data[at + c] ?? 0, alpha)
    }
    return flatMedian(values, count, channels)
  }
}

function overWhite(value: number, alpha: number): number {
  return alpha === 255 ? value : Math.floor((value * alpha + 255 * (255 - alpha) + 127) / 255)
}

function flatMedian(values: Uint8Array, count: number, channels: number): number | null {
  let packed = 0
  for (let c = 0; c < channels; c++) packed |= medianOf(values, count, channels, c) << (8 * c)
  const allowed = count - Math.ceil(FLAT_SHARE * count)
  let off = 0
  for (let i = 0, at = 0; i < count; i++) {
    let isOff = false
    for (let c = 0; c < channels; c++) {
      if (Math.abs((values[at++] ?? 0) - ((packed >> (8 * c)) & 255)) > FLAT_WITHIN) isOff = true
    }
    if (isOff && ++off > allowed) return null
  }
  return packed
}

function medianOf(values: Uint8Array, count: number, channels: number, channel: number): number {
  const counts = new Uint16Array(256)
  for (let i = 0, at = channel; i < count; i++, at += channels) {
    const value = values[at] ?? 0
    counts[value] = (counts[value] ?? 0) + 1
  }
  let seen = 0
  let median = 0
  for (; median < 255; median++) {
    seen += counts[median] ?? 0
    if (2 * seen >= count) break
  }
  return median
}

function isNear(a: number, b: number): boolean {
  return [0, 8, 16].every(
    (shift) => Math.abs(((a >> shift) & 255) - ((b >> shift) & 255)) <= SAME_BORDER_WITHIN,
  )
}

import { blankPixels, checkSize, type Rgb8 } from './pixels.ts'

/** Where scenes are painted: one word per pixel, so that a span of one colour is a single fill. */
export interface Canvas {
  readonly words: Uint32Array
  readonly width: number
  readonly height: number
}

/** Red, green, blue, 0..255. */
export type Colour = readonly [number, number, number]

export function newCanvas(width: number, height: number): Canvas {
  checkSize(width, height)
  return { words: new Uint32Array(width * height), width, height }
}

export function canvasFromPixels(pixels: Rgb8): Canvas {
  const canvas = newCanvas(pixels.width, pixels.height)
  const { data } = pixels
  for (let i = 0, at = 0; i < canvas.words.length; i++, at += 3) {
    canvas.words[i] = (data[at] ?? 0) | ((data[at + 1] ?? 0) << 8) | ((data[at + 2] ?? 0) << 16)
  }
  return canvas
}

export function canvasToPixels(canvas: Canvas): Rgb8 {
  const pixels = blankPixels(canvas.width, canvas.height)
  const { data } = pixels
  for (let i = 0, at = 0; i < canvas.words.length; i++, at += 3) {
    const word = canvas.words[i] ?? 0
    data[at] = word
    data[at + 1] = word >>> 8
    data[at + 2] = word >>> 16
  }
  return pixels
}

/** Fills a closed polygon, even-odd, blending from `top` to `bottom` down its height. `points`: x, y, x, y..., 0..1 across the canvas. */
export function fillPolygon(
  canvas: Canvas,
  points: readonly number[],
  top: Colour,
  bottom: Colour = top,
): void {
  const { width, height, words } = canvas
  const { edges, firstRow, lastRow } = edgesOf(points, width, height)
  const crossings: number[] = []
  const rows = Math.max(1, lastRow - firstRow)
  for (let y = Math.max(0, firstRow); y <= Math.min(height - 1, lastRow); y++) {
    crossings.length = 0
    const middle = y + 0.5
    for (let e = 0; e < edges.length; e += 4) {
      const y0 = edges[e + 1] ?? 0
      const y1 = edges[e + 3] ?? 0
      if (middle < y0 || middle >= y1) continue
      const x0 = edges[e] ?? 0
      crossings.push(x0 + (((edges[e + 2] ?? 0) - x0) * (middle - y0)) / (y1 - y0))
    }
    if (crossings.length > 2) crossings.sort((a, b) => a - b)
    else if ((crossings[0] ?? 0) > (crossings[1] ?? 0)) crossings.reverse()
    const word = blend(top, bottom, (y - firstRow) / rows)
    for (let c = 0; c + 1 < crossings.length; c += 2) {
      const from = Math.max(0, Math.ceil((crossings[c] ?? 0) - 0.5))
      const to = Math.min(width, Math.ceil((crossings[c + 1] ?? 0) - 0.5))
      if (from < to) words.fill(word, y * width + from, y * width + to)
    }
  }
}

/** Edges in pixels as x0, y0, x1, y1 with y0 < y1; level edges are left out, they are never crossed. */
function edgesOf(points: readonly number[], width: number, height: number) {
  const edges: number[] = []
  let lowest = Infinity
  let highest = -Infinity
  for (let i = 0; i < points.length; i += 2) {
    const next = (i + 2) % points.length
    const x0 = (points[i] ?? 0) * width
    const y0 = (points[i + 1] ?? 0) * height
    const x1 = (points[next] ?? 0) * width
    const y1 = (points[next + 1] ?? 0) * height
    lowest = Math.min(lowest, y0)
    highest = Math.max(highest, y0)
    if (y0 < y1) edges.push(x0, y0, x1, y1)
    else if (y0 > y1) edges.push(x1, y1, x0, y0)
  }
  return { edges, firstRow: Math.floor(lowest), lastRow: Math.ceil(highest) }
}

function blend(from: Colour, to: Colour, share: number): number {
  const part = Math.min(1, Math.max(0, share))
  const red = from[0] + (to[0] - from[0]) * part
  const green = from[1] + (to[1] - from[1]) * part
  const blue = from[2] + (to[2] - from[2]) * part
  return red | (green << 8) | (blue << 16)
}

/** An upright rectangle, 0..1 across the canvas. */
export function fillRect(
  canvas: Canvas,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  top: Colour,
  bottom?: Colour,
): void {
  fillPolygon(canvas, [x0, y0, x1, y0, x1, y1, x0, y1], top, bottom)
}

import { type Axis, GRID } from './axis.ts'
import { channelsOf, type Pixels } from './pixels.ts'

/** Luma is counted in thousandths, so that its weights 0.299, 0.587 and 0.114 are whole numbers (PDQ step 1). */
export const LUMA_UNITS = 1000
export const LUMA_WEIGHTS = [299, 587, 114] as const

/**
 * Samples a picture on every pair of a row axis and a column axis: 64 x 64 values each, row by row, in the order
 * `rowAxes[0]` with every column axis, then `rowAxes[1]`. Each line of the picture is read once per column axis.
 */
export function sampleGrids(
  pixels: Pixels,
  rowAxes: readonly Axis[],
  columnAxes: readonly Axis[],
): Float64Array[] {
  const grids = rowAxes.flatMap(() => columnAxes.map(() => new Float64Array(GRID * GRID)))
  const cursors = rowAxes.map((axis) => new RowCursor(axis))
  const line = new Float64Array(GRID)
  const sumLine = pixels.format === 'luma8' ? sumLumaLine : sumColourLine
  for (let y = 0; y < pixels.height; y++) {
    let isUsed = false
    for (const cursor of cursors) if (cursor.moveTo(y)) isUsed = true
    if (!isUsed) continue
    for (let c = 0; c < columnAxes.length; c++) {
      const columnAxis = columnAxes[c]
      if (!columnAxis) continue
      sumLine(pixels, y, columnAxis, line)
      for (let r = 0; r < cursors.length; r++) {
        const grid = grids[r * columnAxes.length + c]
        if (grid) cursors[r]?.addLine(line, y, grid)
      }
    }
  }
  const units = pixels.format === 'luma8' ? 1 : LUMA_UNITS
  for (const [r, rowAxis] of rowAxes.entries()) {
    for (const [c, columnAxis] of columnAxes.entries()) {
      const grid = grids[r * columnAxes.length + c]
      if (grid) divide(grid, rowAxis.totals, columnAxis.totals, units)
    }
  }
  return grids
}

/** Knows which positions of a row axis need the current line; lines come in ascending order. */
class RowCursor {
  readonly #axis: Axis
  #from = 0
  #to = 0

  constructor(axis: Axis) {
    this.#axis = axis
  }

  /** Whether any position needs line `y`. */
  moveTo(y: number): boolean {
    const { starts, weights } = this.#axis
    while (this.#to < GRID && (starts[this.#to] ?? 0) <= y) this.#to++
    while (this.#from < this.#to && (starts[this.#from] ?? 0) + (weights[this.#from]?.length ?? 0) <= y)
      this.#from++
    return this.#from < this.#to
  }

  addLine(line: Float64Array, y: number, grid: Float64Array): void {
    const { starts, weights } = this.#axis
    for (let k = this.#from; k < this.#to; k++) {
      const weight = weights[k]?.[y - (starts[k] ?? 0)] ?? 0
      const row = k * GRID
      for (let j = 0; j < GRID; j++) grid[row + j] = (grid[row + j] ?? 0) + weight * (line[j] ?? 0)
    }
  }
}

// Up to this window a triangle of the brightest inputs fits 32 bits (window squared times 255), and whole numbers of 32
// bits are added three times as fast as numbers with a point.
const MAX_WHOLE_WINDOW = 2901

function sumLumaLine({ data, width }: Pixels, y: number, axis: Axis, line: Float64Array): void {
  const { window, starts, weights: allWeights } = axis
  for (let k = 0; k < GRID; k++) {
    const first = y * width + (starts[k] ?? 0)
    const weights = allWeights[k]
    if (isWholeTriangle(weights, window)) line[k] = lumaTriangle(data, first, window)
    else line[k] = weightedSum(data, first, 1, weights)
  }
}

function sumColourLine({ data, width, format }: Pixels, y: number, axis: Axis, line: Float64Array): void {
  const step = channelsOf(format)
  const { window, starts, weights: allWeights } = axis
  for (let k = 0; k < GRID; k++) {
    const first = (y * width + (starts[k] ?? 0)) * step
    const weights = allWeights[k]
    if (isWholeTriangle(weights, window)) line[k] = colourTriangle(data, first, step, window)
    else line[k] = weightedColour(data, first, step, weights)
  }
}

function isWholeTriangle(weights: Float64Array | undefined, window: number): boolean {
  return weights?.length === 2 * window - 1 && window <= MAX_WHOLE_WINDOW
}

/** Inputs at the same distance from the middle share their weight. */
function lumaTriangle(data: Pixels['data'], first: number, window: number): number {
  const last = first + 2 * window - 2
  let sum = Math.imul(window, data[first + window - 1] ?? 0)
  for (let t = 1; t < window; t++)
    sum = (sum + Math.imul(t, (data[first + t - 1] ?? 0) + (data[last - t + 1] ?? 0))) | 0
  return sum
}

function colourTriangle(data: Pixels['data'], first: number, step: number, window: number): number {
  const middle = first + (window - 1) * step
  let red = Math.imul(window, data[middle] ?? 0)
  let green = Math.imul(window, data[middle + 1] ?? 0)
  let blue = Math.imul(window, data[middle + 2] ?? 0)
  let left = first
  let right = first + (2 * window - 2) * step
  for (let t = 1; t < window; t++, left += step, right -= step) {
    red = (red + Math.imul(t, (data[left] ?? 0) + (data[right] ?? 0))) | 0
    green = (green + Math.imul(t, (data[left + 1] ?? 0) + (data[right + 1] ?? 0))) | 0
    blue = (blue + Math.imul(t, (data[left + 2] ?? 0) + (data[right + 2] ?? 0))) | 0
  }
  return LUMA_WEIGHTS[0] * red + LUMA_WEIGHTS[1] * green + LUMA_WEIGHTS[2] * blue
}

function weightedColour(
  data: Pixels['data'],
  first: number,
  step: number,
  weights: Float64Array | undefined,
): number {
  return LUMA_WEIGHTS.reduce(
    (luma, weight, channel) => luma + weight * weightedSum(data, first + channel, step, weights),
    0,
  )
}

function weightedSum(
  data: Pixels['data'],
  first: number,
  step: number,
  weights: Float64Array = NO_WEIGHTS,
): number {
  let sum = 0
  for (let t = 0; t < weights.length; t++) sum += (weights[t] ?? 0) * (data[first + t * step] ?? 0)
  return sum
}

const NO_WEIGHTS = new Float64Array()

function divide(
  grid: Float64Array,
  rowTotals: Float64Array,
  columnTotals: Float64Array,
  units: number,
): void {
  for (let i = 0; i < GRID; i++) {
    const rowTotal = (rowTotals[i] ?? 1) * units
    for (let j = 0; j < GRID; j++) {
      grid[i * GRID + j] = (grid[i * GRID + j] ?? 0) / (rowTotal * (columnTotals[j] ?? 1))
    }
  }
}

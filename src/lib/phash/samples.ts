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
    // Every cursor has to move on, so no short cut with `some`.
    const isUsed = cursors.map((cursor) => cursor.moveTo(y)).includes(true)
    if (!isUsed) continue
    for (const [c, columnAxis] of columnAxes.entries()) {
      sumLine(pixels, y, columnAxis, line)
      for (const [r, cursor] of cursors.entries()) {
        const grid = grids[r * columnAxes.length + c]
        if (grid) cursor.addLine(line, y, grid)
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

function sumLumaLine({ data, width }: Pixels, y: number, axis: Axis, line: Float64Array): void {
  const { starts, weights: allWeights } = axis
  for (let k = 0; k < GRID; k++) {
    const weights = allWeights[k]
    if (!weights) continue
    const first = y * width + (starts[k] ?? 0)
    let sum = 0
    for (let t = 0; t < weights.length; t++) sum += (weights[t] ?? 0) * (data[first + t] ?? 0)
    line[k] = sum
  }
}

function sumColourLine({ data, width, format }: Pixels, y: number, axis: Axis, line: Float64Array): void {
  const step = channelsOf(format)
  const [redWeight, greenWeight, blueWeight] = LUMA_WEIGHTS
  for (let k = 0; k < GRID; k++) {
    const weights = axis.weights[k]
    if (!weights) continue
    let at = (y * width + (axis.starts[k] ?? 0)) * step
    let red = 0
    let green = 0
    let blue = 0
    for (let t = 0; t < weights.length; t++, at += step) {
      const weight = weights[t] ?? 0
      red += weight * (data[at] ?? 0)
      green += weight * (data[at + 1] ?? 0)
      blue += weight * (data[at + 2] ?? 0)
    }
    line[k] = redWeight * red + greenWeight * green + blueWeight * blue
  }
}

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

import { GRID } from './axis.ts'

/** Frequencies kept along each side: 1..16, without the constant term. */
export const FREQUENCIES = 16

/** What 64 x 64 samples are reduced to before the bits: 16 x 16 coefficients, row by row, and the quality, 0..100. */
export interface Spectrum {
  readonly coefficients: Float64Array
  readonly quality: number
}

const HALF = GRID / 2

/** Row i, column j < 32 of the transform `sqrt(2/64) cos(pi/128 (i+1)(2j+1))`; the other half follows by symmetry. */
export const HALF_COSINES = Float64Array.from({ length: FREQUENCIES * HALF }, (_, index) => {
  const i = Math.floor(index / HALF)
  const j = index % HALF
  return Math.sqrt(2 / GRID) * Math.cos((Math.PI / (2 * GRID)) * (i + 1) * (2 * j + 1))
})

/** Coefficients and quality of 64 x 64 samples given row by row (PDQ steps 4 and 5). */
export function spectrumOf(samples: Float64Array): Spectrum {
  return { coefficients: transform(samples), quality: qualityOf(samples) }
}

/**
 * `D A D^T`. The cosine of frequency i + 1 is symmetric about the middle for odd i and antisymmetric for even i, so each
 * pass works on 32 sums or differences. The order of additions is that of the WASM kernel, which gives the same bits.
 */
export function transform(samples: Float64Array): Float64Array {
  const half = GRID * HALF
  const sums = new Float64Array(half)
  const differences = new Float64Array(half)
  for (let y = 0; y < HALF; y++) {
    for (let x = 0; x < GRID; x++) {
      const upper = samples[y * GRID + x] ?? 0
      const lower = samples[(GRID - 1 - y) * GRID + x] ?? 0
      sums[y * GRID + x] = upper + lower
      differences[y * GRID + x] = upper - lower
    }
  }
  const coefficients = new Float64Array(FREQUENCIES * FREQUENCIES)
  const row = new Float64Array(GRID)
  for (let i = 0; i < FREQUENCIES; i++) {
    row.fill(0)
    addRows(i % 2 === 1 ? sums : differences, i, row)
    transformRow(row, coefficients, i * FREQUENCIES)
  }
  return coefficients
}

function addRows(folded: Float64Array, i: number, row: Float64Array): void {
  for (let y = 0; y < HALF; y++) {
    const cosine = HALF_COSINES[i * HALF + y] ?? 0
    const from = y * GRID
    for (let x = 0; x < GRID; x++) row[x] = (row[x] ?? 0) + cosine * (folded[from + x] ?? 0)
  }
}

function transformRow(row: Float64Array, out: Float64Array, at: number): void {
  for (let x = 0; x < HALF; x++) {
    const left = row[x] ?? 0
    const right = row[GRID - 1 - x] ?? 0
    row[x] = left + right
    row[GRID - 1 - x] = left - right
  }
  for (let j = 0; j < FREQUENCIES; j++) {
    let sum = 0
    const cosines = j * HALF
    if (j % 2 === 1) for (let x = 0; x < HALF; x++) sum += (HALF_COSINES[cosines + x] ?? 0) * (row[x] ?? 0)
    else for (let x = 0; x < HALF; x++) sum += (HALF_COSINES[cosines + x] ?? 0) * (row[GRID - 1 - x] ?? 0)
    out[at + j] = sum
  }
}

/** How much there is to recognise, 0..100: differences between neighbouring samples (PDQ step 4). */
export function qualityOf(samples: Float64Array): number {
  let sum = 0
  for (let at = 0; at < GRID * GRID; at++) {
    const here = samples[at] ?? 0
    if (at + GRID < GRID * GRID) sum += gradient(here, samples[at + GRID] ?? 0)
    if (at % GRID !== GRID - 1) sum += gradient(here, samples[at + 1] ?? 0)
  }
  return qualityFrom(sum)
}

/** Quality by the sum of the differences. */
export function qualityFrom(gradientSum: number): number {
  return Math.min(100, Math.floor(gradientSum / 90))
}

function gradient(a: number, b: number): number {
  return Math.abs(Math.trunc(((a - b) * 100) / 255))
}

import { GRID } from './axis.ts'
import { FREQUENCIES } from './spectrum.ts'

/**
 * The longest side the kernel takes: for wider windows the weights no longer fit 16 bits (see `edgeWeights`) and the sums
 * no longer 31. Longer pictures go to the TypeScript kernel.
 */
export const MAX_WASM_SIDE = 181 * 128

/** Lines of the picture are copied in strips of this size, so that the memory stays small for any picture. */
export const STRIP_BYTES = 1 << 20

/** Reading goes in steps of 16 bytes and may run over the end by one step. */
const SLACK = 64
const MAX_CHANNELS = 4
const MAX_WEIGHTS = 2 * 181

const F64 = Float64Array.BYTES_PER_ELEMENT
const I32 = Int32Array.BYTES_PER_ELEMENT

/** An inner and an edge array of weights for each of the plain and the mirrored axis. */
export const WEIGHT_SLOTS = 4

/** Where everything lies in the memory of the kernel, in bytes. */
export const MEMORY = layOut({
  strip: STRIP_BYTES + SLACK,
  sums: 2 * (MAX_WASM_SIDE * MAX_CHANNELS * I32 + SLACK),
  line: MAX_WASM_SIDE * F64 + SLACK,
  grids: 4 * GRID * GRID * F64,
  scratch: (GRID + 2) * GRID * F64,
  coefficients: FREQUENCIES * FREQUENCIES * F64,
  cosines: (FREQUENCIES * GRID * F64) / 2,
  columnCosines: (FREQUENCIES * GRID * F64) / 2,
  rowWeights: WEIGHT_SLOTS * MAX_WEIGHTS * 2,
  columnWeights: WEIGHT_SLOTS * MAX_WEIGHTS * F64,
  positions: 2 * GRID * 4 * I32,
  totals: 2 * GRID * F64,
})

export const SUMS_STRIDE = MAX_WASM_SIDE * MAX_CHANNELS * I32 + SLACK
export const GRID_BYTES = GRID * GRID * F64
export const ROW_WEIGHTS_STRIDE = MAX_WEIGHTS * 2
export const COLUMN_WEIGHTS_STRIDE = MAX_WEIGHTS * F64
export const POSITIONS_STRIDE = GRID * 4 * I32
export const TOTALS_STRIDE = GRID * F64

function layOut<Name extends string>(sizes: Record<Name, number>): Record<Name | 'end', number> {
  const places: Record<string, number> = {}
  let at = 0
  for (const name in sizes) {
    places[name] = at
    at += Math.ceil(sizes[name] / SLACK) * SLACK
  }
  // Filled name by name from the same table just above.
  return { ...places, end: at } as Record<Name | 'end', number>
}

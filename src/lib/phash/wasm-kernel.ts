import { type Axis, axisOf, GRID } from './axis.ts'
import type { Kernel, MirrorSpectra } from './kernel.ts'
import { channelsOf, type Pixels } from './pixels.ts'
import { LUMA_UNITS } from './samples.ts'
import { FREQUENCIES, HALF_COSINES, qualityFrom, type Spectrum } from './spectrum.ts'
import { type AtLeastOne, bothAxesOf, nameMirrorSpectra, typescriptKernel } from './typescript-kernel.ts'
import {
  COLUMN_WEIGHTS_STRIDE,
  GRID_BYTES,
  MAX_WASM_SIDE,
  MEMORY,
  POSITIONS_STRIDE,
  ROW_WEIGHTS_STRIDE,
  STRIP_BYTES,
  SUMS_STRIDE,
  TOTALS_STRIDE,
} from './wasm-memory.ts'
import type { WasmExports } from './wasm-module.ts'

const HALF = GRID / 2
/** Row weights up to this sum keep the luma of a sum, in thousandths, below 2^31. */
const MAX_WHOLE_LUMA = Math.floor((2 ** 31 - 1) / (255 * LUMA_UNITS))

/** For each position of a row axis: the lines it covers, and where their weights are in memory. */
interface RowSpans {
  readonly from: Int32Array
  readonly to: Int32Array
  readonly weights: Int32Array
}

/**
 * The kernel in WebAssembly SIMD. Its memory is fixed at about 2 MiB; the picture passes through it in strips, and what it
 * held of a picture is wiped before a call returns. Pictures with a side over `MAX_WASM_SIDE` go to the TypeScript kernel.
 */
export class WasmKernel implements Kernel {
  readonly #wasm: WasmExports
  readonly #bytes: Uint8Array

  constructor(wasm: WasmExports) {
    this.#wasm = wasm
    this.#bytes = new Uint8Array(wasm.memory.buffer)
    this.#floatsAt(MEMORY.cosines, HALF_COSINES.length).set(HALF_COSINES)
    this.#floatsAt(MEMORY.columnCosines, HALF_COSINES.length).set(columnCosines())
  }

  spectrum(pixels: Pixels): Spectrum {
    if (isTooLong(pixels)) return typescriptKernel.spectrum(pixels)
    return this.#spectra(pixels, [axisOf(pixels.height)], [axisOf(pixels.width)])[0]
  }

  mirrorSpectra(pixels: Pixels): MirrorSpectra {
    if (isTooLong(pixels)) return typescriptKernel.mirrorSpectra(pixels)
    const columnAxes = bothAxesOf(pixels.width)
    return nameMirrorSpectra(this.#spectra(pixels, bothAxesOf(pixels.height), columnAxes), columnAxes.length)
  }

  /** The whole memory, for tests that look for leftovers of a picture. */
  get memory(): Uint8Array {
    return this.#bytes
  }

  #spectra(pixels: Pixels, rowAxes: AtLeastOne<Axis>, columnAxes: AtLeastOne<Axis>): AtLeastOne<Spectrum> {
    const spans = this.#putRows(rowAxes)
    columnAxes.forEach((axis, slot) => {
      this.#putColumns(axis, slot)
    })
    try {
      for (let k = 0; k < GRID; k++) {
        this.#sumStrip(pixels, spans, k)
        this.#sampleStrip(pixels, rowAxes, columnAxes.length, k)
      }
      const others = Array.from({ length: rowAxes.length * columnAxes.length - 1 }, (_, n) =>
        this.#spectrumOf(n + 1),
      )
      return [this.#spectrumOf(0), ...others]
    } finally {
      this.#wipe(pixels)
    }
  }

  /** Adds up the lines that position `k` of each row axis covers. */
  #sumStrip({ data, width, format }: Pixels, spans: readonly RowSpans[], k: number): void {
    const rowBytes = width * channelsOf(format)
    const linesAtOnce = Math.floor(STRIP_BYTES / rowBytes)
    let start = Number.POSITIVE_INFINITY
    let end = 0
    for (const { from, to } of spans) {
      start = Math.min(start, from[k] ?? 0)
      end = Math.max(end, to[k] ?? 0)
    }
    for (let y = start; y < end; y += linesAtOnce) {
      const next = Math.min(end, y + linesAtOnce)
      this.#bytes.set(data.subarray(y * rowBytes, next * rowBytes), MEMORY.strip)
      for (let slot = 0; slot < spans.length; slot++) {
        const span = spans[slot]
        if (!span) continue
        const spanStart = span.from[k] ?? 0
        const from = Math.max(y, spanStart)
        const count = Math.min(next, span.to[k] ?? 0) - from
        if (count <= 0) continue
        const weights = (span.weights[k] ?? 0) + 2 * (from - spanStart)
        const rows = MEMORY.strip + (from - y) * rowBytes
        const sums = MEMORY.sums + slot * SUMS_STRIDE
        this.#wasm.addRows(rows, count, rowBytes, weights, sums, from === spanStart)
      }
    }
  }

  /** Samples row `k` of every grid from the sums. */
  #sampleStrip(pixels: Pixels, rowAxes: readonly Axis[], columnAxes: number, k: number): void {
    const channels = channelsOf(pixels.format)
    for (const [slot, { totals }] of rowAxes.entries()) {
      const sums = MEMORY.sums + slot * SUMS_STRIDE
      if (channels === 1) this.#wasm.grayLine(sums, pixels.width, MEMORY.line)
      else if ((totals[k] ?? 1) <= MAX_WHOLE_LUMA)
        this.#wasm.smallColourLine(sums, pixels.width, channels, MEMORY.line)
      else this.#wasm.colourLine(sums, pixels.width, channels, MEMORY.line)
      const rowTotal = (totals[k] ?? 1) * (channels === 1 ? 1 : LUMA_UNITS)
      for (let c = 0; c < columnAxes; c++) {
        const out = MEMORY.grids + (slot * columnAxes + c) * GRID_BYTES + (k * GRID_BYTES) / GRID
        const positions = MEMORY.positions + c * POSITIONS_STRIDE
        this.#wasm.sampleLine(positions, MEMORY.totals + c * TOTALS_STRIDE, rowTotal, out)
      }
    }
  }

  #spectrumOf(grid: number): Spectrum {
    const samples = MEMORY.grids + grid * GRID_BYTES
    const { cosines, columnCosines: columns, scratch, coefficients } = MEMORY
    this.#wasm.transform(samples, cosines, columns, scratch, coefficients)
    return {
      coefficients: this.#floatsAt(coefficients, FREQUENCIES * FREQUENCIES).slice(),
      quality: qualityFrom(this.#wasm.gradientSum(samples)),
    }
  }

  #putRows(axes: readonly Axis[]): RowSpans[] {
    return axes.map(({ starts, weights }, axis) => {
      const places = new Map<Float64Array, number>()
      for (const own of distinct(weights)) {
        const place = MEMORY.rowWeights + (2 * axis + places.size) * ROW_WEIGHTS_STRIDE
        places.set(own, place)
        new Uint16Array(this.#bytes.buffer, place, own.length).set(own)
      }
      return {
        from: starts,
        to: starts.map((start, k) => start + (weights[k]?.length ?? 0)),
        weights: Int32Array.from(weights, (own) => places.get(own) ?? 0),
      }
    })
  }

  #putColumns({ starts, weights, totals }: Axis, slot: number): void {
    const places = new Map<Float64Array, number>()
    for (const own of distinct(weights)) {
      const place = MEMORY.columnWeights + (2 * slot + places.size) * COLUMN_WEIGHTS_STRIDE
      places.set(own, place)
      // One weight of zero more, because the kernel takes them in pairs.
      this.#floatsAt(place, own.length + 1)
        .fill(0)
        .set(own)
    }
    const positions = new Uint32Array(
      this.#bytes.buffer,
      MEMORY.positions + slot * POSITIONS_STRIDE,
      GRID * 4,
    )
    for (let k = 0; k < GRID; k++) {
      const own = weights[k] ?? new Float64Array()
      positions[4 * k] = MEMORY.line + 8 * (starts[k] ?? 0)
      positions[4 * k + 1] = places.get(own) ?? 0
      positions[4 * k + 2] = Math.ceil(own.length / 2)
    }
    this.#floatsAt(MEMORY.totals + slot * TOTALS_STRIDE, GRID).set(totals)
  }

  /** Leaves nothing of the picture behind: lines, sums, samples, coefficients. */
  #wipe({ width, height, format }: Pixels): void {
    const rowBytes = width * channelsOf(format)
    const stripEnd = MEMORY.strip + Math.min(STRIP_BYTES, rowBytes * height)
    this.#bytes.fill(0, MEMORY.strip, stripEnd)
    for (let slot = 0; slot < 2; slot++) {
      const sums = MEMORY.sums + slot * SUMS_STRIDE
      this.#bytes.fill(0, sums, sums + 4 * (rowBytes + 16))
    }
    this.#bytes.fill(0, MEMORY.line, MEMORY.line + 8 * (width + 4))
    this.#bytes.fill(0, MEMORY.grids, MEMORY.cosines)
  }

  #floatsAt(place: number, length: number): Float64Array {
    return new Float64Array(this.#bytes.buffer, place, length)
  }
}

function isTooLong({ width, height }: Pixels): boolean {
  return Math.max(width, height) > MAX_WASM_SIDE
}

/** Equal weights are one array, and there are at most two: inner ones and those of the edge. */
function distinct(weights: readonly Float64Array[]): Float64Array[] {
  return [...new Set(weights)]
}

/** The cosines by column: for each of 32 columns the even rows, then the odd ones. */
function columnCosines(): Float64Array {
  return Float64Array.from({ length: HALF_COSINES.length }, (_, index) => {
    const column = Math.floor(index / FREQUENCIES)
    const place = index % FREQUENCIES
    const row = place < FREQUENCIES / 2 ? 2 * place : 2 * place - FREQUENCIES + 1
    return HALF_COSINES[row * HALF + column] ?? 0
  })
}

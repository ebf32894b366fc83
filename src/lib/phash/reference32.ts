import { GRID, windowOf } from './axis.ts'
import { channelsOf, type Pixels } from './pixels.ts'
import { FREQUENCIES, type Spectrum } from './spectrum.ts'

const f32 = Math.fround

/**
 * The reference algorithm unfused: every step rounded to 32-bit floats, in the order of Meta's C++ (running sums in the
 * box averages, products added left to right). It agrees with the reference bit for bit, also where coefficients tie, and
 * serves tests and benchmarks; the kernels that ship are about ten times faster.
 */
export function reference32(pixels: Pixels): Spectrum {
  const { width, height } = pixels
  let plane = lumaPlane(pixels)
  for (let pass = 0; pass < 2; pass++) {
    plane = boxAverage(plane, { lines: height, length: width, lineStep: width, step: 1 })
    plane = boxAverage(plane, { lines: width, length: height, lineStep: 1, step: width })
  }
  const samples = new Float32Array(GRID * GRID)
  for (let i = 0; i < GRID; i++) {
    const row = Math.floor(((2 * i + 1) * height) / (2 * GRID)) * width
    for (let j = 0; j < GRID; j++) {
      samples[i * GRID + j] = plane[row + Math.floor(((2 * j + 1) * width) / (2 * GRID))] ?? 0
    }
  }
  return { coefficients: transform32(samples), quality: quality32(samples) }
}

function lumaPlane({ data, width, height, format }: Pixels): Float32Array {
  const plane = new Float32Array(width * height)
  const step = channelsOf(format)
  if (step === 1) return Float32Array.from(data)
  for (let i = 0, at = 0; i < plane.length; i++, at += step) {
    const red = f32(f32(0.299) * (data[at] ?? 0))
    const green = f32(f32(0.587) * (data[at + 1] ?? 0))
    plane[i] = f32(red + green) + f32(f32(0.114) * (data[at + 2] ?? 0))
  }
  return plane
}

interface Sweep {
  lines: number
  length: number
  lineStep: number
  step: number
}

function boxAverage(plane: Float32Array, { lines, length, lineStep, step }: Sweep): Float32Array {
  const out = new Float32Array(plane.length)
  const window = windowOf(length)
  const right = Math.floor((window + 2) / 2)
  const left = window - right
  for (let line = 0; line < lines; line++) {
    const first = line * lineStep
    let sum = 0
    let count = 0
    for (let entering = 0; entering < right - 1; entering++, count++) {
      sum = f32(sum + (plane[first + entering * step] ?? 0))
    }
    for (let i = 0; i < length; i++) {
      if (i + right <= length) {
        sum = f32(sum + (plane[first + (i + right - 1) * step] ?? 0))
        count++
      }
      if (i > left) {
        sum = f32(sum - (plane[first + (i - left - 1) * step] ?? 0))
        count--
      }
      out[first + i * step] = sum / count
    }
  }
  return out
}

function transform32(samples: Float32Array): Float64Array {
  const scale = f32(Math.sqrt(2 / GRID))
  const cosines = Float32Array.from({ length: FREQUENCIES * GRID }, (_, index) => {
    const i = Math.floor(index / GRID)
    return scale * Math.cos((Math.PI / (2 * GRID)) * (i + 1) * (2 * (index % GRID) + 1))
  })
  const half = new Float32Array(FREQUENCIES * GRID)
  for (let i = 0; i < FREQUENCIES; i++) {
    for (let j = 0; j < GRID; j++) {
      let sum = 0
      for (let k = 0; k < GRID; k++)
        sum = f32(sum + f32((cosines[i * GRID + k] ?? 0) * (samples[k * GRID + j] ?? 0)))
      half[i * GRID + j] = sum
    }
  }
  const coefficients = new Float64Array(FREQUENCIES * FREQUENCIES)
  for (let i = 0; i < FREQUENCIES; i++) {
    for (let j = 0; j < FREQUENCIES; j++) {
      let sum = 0
      for (let k = 0; k < GRID; k++)
        sum = f32(sum + f32((half[i * GRID + k] ?? 0) * (cosines[j * GRID + k] ?? 0)))
      coefficients[i * FREQUENCIES + j] = sum
    }
  }
  return coefficients
}

function quality32(samples: Float32Array): number {
  let sum = 0
  for (let at = 0; at < GRID * GRID; at++) {
    const here = samples[at] ?? 0
    if (at + GRID < GRID * GRID) sum += gradient32(here, samples[at + GRID] ?? 0)
    if (at % GRID !== GRID - 1) sum += gradient32(here, samples[at + 1] ?? 0)
  }
  return Math.min(100, Math.floor(sum / 90))
}

function gradient32(a: number, b: number): number {
  return Math.abs(Math.trunc(f32(f32(f32(a - b) * 100) / 255)))
}

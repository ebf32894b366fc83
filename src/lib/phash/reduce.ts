import { channelsOf, type Pixels } from './pixels.ts'
import { LUMA_UNITS, LUMA_WEIGHTS } from './samples.ts'

/**
 * The picture as `luma8`, reduced by area averaging to at most `maxSide` on its longest side; never enlarged. Whole-number
 * arithmetic, so that every runtime gives the same bytes.
 */
export function reduceLuma(pixels: Pixels, maxSide: number): Pixels {
  const scale = Math.min(1, maxSide / Math.max(pixels.width, pixels.height))
  const width = Math.max(1, Math.round(pixels.width * scale))
  const height = Math.max(1, Math.round(pixels.height * scale))
  const data = new Uint8Array(width * height)
  const line = new Float64Array(pixels.width)
  const area = pixels.width * pixels.height
  for (let y = 0; y < height; y++) {
    line.fill(0)
    for (const part of partsOf(y, pixels.height, height)) addLumaLine(pixels, part.index, part.weight, line)
    for (let x = 0; x < width; x++) {
      let sum = 0
      const first = Math.floor((x * pixels.width) / width)
      const last = Math.ceil(((x + 1) * pixels.width) / width) - 1
      for (let i = first; i <= last; i++) sum += overlap(x, i, pixels.width, width) * (line[i] ?? 0)
      data[y * width + x] = Math.round(sum / (area * LUMA_UNITS))
    }
  }
  return { data, width, height, format: 'luma8' }
}

/** The inputs that output `index` of `outputs` covers, with their shares in units of 1/outputs. */
function partsOf(index: number, inputs: number, outputs: number): { index: number; weight: number }[] {
  const first = Math.floor((index * inputs) / outputs)
  const last = Math.ceil(((index + 1) * inputs) / outputs) - 1
  return Array.from({ length: last - first + 1 }, (_, k) => ({
    index: first + k,
    weight: overlap(index, first + k, inputs, outputs),
  }))
}

function overlap(output: number, input: number, inputs: number, outputs: number): number {
  return Math.min((output + 1) * inputs, (input + 1) * outputs) - Math.max(output * inputs, input * outputs)
}

function addLumaLine({ data, width, format }: Pixels, y: number, weight: number, line: Float64Array): void {
  const step = channelsOf(format)
  let at = y * width * step
  if (step === 1) {
    const share = weight * LUMA_UNITS
    for (let x = 0; x < width; x++) line[x] = (line[x] ?? 0) + share * (data[at++] ?? 0)
    return
  }
  const [red, green, blue] = LUMA_WEIGHTS
  for (let x = 0; x < width; x++, at += step) {
    const luma = red * (data[at] ?? 0) + green * (data[at + 1] ?? 0) + blue * (data[at + 2] ?? 0)
    line[x] = (line[x] ?? 0) + weight * luma
  }
}

import { channelsOf, type Pixels } from '../pixels.ts'
import { LUMA_UNITS, LUMA_WEIGHTS } from '../samples.ts'
import { pause, type StopSignal } from './pace.ts'

/** Brightness 0..255 of every pixel, row by row. */
export interface LumaPlane {
  readonly data: Float32Array
  readonly width: number
  readonly height: number
}

/** Windows are looked for on a picture of at most this longest side: nothing is gained above. */
const MAX_SIDE = 1600
/** Long strips, such as scrolled screenshots, keep this much of their shorter side as far as `MAX_AREA` allows. */
const STRIP_SIDE = 640
const MAX_AREA = MAX_SIDE ** 2

const PIXELS_PER_TURN = 4_000_000

/** The sides a picture is reduced to before windows are looked for; its own when it is small enough. */
export function reducedSides(width: number, height: number): { width: number; height: number } {
  const longest = Math.max(width, height)
  const shorter = Math.min(width, height)
  const forStrip = Math.min(STRIP_SIDE / shorter, Math.sqrt(MAX_AREA / (width * height)))
  const scale = Math.min(1, Math.max(MAX_SIDE / longest, forStrip))
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}

/**
 * The luma of the picture over white, at `reducedSides`, by area averaging. Lets other tasks run every few million pixels
 * and throws `ABORTED` when stopped.
 */
export async function lumaPlaneOf(pixels: Pixels, signal: StopSignal | undefined): Promise<LumaPlane> {
  const { width, height } = reducedSides(pixels.width, pixels.height)
  const data = new Float32Array(width * height)
  const plane = { data, width, height }
  const sums = new Float64Array(pixels.width)
  const line = new Float64Array(pixels.width)
  const rowsPerTurn = Math.max(1, Math.floor((PIXELS_PER_TURN / pixels.width) * (height / pixels.height)))
  for (let y = 0; y < height; y++) {
    if (y > 0 && y % rowsPerTurn === 0) await pause(signal)
    if (height === pixels.height) readLine(pixels, y, sums)
    else sumLines(pixels, y, height, line, sums)
    writeLine(plane, y, sums)
  }
  return plane
}

/** The mean of the lines that line `y` of `outputs` covers. */
function sumLines(pixels: Pixels, y: number, outputs: number, line: Float64Array, sums: Float64Array): void {
  sums.fill(0)
  const inputs = pixels.height
  const from = y * inputs
  const to = from + inputs
  for (let row = Math.floor(from / outputs); row * outputs < to; row++) {
    const share = (Math.min(to, (row + 1) * outputs) - Math.max(from, row * outputs)) / inputs
    readLine(pixels, row, line)
    for (let x = 0; x < sums.length; x++) sums[x] = (sums[x] ?? 0) + share * (line[x] ?? 0)
  }
}

/** Line `y` of the plane from a line as long as the picture is wide. */
function writeLine({ data, width }: LumaPlane, y: number, line: Float64Array): void {
  const inputs = line.length
  const at = y * width
  if (inputs === width) {
    data.set(line, at)
    return
  }
  for (let x = 0; x < width; x++) {
    const from = x * inputs
    const to = from + inputs
    let sum = 0
    for (let i = Math.floor(from / width); i * width < to; i++) {
      sum += (Math.min(to, (i + 1) * width) - Math.max(from, i * width)) * (line[i] ?? 0)
    }
    data[at + x] = sum / inputs
  }
}

function readLine({ data, width, format }: Pixels, y: number, line: Float64Array): void {
  const step = channelsOf(format)
  let at = y * width * step
  if (step === 1) {
    for (let x = 0; x < width; x++) line[x] = data[at++] ?? 0
    return
  }
  const [red, green, blue] = LUMA_WEIGHTS
  for (let x = 0; x < width; x++, at += step) {
    const sum = red * (data[at] ?? 0) + green * (data[at + 1] ?? 0) + blue * (data[at + 2] ?? 0)
    const luma = sum / LUMA_UNITS
    const alpha = step === 4 ? (data[at + 3] ?? 0) : 255
    line[x] = alpha === 255 ? luma : 255 + ((luma - 255) * alpha) / 255
  }
}

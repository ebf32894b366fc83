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
  const line = new Float64Array(pixels.width)
  const columns = sharesOf(pixels.width, width)
  const rows = sharesOf(pixels.height, height)
  const rowsPerTurn = Math.max(1, Math.floor((PIXELS_PER_TURN / pixels.width) * (height / pixels.height)))
  for (let y = 0; y < height; y++) {
    if (y > 0 && y % rowsPerTurn === 0) await pause(signal)
    line.fill(0)
    const first = rows.firsts[y] ?? 0
    for (let k = 0; k < rows.count; k++) {
      const share = rows.shares[y * rows.count + k] ?? 0
      if (share > 0) addLine(pixels, first + k, share, line)
    }
    const out = data.subarray(y * width, (y + 1) * width)
    if (width === pixels.width) out.set(line)
    else averageLine(line, columns, out)
  }
  return { data, width, height }
}

/** Which inputs each output covers: `count` from its first one on, with shares that add up to 1. */
interface Shares {
  readonly firsts: Int32Array
  readonly count: number
  readonly shares: Float64Array
}

function sharesOf(inputs: number, outputs: number): Shares {
  const count = inputs === outputs ? 1 : Math.ceil(inputs / outputs) + 1
  const firsts = new Int32Array(outputs)
  const shares = new Float64Array(outputs * count)
  for (let i = 0; i < outputs; i++) {
    const from = i * inputs
    const to = from + inputs
    const first = Math.floor(from / outputs)
    firsts[i] = first
    for (let k = 0; (first + k) * outputs < to; k++) {
      const covered = Math.min(to, (first + k + 1) * outputs) - Math.max(from, (first + k) * outputs)
      shares[i * count + k] = covered / inputs
    }
  }
  return { firsts, count, shares }
}

function averageLine(line: Float64Array, { firsts, count, shares }: Shares, out: Float32Array): void {
  for (let x = 0, at = 0; x < out.length; x++) {
    const first = firsts[x] ?? 0
    let sum = 0
    // The last place may lie past the line; its share is 0 then.
    for (let k = 0; k < count; k++) sum += (shares[at++] ?? 0) * (line[first + k] ?? 0)
    out[x] = sum
  }
}

/** Adds a share of the luma of line `y`. */
function addLine({ data, width, format }: Pixels, y: number, share: number, line: Float64Array): void {
  const step = channelsOf(format)
  let at = y * width * step
  if (step === 1) {
    for (let x = 0; x < width; x++) line[x] = (line[x] ?? 0) + share * (data[at++] ?? 0)
    return
  }
  const unit = share / LUMA_UNITS
  const red = LUMA_WEIGHTS[0] * unit
  const green = LUMA_WEIGHTS[1] * unit
  const blue = LUMA_WEIGHTS[2] * unit
  if (step === 3) {
    for (let x = 0; x < width; x++, at += 3) {
      const luma = red * (data[at] ?? 0) + green * (data[at + 1] ?? 0) + blue * (data[at + 2] ?? 0)
      line[x] = (line[x] ?? 0) + luma
    }
    return
  }
  const white = 255 * share
  for (let x = 0; x < width; x++, at += 4) {
    const luma = red * (data[at] ?? 0) + green * (data[at + 1] ?? 0) + blue * (data[at + 2] ?? 0)
    const alpha = data[at + 3] ?? 0
    line[x] = (line[x] ?? 0) + (alpha === 255 ? luma : white + ((luma - white) * alpha) / 255)
  }
}

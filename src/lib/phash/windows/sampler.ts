import { GRID } from '../axis.ts'
import type { LumaPlane } from './luma.ts'
import { levelFor } from './pyramid.ts'

/** A rectangle turned by `angle` radians about its centre; lengths in pixels, the centres of pixels at halves. */
export interface Window {
  readonly cx: number
  readonly cy: number
  readonly width: number
  readonly height: number
  readonly angle: number
}

/** Places read along each side of a window; 2 x 2 of them make one sample. */
export const PLACES = 128
/** What a coordinate stays below the last pixel, so that its right and lower neighbours exist. */
const INSIDE = 1.001

/** 64 x 64 samples of a window, row by row: means of 2 x 2 of 128 x 128 bilinear readings at the fitting level. */
export function sampleWindow(levels: readonly LumaPlane[], window: Window): Float64Array {
  const level = levelFor(Math.min(window.width, window.height), PLACES, levels.length - 1)
  const plane = levels[level] ?? { data: new Float32Array(1), width: 1, height: 1 }
  const scale = 2 ** level
  const columnStep = window.width / scale / PLACES
  const rowStep = window.height / scale / PLACES
  const [cos, sin] = [Math.cos(window.angle), Math.sin(window.angle)]
  const x0 = window.cx / scale - 0.5
  const y0 = window.cy / scale - 0.5
  const samples = new Float64Array(GRID * GRID)
  const middle = (PLACES - 1) / 2
  for (let j = 0; j < PLACES; j++) {
    const down = (j - middle) * rowStep
    const row = (j >> 1) * GRID
    for (let i = 0; i < PLACES; i++) {
      const across = (i - middle) * columnStep
      const value = readAt(plane, x0 + across * cos - down * sin, y0 + across * sin + down * cos)
      samples[row + (i >> 1)] = (samples[row + (i >> 1)] ?? 0) + 0.25 * value
    }
  }
  return samples
}

function readAt({ data, width, height }: LumaPlane, x: number, y: number): number {
  const inX = Math.max(0, Math.min(width - INSIDE, x))
  const inY = Math.max(0, Math.min(height - INSIDE, y))
  const left = Math.floor(inX)
  const top = Math.floor(inY)
  const shareX = inX - left
  const shareY = inY - top
  const at = top * width + left
  const upper = (data[at] ?? 0) * (1 - shareX) + (data[at + 1] ?? 0) * shareX
  const lower = (data[at + width] ?? 0) * (1 - shareX) + (data[at + width + 1] ?? 0) * shareX
  return upper * (1 - shareY) + lower * shareY
}

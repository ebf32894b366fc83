import { assertPixels, type Pixels } from '../pixels.ts'
import { trimBorder } from '../trim-border.ts'
import { groundOf } from './ground.ts'
import { lumaPlaneOf, reducedSides } from './luma.ts'
import { assertRunning, pause, type StopSignal } from './pace.ts'
import { pictureScale } from './picture-scale.ts'
import { rungWindows } from './rung-windows.ts'
import { type Look, MIN_QUERY_SIDE, queryRungs } from './sides.ts'
import type { WindowKernel } from './window-kernel.ts'
import { bestWindowKernel } from './window-kernels.ts'

/** One window to look up. Lengths in pixels of the frame, the centres of pixels at halves. */
export interface QueryWindow {
  /** 8 x 32 bytes: the window turned and mirrored in the ways of `ORIENTATIONS`, in that order. */
  readonly hashes: Uint8Array
  /** 20..100. */
  readonly quality: number
  readonly cx: number
  readonly cy: number
  readonly side: number
}

export interface QueryOptions {
  /** `second` is the thorough look, for when the first one left a doubt: about eight times the windows, tilted ones too. */
  readonly look: Look
  readonly signal?: StopSignal
}

const SIDES_PER_TURN = { first: 4, second: 1 } as const

/**
 * The windows to look up of a picture that may hold a copy of a registered one, the largest first. Uniform borders are
 * left out. The pixels are neither changed nor kept; pictures of any size are reduced first, places are in their own
 * pixels. Throws `FingerprintError` as `fingerprint` does, and `ABORTED` when stopped.
 */
export function queryWindows(pixels: Pixels, options: QueryOptions): Promise<QueryWindow[]> {
  return queryWindowsWith(bestWindowKernel(), pixels, options)
}

/** `queryWindows` by a kernel of one's choice, for tests and benchmarks. */
export async function queryWindowsWith(
  kernel: WindowKernel,
  pixels: Pixels,
  { look, signal }: QueryOptions,
): Promise<QueryWindow[]> {
  assertPixels(pixels)
  assertRunning(signal)
  const reduced = reducedSides(pixels.width, pixels.height)
  if (Math.min(reduced.width, reduced.height) < MIN_QUERY_SIDE) return []
  const plane = await lumaPlaneOf(pixels, signal)
  const scale = pictureScale(pixels, plane)
  const area = scale.toPlane(trimBorder(pixels, 'over-white'))
  const ground = groundOf(plane)
  const windows: QueryWindow[] = []
  const picture = kernel.open(plane)
  try {
    for (const [index, rung] of queryRungs(Math.min(area.width, area.height), look).entries()) {
      if (index % SIDES_PER_TURN[look] === 0) await pause(signal)
      for (const { place, print } of rungWindows(picture, rung, area, ground)) {
        windows.push({ ...print, ...scale.toFrame(place) })
      }
    }
  } finally {
    picture.close()
  }
  return windows
}

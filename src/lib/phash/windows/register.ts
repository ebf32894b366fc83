import { HASH_BYTES } from '../hash.ts'
import { assertPixels, type Pixels, type Rect } from '../pixels.ts'
import { WindowError } from './errors.ts'
import { groundOf } from './ground.ts'
import { lumaPlaneOf, reducedSides } from './luma.ts'
import { assertRunning, pause, type StopSignal } from './pace.ts'
import { pictureScale } from './picture-scale.ts'
import type { WindowRow } from './row.ts'
import { rungWindows } from './rung-windows.ts'
import { MIN_WINDOW_SIDE, registerRungs } from './sides.ts'
import { isSelfAlike } from './symmetry.ts'
import { isPattern, withoutRepeats } from './texture.ts'
import type { WindowKernel, WindowPrint } from './window-kernel.ts'
import { bestWindowKernel } from './window-kernels.ts'

/** Height by width: screens of phones have 1.78 and more, photographs 1.5 and less mostly. */
const SCREEN_ASPECT = 1.6

export interface RegisterOptions {
  /** `full`: upright windows. `tilt`: and those of the middle size turned by 2.6 degrees either way. */
  readonly set: 'full' | 'tilt'
  /** What is picture in a screenshot, confirmed by a person: only windows inside it are registered. */
  readonly region?: Rect
  readonly signal?: StopSignal
  /** Told the share that is done, 0..1, rising. */
  readonly onProgress?: (share: number) => void
}

/**
 * The rows to register of a picture: prints of square windows at places that its content chooses. Few or none for pictures
 * with little in them (see `coverageClass`). Windows that are found again elsewhere in the picture or in another size, or
 * that look the same turned or mirrored, are left out, and with them all others when they are three fifths: strangers have
 * such too. In a frame as tall as a phone's, without `region`, those that show mostly interface are left out: the same
 * keyboard is on other people's screenshots. The pixels are neither changed nor kept; pictures of any size are reduced first,
 * places are in their own pixels. Throws `FingerprintError` as `fingerprint` does, `BAD_REGION`, and `ABORTED` when stopped.
 */
export function registerWindows(pixels: Pixels, options: RegisterOptions): Promise<WindowRow[]> {
  return registerWindowsWith(bestWindowKernel(), pixels, options)
}

/** `registerWindows` by a kernel of one's choice, for tests and benchmarks. */
export async function registerWindowsWith(
  kernel: WindowKernel,
  pixels: Pixels,
  options: RegisterOptions,
): Promise<WindowRow[]> {
  const { set, signal, onProgress } = options
  assertPixels(pixels)
  assertRunning(signal)
  const frame = { width: pixels.width, height: pixels.height }
  const region = regionIn(frame, options.region)
  const reduced = reducedSides(frame.width, frame.height)
  if (Math.min(reduced.width, reduced.height) < MIN_WINDOW_SIDE) return []
  const plane = await lumaPlaneOf(pixels, signal)
  const scale = pictureScale(frame, plane)
  const area = scale.toPlane(region)
  const found: OrientedRow[] = []
  let windowCount = 0
  const scope = { frame, shorterSide: Math.min(region.width, region.height) }
  const rungs = registerRungs(Math.min(area.width, area.height), set === 'tilt')
  const ground = !options.region && isLikeAScreen(frame) ? groundOf(plane) : null
  const picture = kernel.open(plane)
  try {
    for (const [done, rung] of rungs.entries()) {
      onProgress?.((done + 1) / (rungs.length + 2))
      await pause(signal)
      for (const { place, angle, print } of rungWindows(picture, rung, area, null)) {
        if (ground?.fills(place)) continue
        windowCount++
        if (!isSelfAlike(print.hashes)) found.push({ ...print, angle, ...scale.toFrame(place), ...scope })
      }
    }
  } finally {
    picture.close()
  }
  const own = withoutRepeats(found)
  const rows = isPattern(windowCount, own.length)
    ? []
    : own.map(({ hashes, ...row }) => ({ ...row, hash: hashes.slice(0, HASH_BYTES) }))
  onProgress?.(1)
  return rows
}

/** As tall as the screens of phones are. Photographs taken upright on a phone can be too, but have no ground. */
function isLikeAScreen({ width, height }: { width: number; height: number }): boolean {
  return height >= SCREEN_ASPECT * width
}

/** A row with its prints in all orientations instead of one. */
type OrientedRow = Omit<WindowRow, 'hash'> & WindowPrint

function regionIn(frame: { width: number; height: number }, region: Rect | undefined): Rect {
  if (!region) return { x: 0, y: 0, ...frame }
  const { x, y, width, height } = region
  const isWhole = [x, y, width, height].every((value) => Number.isSafeInteger(value))
  const isInside = x >= 0 && y >= 0 && x + width <= frame.width && y + height <= frame.height
  if (!isWhole || width < 1 || height < 1 || !isInside) {
    throw new WindowError('BAD_REGION', 'The part to register does not lie inside the picture.')
  }
  return region
}

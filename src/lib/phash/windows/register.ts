import { HASH_BYTES } from '../hash.ts'
import { assertPixels, type Pixels, type Rect } from '../pixels.ts'
import { WindowError } from './errors.ts'
import { lumaPlaneOf, reducedSides } from './luma.ts'
import { assertRunning, pause, type StopSignal } from './pace.ts'
import { pictureScale } from './picture-scale.ts'
import type { WindowRow } from './row.ts'
import { MIN_WINDOW_QUALITY, MIN_WINDOW_SIDE, REGISTER_CAPS, type Rung, registerRungs } from './sides.ts'
import { isSelfAlike } from './symmetry.ts'
import { withoutRepeats } from './texture.ts'
import type { OpenPicture, WindowKernel, WindowPrint } from './window-kernel.ts'
import { bestWindowKernel } from './window-kernels.ts'

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
 * with little in them (see `coverageClass`). Windows that repeat within the picture or
 * look the same turned or mirrored are left out: strangers have such too. The pixels are neither
 * changed nor kept; pictures of any size are reduced first, places are in their own pixels. Throws `FingerprintError` as
 * `fingerprint` does, `BAD_REGION`, and `ABORTED` when stopped.
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
  const scope = { frame, shorterSide: Math.min(region.width, region.height) }
  const rungs = registerRungs(Math.min(area.width, area.height), set === 'tilt')
  const picture = kernel.open(plane)
  try {
    for (const [done, rung] of rungs.entries()) {
      onProgress?.((done + 1) / (rungs.length + 2))
      await pause(signal)
      for (const { place, ...print } of windowsOf(picture, rung, area)) {
        found.push({ ...print, ...scale.toFrame(place), ...scope })
      }
    }
  } finally {
    picture.close()
  }
  const rows = withoutRepeats(found).map(({ hashes, ...row }) => ({
    ...row,
    hash: hashes.slice(0, HASH_BYTES),
  }))
  onProgress?.(1)
  return rows
}

/** A row with its prints in all orientations instead of one. */
type OrientedRow = Omit<WindowRow, 'hash'> & WindowPrint

interface PlacedPrint extends WindowPrint {
  readonly angle: number
  readonly place: { readonly cx: number; readonly cy: number; readonly side: number }
}

function* windowsOf(
  picture: OpenPicture,
  rung: Rung,
  area: { x: number; y: number; width: number; height: number },
): Generator<PlacedPrint> {
  for (const side of rung.sides) {
    if (side < MIN_WINDOW_SIDE) continue
    for (const { cx, cy } of picture.anchors(side, area, REGISTER_CAPS)) {
      for (const angle of rung.angles) {
        const print = picture.print({ cx, cy, width: side, height: side, angle })
        if (print === null || print.quality < MIN_WINDOW_QUALITY || isSelfAlike(print.hashes)) continue
        yield { ...print, angle, place: { cx, cy, side } }
      }
    }
  }
}

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

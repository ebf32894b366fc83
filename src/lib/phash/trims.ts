import { assertPixels, type Pixels, type Rect } from './pixels.ts'
import { trimBorder } from './trim-border.ts'

const MIN_SIDE = 64
const MIN_AREA_SHARE = 0.15

/**
 * What is left of a picture without uniform borders of any colour: rectangles in pixels of the picture, the most likely
 * first; empty when there is no border or too little would be left (under 64 pixels or 15 % of the area). Alpha is ignored,
 * as `fingerprint` does. Throws `FingerprintError` as `fingerprint` does.
 */
export function trims(pixels: Pixels): Rect[] {
  assertPixels(pixels)
  if (pixels.width < MIN_SIDE || pixels.height < MIN_SIDE) return []
  const rest = trimBorder(pixels, 'ignored')
  const area = rest.width * rest.height
  const whole = pixels.width * pixels.height
  const isTooSmall = Math.min(rest.width, rest.height) < MIN_SIDE || area < MIN_AREA_SHARE * whole
  return isTooSmall || area === whole ? [] : [rest]
}

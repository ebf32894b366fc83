import { SceneError } from './errors.ts'

/** A picture as rows of red, green, blue bytes, top row first, no padding: `data.length === 3 * width * height`. */
export interface Rgb8 {
  readonly data: Uint8Array
  readonly width: number
  readonly height: number
  readonly format: 'rgb8'
}

const MAX_SIDE = 16_384
const MAX_PIXELS = 64_000_000

/** Throws `SIZE_RANGE` unless both sides are whole numbers of 1..16384 and the area is at most 64 megapixels. */
export function checkSize(width: number, height: number): void {
  const isSide = (side: number) => Number.isInteger(side) && side >= 1 && side <= MAX_SIDE
  if (!isSide(width) || !isSide(height) || width * height > MAX_PIXELS) {
    throw new SceneError('SIZE_RANGE', `A picture of ${width} x ${height} pixels cannot be drawn.`)
  }
}

/** A black picture. Errors: `SIZE_RANGE`. */
export function blankPixels(width: number, height: number): Rgb8 {
  checkSize(width, height)
  return { data: new Uint8Array(3 * width * height), width, height, format: 'rgb8' }
}

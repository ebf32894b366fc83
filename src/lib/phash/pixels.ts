import { FingerprintError } from './errors.ts'

/** A decoded picture: rows top to bottom, channels interleaved, no padding, 8 bits a channel, sRGB as displayed. */
export interface Pixels {
  readonly data: Uint8Array | Uint8ClampedArray
  readonly width: number
  readonly height: number
  readonly format: PixelFormat
}

export type PixelFormat = 'luma8' | 'rgb8' | 'rgba8'

/** A part of a picture, in whole pixels from the top left corner. */
export interface Rect {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Larger pictures are refused before anything is computed. */
export const MAX_PIXELS = 120_000_000

const CHANNELS: Readonly<Record<PixelFormat, number>> = { luma8: 1, rgb8: 3, rgba8: 4 }

/** Bytes per pixel of a format. */
export function channelsOf(format: PixelFormat): number {
  return CHANNELS[format]
}

/** Throws `FingerprintError` unless sides, size and data length agree. Every public function calls it first. */
export function assertPixels({ data, width, height, format }: Pixels): void {
  if (!Number.isSafeInteger(width) || !Number.isSafeInteger(height) || width < 1 || height < 1) {
    throw new FingerprintError(
      'BAD_DIMENSIONS',
      'The sides of a picture must be whole numbers of at least 1.',
    )
  }
  if (width * height > MAX_PIXELS) {
    throw new FingerprintError('TOO_LARGE', `The picture has more than ${MAX_PIXELS / 1e6} million pixels.`)
  }
  if (data.length !== width * height * channelsOf(format)) {
    throw new FingerprintError('BAD_LENGTH', 'The picture data does not have the length its sides call for.')
  }
}

/**
 * A copy of a part of the picture, in the same format. Throws `BAD_DIMENSIONS` when the rectangle is not whole, is empty
 * or reaches outside.
 */
export function crop(pixels: Pixels, rect: Rect): Pixels {
  assertPixels(pixels)
  const { x, y, width, height } = rect
  const isWhole = [x, y, width, height].every((value) => Number.isSafeInteger(value))
  const isInside = x >= 0 && y >= 0 && x + width <= pixels.width && y + height <= pixels.height
  if (!isWhole || width < 1 || height < 1 || !isInside) {
    throw new FingerprintError('BAD_DIMENSIONS', 'The rectangle does not lie inside the picture.')
  }
  const channels = channelsOf(pixels.format)
  const data = new Uint8Array(width * height * channels)
  for (let row = 0; row < height; row++) {
    const from = ((y + row) * pixels.width + x) * channels
    data.set(pixels.data.subarray(from, from + width * channels), row * width * channels)
  }
  return { data, width, height, format: pixels.format }
}

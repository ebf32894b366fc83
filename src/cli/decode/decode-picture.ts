import sharp, { type Sharp } from 'sharp'
import { pictureTypeOf } from '#lib/chat/index.ts'
import type { Pixels } from '#lib/phash/index.ts'
import { DecodeError } from './errors.ts'

/** `exact`: every pixel. `fast`: JPEG and WebP are reduced while they are read; other kinds are read exactly. */
export type DecodeMode = 'exact' | 'fast'

export interface DecodedPicture {
  /** MIME type, by content. */
  type: string
  /** Size of the picture as a person sees it, EXIF orientation applied, before any reduction. */
  width: number
  height: number
  pixels: Pixels
}

const MAX_PIXELS = 100_000_000
/** Beyond this the fingerprint drifts by more than a few bits from the exact one (`npm run bench -- fingerprint`). */
const FAST_MIN_SIDE_PX = 512
const TIMEOUT_SECONDS = 60

sharp.cache(false)
sharp.concurrency(1)

/**
 * Decodes one picture to 8-bit sRGB pixels, EXIF orientation applied; the first frame of an animation. The kind is decided
 * by content. Throws `DecodeError`: not a picture, unsupported, damaged or truncated, over 100 megapixels, or too slow.
 */
export async function decodePicture(bytes: Uint8Array, mode: DecodeMode): Promise<DecodedPicture> {
  const type = pictureTypeOf(bytes)
  if (type === null)
    throw new DecodeError('NOT_A_PICTURE', 'This file is not a JPEG, PNG, WebP, GIF, AVIF or TIFF picture.')
  if (type === 'image/heic' || type === 'image/heif') {
    throw new DecodeError(
      'UNSUPPORTED_PICTURE',
      'HEIC pictures cannot be read here. Save it as JPEG or PNG and try again.',
    )
  }
  try {
    const { width, height } = await readSize(bytes)
    const reduced = mode === 'fast' ? reducedSize(type, width, height) : null
    const image = open(bytes).autoOrient()
    if (reduced) image.resize({ ...reduced, fit: 'fill' })
    return { type, width, height, pixels: await toPixels(image) }
  } catch (error) {
    throw asDecodeError(error)
  }
}

function open(bytes: Uint8Array): Sharp {
  return sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'error', sequentialRead: true })
}

async function readSize(bytes: Uint8Array): Promise<{ width: number; height: number }> {
  const { width, height, autoOrient } = await open(bytes).metadata()
  if (width * height > MAX_PIXELS) {
    throw new DecodeError(
      'PICTURE_TOO_LARGE',
      `This picture says it has ${width} x ${height} pixels; up to 100 million are read.`,
    )
  }
  return { width: autoOrient.width, height: autoOrient.height }
}

/**
 * The size a decoder can reduce to by itself. Rounded down, because the next finer step is taken when the wanted size is a
 * fraction larger than what a step of 2, 4 or 8 gives.
 */
function reducedSize(type: string, width: number, height: number): { width: number; height: number } | null {
  if (type !== 'image/jpeg' && type !== 'image/webp') return null
  const factor = [8, 4, 2].find((f) => Math.min(width, height) / f >= FAST_MIN_SIDE_PX)
  return factor ? { width: Math.floor(width / factor), height: Math.floor(height / factor) } : null
}

async function toPixels(image: Sharp): Promise<Pixels> {
  const { data, info } = await image
    .timeout({ seconds: TIMEOUT_SECONDS })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
  const { width, height, channels } = info
  switch (channels) {
    case 1:
      return { data, width, height, format: 'luma8' }
    case 3:
      return { data, width, height, format: 'rgb8' }
    case 4:
      return { data, width, height, format: 'rgba8' }
    case 2:
      return { data: grayAlphaToRgba(data), width, height, format: 'rgba8' }
    default:
      throw new DecodeError(
        'UNSUPPORTED_PICTURE',
        `Pictures with ${String(channels)} channels cannot be read here.`,
      )
  }
}

function grayAlphaToRgba(data: Uint8Array): Uint8Array {
  const rgba = new Uint8Array(data.length * 2)
  for (let i = 0; i < data.length; i += 2) {
    rgba.fill(data[i] ?? 0, 2 * i, 2 * i + 3)
    rgba[2 * i + 3] = data[i + 1] ?? 255
  }
  return rgba
}

function asDecodeError(error: unknown): DecodeError {
  if (error instanceof DecodeError) return error
  const text = error instanceof Error ? error.message : ''
  if (/exceeds pixel limit/i.test(text)) {
    return new DecodeError('PICTURE_TOO_LARGE', 'This picture says it has more than 100 million pixels.', {
      cause: error,
    })
  }
  if (/timeout/i.test(text)) {
    return new DecodeError('DECODE_TIMEOUT', `This picture took longer than ${TIMEOUT_SECONDS} s to read.`, {
      cause: error,
    })
  }
  if (/unsupported|no decoder|not compiled|codec/i.test(text)) {
    return new DecodeError('UNSUPPORTED_PICTURE', 'This kind of picture cannot be read here.', {
      cause: error,
    })
  }
  return new DecodeError(
    'PICTURE_DAMAGED',
    'This picture is damaged or cut off, so its look cannot be compared.',
    { cause: error },
  )
}

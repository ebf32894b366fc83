import sharp, { type Sharp } from 'sharp'
import { pictureTypeOf } from '#lib/chat/index.ts'
import type { Pixels } from '#lib/phash/index.ts'
import { DecodeError } from './errors.ts'
import { repeatPixels } from './repeat-pixels.ts'

/** `exact`: every pixel. `fast`: JPEG and WebP are reduced while they are read; other kinds are read exactly. */
export type DecodeMode = 'exact' | 'fast'

export interface DecodeOptions {
  mode: DecodeMode
  /** Frame of an animation or page of a document, from 0. */
  page?: number
  /** Takes what can be read of a damaged picture; what is missing is filled by the decoder. */
  isLenient?: boolean
  /** Longest time decoding may take, seconds; 60 when left out. */
  timeoutSeconds?: number
  /** Awaited before a picture is unpacked that needs much memory (over 24 megapixels). */
  awaitRoom?: () => Promise<void>
}

export interface DecodedPicture {
  /** MIME type, by content. */
  type: string
  /** Size of the picture as a person sees it, EXIF orientation applied, before any reduction. */
  width: number
  height: number
  pixels: Pixels
}

const MAX_PIXELS = 100_000_000
const LARGE_PIXELS = 24_000_000
/** Reducing by less than this saves little or nothing over reading every pixel (`npm run bench -- scan`). */
const FAST_FACTOR = 8
const FAST_MIN_SIDE_PX = 200
/**
 * Reduced pictures are hashed with their pixels repeated up to this size, because PDQ samples at whole pixels: on a coarse
 * grid the places it looks at are off by half a pixel, which is up to 20 bits (test/decode.test.ts holds the distances).
 */
const FAST_HASHED_SIDE_PX = 720
const TIMEOUT_SECONDS = 60

sharp.cache(false)
sharp.concurrency(1)

/**
 * Decodes one picture to 8-bit sRGB pixels, EXIF orientation applied; of an animation the first frame or the one asked for.
 * The kind is decided by content. Throws `DecodeError`: not a picture, unsupported, damaged or truncated (unless lenient),
 * over 100 megapixels, or too slow.
 */
export async function decodePicture(bytes: Uint8Array, options: DecodeOptions): Promise<DecodedPicture> {
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
    const { width, height, isProgressive } = await readSize(bytes, options)
    const reduced = options.mode === 'fast' ? reducedSize(type, width, height) : null
    // A progressive JPEG is unpacked in full before it is reduced.
    const unpacked = reduced && !isProgressive ? reduced : { width, height }
    if (unpacked.width * unpacked.height > LARGE_PIXELS) await options.awaitRoom?.()
    const pixels = await readPixels(bytes, type, reduced, options)
    return { type, width, height, pixels: reduced ? refined(pixels) : pixels }
  } catch (error) {
    throw asDecodeError(error, options)
  }
}

/** How many frames or pages a picture says it has; 1 when it does not say. Never throws. */
export async function countPages(bytes: Uint8Array): Promise<number> {
  const type = pictureTypeOf(bytes)
  if (type === null || type === 'image/jpeg' || type === 'image/png') return 1
  try {
    return (await open(bytes, 'none').metadata()).pages ?? 1
  } catch {
    return 1
  }
}

type FailOn = 'none' | 'error' | 'warning'

interface Size {
  width: number
  height: number
}

function open(bytes: Uint8Array, failOn: FailOn, page = 0): Sharp {
  return sharp(bytes, {
    limitInputPixels: MAX_PIXELS,
    failOn,
    sequentialRead: true,
    ...(page > 0 && { page }),
  })
}

/**
 * A JPEG whose data breaks off before its end marker only causes a warning, and its gray rest would pass for a look that
 * unrelated broken pictures share. Other warnings (stray bytes, odd headers of phones) leave the picture whole.
 */
const JPEG_DATA_LOST = /premature end|bad huffman|bad arithmetic|instead of RST/i

async function readPixels(
  bytes: Uint8Array,
  type: string,
  reduced: Size | null,
  { page, isLenient, timeoutSeconds = TIMEOUT_SECONDS }: DecodeOptions,
): Promise<Pixels> {
  const read = (failOn: FailOn): Promise<Pixels> => {
    const image = open(bytes, failOn, page).autoOrient()
    return toPixels(reduced ? image.resize({ ...reduced, fit: 'fill' }) : image, timeoutSeconds)
  }
  if (isLenient) return read('none')
  if (type !== 'image/jpeg') return read('error')
  try {
    return await read('warning')
  } catch (error) {
    if (error instanceof Error && /^VipsJpeg:/m.test(error.message) && !JPEG_DATA_LOST.test(error.message))
      return read('error')
    throw error
  }
}

async function readSize(
  bytes: Uint8Array,
  { page, isLenient }: DecodeOptions,
): Promise<Size & { isProgressive: boolean }> {
  const { width, height, autoOrient, isProgressive } = await open(
    bytes,
    isLenient ? 'none' : 'error',
    page,
  ).metadata()
  if (width * height > MAX_PIXELS) {
    throw new DecodeError(
      'PICTURE_TOO_LARGE',
      `This picture says it has ${width} x ${height} pixels; up to 100 million are read.`,
    )
  }
  return { width: autoOrient.width, height: autoOrient.height, isProgressive: isProgressive === true }
}

/**
 * The size a decoder can reduce to by itself. Rounded down, because the next finer step is taken when the wanted size is a
 * fraction larger than what the step gives.
 */
function reducedSize(type: string, width: number, height: number): Size | null {
  if (type !== 'image/jpeg' && type !== 'image/webp') return null
  if (Math.min(width, height) / FAST_FACTOR < FAST_MIN_SIDE_PX) return null
  return { width: Math.floor(width / FAST_FACTOR), height: Math.floor(height / FAST_FACTOR) }
}

/** Never larger than the picture in its file: 720 / 200 is less than the factor. */
function refined(pixels: Pixels): Pixels {
  return repeatPixels(pixels, Math.ceil(FAST_HASHED_SIDE_PX / Math.min(pixels.width, pixels.height)))
}

async function toPixels(image: Sharp, timeoutSeconds: number): Promise<Pixels> {
  const { data, info } = await image
    .timeout({ seconds: timeoutSeconds })
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

function asDecodeError(error: unknown, { timeoutSeconds = TIMEOUT_SECONDS }: DecodeOptions): DecodeError {
  if (error instanceof DecodeError) return error
  const text = error instanceof Error ? error.message : ''
  if (/exceeds pixel limit/i.test(text)) {
    return new DecodeError('PICTURE_TOO_LARGE', 'This picture says it has more than 100 million pixels.', {
      cause: error,
    })
  }
  if (/timeout/i.test(text)) {
    return new DecodeError('DECODE_TIMEOUT', `This picture took longer than ${timeoutSeconds} s to read.`, {
      cause: error,
    })
  }
  // What pictureTypeOf knows and no decoder takes up is the start of a picture whose rest is missing.
  const isCutOff = /unsupported image format/i.test(text)
  if (!isCutOff && /unsupported|no decoder|not compiled|codec/i.test(text)) {
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

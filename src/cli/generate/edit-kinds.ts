import {
  addBorder,
  addSticker,
  chatScreenshot,
  crop,
  mirror,
  type Random,
  type Rgb8,
  resizeByArea,
  turnQuarters,
} from '#lib/scenes/index.ts'

/** What people do to a picture before they pass it on. */
export const EDIT_KINDS = [
  'exact',
  'recompressed',
  'resized',
  'thumbnail',
  'mirrored',
  'turned-90',
  'turned-180',
  'turned-270',
  'bordered',
  'cropped-light',
  'cropped-heavy',
  'screenshot',
  'stickered',
] as const

export type EditKind = (typeof EDIT_KINDS)[number]

/** JPEG quality of an original, so that an exact copy has the original's bytes. */
export const ORIGINAL_QUALITY = 92

interface Edited {
  pixels: Rgb8
  /** JPEG quality the copy is saved with. */
  quality: number
}

/** A copy of the picture. Same picture, kind and stream state: same pixels. */
export function applyEdit(kind: EditKind, pixels: Rgb8, random: Random): Edited {
  switch (kind) {
    case 'exact':
      return { pixels, quality: ORIGINAL_QUALITY }
    case 'recompressed':
      return { pixels, quality: 40 }
    case 'resized':
      return { pixels: scaled(pixels, random.between(0.4, 0.75)), quality: 75 }
    case 'thumbnail':
      return { pixels: scaled(pixels, 160 / Math.max(pixels.width, pixels.height)), quality: 60 }
    case 'mirrored':
      return { pixels: mirror(pixels), quality: 75 }
    case 'turned-90':
      return { pixels: turnQuarters(pixels, 1), quality: 75 }
    case 'turned-180':
      return { pixels: turnQuarters(pixels, 2), quality: 75 }
    case 'turned-270':
      return { pixels: turnQuarters(pixels, 3), quality: 75 }
    case 'bordered':
      return { pixels: bordered(pixels, random), quality: 75 }
    case 'cropped-light':
      return { pixels: cropped(pixels, random, 0.015, 0.06), quality: 75 }
    case 'cropped-heavy':
      return { pixels: cropped(pixels, random, 0.26, 0.34), quality: 75 }
    case 'screenshot':
      return { pixels: chatScreenshot(pixels, random), quality: 80 }
    case 'stickered':
      return { pixels: addSticker(pixels, random), quality: 75 }
  }
}

function scaled(pixels: Rgb8, factor: number): Rgb8 {
  const side = (length: number) => Math.max(1, Math.round(length * factor))
  return resizeByArea(pixels, side(pixels.width), side(pixels.height))
}

function bordered(pixels: Rgb8, random: Random): Rgb8 {
  const gray = random.pick([0, 16, 128, 240, 255])
  const across = Math.round(pixels.width * random.between(0.03, 0.12))
  const down = Math.round(pixels.height * random.between(0.03, 0.2))
  return addBorder(pixels, { left: across, right: across, top: down, bottom: down }, [gray, gray, gray])
}

/** Cuts a share of `least` to `most` off every side. */
function cropped(pixels: Rgb8, random: Random, least: number, most: number): Rgb8 {
  const cut = (side: number) => Math.floor(side * random.between(least, most))
  const left = cut(pixels.width)
  const top = cut(pixels.height)
  const width = pixels.width - left - cut(pixels.width)
  const height = pixels.height - top - cut(pixels.height)
  return crop(pixels, { left, top, width: Math.max(1, width), height: Math.max(1, height) })
}

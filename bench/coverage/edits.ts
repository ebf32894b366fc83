import type { Random, Rgb8 } from '#lib/scenes/index.ts'
import {
  caption,
  stickerBoxOverArea,
  stickerInMiddle,
  stickerOverArea,
  stickers,
  textOver,
  watermark,
} from './overlays.ts'
import {
  anyColour,
  cutShares,
  randomCuts,
  resize,
  resizeLongest,
  shorterSide,
  throughJpeg,
  toPixels,
  toSharp,
} from './raster.ts'
import { blurBars, chatScreen, cutByHand, storyScreen } from './screens.ts'

/** Makes a copy as people post it. `other` is another picture, for copies that show two. */
export type Edit = (picture: Rgb8, random: Random, other: Rgb8) => Promise<Rgb8>

/** The kinds of copies the recall table has a line for, in its order, and after them what is measured beside it. */
export const EDITS = {
  jpeg40: (picture) => throughJpeg(picture, 40),
  jpeg20: (picture) => throughJpeg(picture, 20),
  down320: (picture) => resizeLongest(picture, 320),
  filter,
  'vignette-sepia': vignetteSepia,
  mirror,
  'quarter-turn': (picture, random) => toPixels(toSharp(picture).rotate(random.pick([90, 270]))),
  'crop-0-3': crops(0, 0.03),
  'crop-0-5': crops(0, 0.05),
  'crop-0-10': crops(0, 0.1),
  'crop-10-10': crops(0.1, 0.1),
  'crop-0-20': crops(0, 0.2),
  'crop-one-side-5-25': cropOneSide,
  'square-crop': squareCrop,
  'border-2-8': border,
  'blur-bars': blurBars,
  'caption-8-18': (picture, random) => caption(picture, random, extended),
  'text-over': textOver,
  watermark,
  'sticker-20': (picture, random) => stickers(picture, random, 1, 0.2),
  'sticker-3x20': (picture, random) => stickers(picture, random, 3, 0.2),
  'sticker-area20': (picture, random) => stickerBoxOverArea(picture, random, 0.2),
  'sticker-33-centre': (picture, random) => stickerInMiddle(picture, random, 0.33),
  'rotate-1': rotation(1),
  'rotate-3': rotation(3),
  'rotate-5': rotation(5),
  'chat-light': async (picture, random) => (await chatScreen(picture, random, 'light')).pixels,
  'chat-dark': async (picture, random) => (await chatScreen(picture, random, 'dark')).pixels,
  'chat-small-320': async (picture, random) => resize((await anyChat(picture, random)).pixels, 320, 680),
  'chat-hand-6': async (picture, random) => cutByHand(await anyChat(picture, random), random, 0.06),
  story: async (picture, random) => (await storyScreen(picture, random)).pixels,
  'story-hand-6': async (picture, random) => cutByHand(await storyScreen(picture, random), random, 0.06),
  'collage-2': collage,
  stretch: (picture, random) => resize(picture, picture.width * random.between(0.85, 1.15), picture.height),
  meme,
  'mirror-crop-sticker': mirrorCropSticker,
  'chat-of-edited': chatOfEdited,
  'sticker-disc20': (picture, random) => stickerOverArea(picture, random, 0.2),
} as const satisfies Record<string, Edit>

export type EditName = keyof typeof EDITS

export function isEditName(name: string): name is EditName {
  return Object.hasOwn(EDITS, name)
}

// Their line says what their JPEG quality is; everything else is posted in the quality of a messenger.
const OWN_JPEG: ReadonlySet<EditName> = new Set(['jpeg40', 'jpeg20'])

/** A copy as it arrives: edited, then saved as JPEG of quality 65 to 85. The same stream gives the same bytes. */
export async function makeCopy(name: EditName, picture: Rgb8, random: Random, other: Rgb8): Promise<Rgb8> {
  const edited = await EDITS[name](picture, random, other)
  return OWN_JPEG.has(name) ? edited : throughJpeg(edited, random.whole(65, 85))
}

function filter(picture: Rgb8, random: Random): Promise<Rgb8> {
  const contrast = random.between(0.8, 1.25)
  const tone = {
    brightness: random.between(0.85, 1.2),
    saturation: random.between(0.3, 1.6),
    hue: random.whole(-15, 15),
  }
  return toPixels(
    toSharp(picture)
      .modulate(tone)
      .linear(contrast, 128 * (1 - contrast) + random.between(-12, 12)),
  )
}

function vignetteSepia(picture: Rgb8): Promise<Rgb8> {
  const { width, height } = picture
  const vignette = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><defs><radialGradient id="v"><stop offset="0.5" stop-opacity="0"/><stop offset="1" stop-opacity="0.55"/></radialGradient></defs><rect x="${-0.2 * width}" y="${-0.2 * height}" width="${1.4 * width}" height="${1.4 * height}" fill="url(#v)"/></svg>`
  const sepia = toSharp(picture).recomb([
    [0.39, 0.77, 0.19],
    [0.35, 0.69, 0.17],
    [0.27, 0.53, 0.13],
  ])
  return toPixels(sepia.composite([{ input: Buffer.from(vignette) }]))
}

function mirror(picture: Rgb8): Promise<Rgb8> {
  return toPixels(toSharp(picture).flop())
}

function crops(low: number, high: number): Edit {
  return (picture, random) => cutShares(picture, randomCuts(random, low, high))
}

function cropOneSide(picture: Rgb8, random: Random): Promise<Rgb8> {
  const side = random.pick(['left', 'top', 'right', 'bottom'])
  return cutShares(picture, { left: 0, top: 0, right: 0, bottom: 0, [side]: random.between(0.05, 0.25) })
}

/** A nearly square cut out of the middle. */
function squareCrop(picture: Rgb8, random: Random): Promise<Rgb8> {
  const side = shorterSide(picture) * random.between(0.94, 1)
  const cutX = 1 - side / picture.width
  const cutY = 1 - (side * random.between(0.95, 1)) / picture.height
  const [x, y] = [random.between(0.4, 0.6), random.between(0.4, 0.6)]
  return cutShares(picture, { left: x * cutX, right: (1 - x) * cutX, top: y * cutY, bottom: (1 - y) * cutY })
}

function border(picture: Rgb8, random: Random): Promise<Rgb8> {
  const by = Math.round(random.between(0.02, 0.08) * shorterSide(picture))
  return extended(picture, { top: by, bottom: by, left: by, right: by }, anyColour(random))
}

function extended(
  picture: Rgb8,
  by: { top: number; bottom: number; left?: number; right?: number },
  colour: string,
): Promise<Rgb8> {
  return toPixels(toSharp(picture).extend({ left: 0, right: 0, ...by, background: colour }))
}

/** Turned either way; the corners are filled with a colour or cut away. */
function rotation(degrees: number): Edit {
  return async (picture, random) => {
    const angle = random.isHit(0.5) ? degrees : -degrees
    const turned = await toPixels(toSharp(picture).rotate(angle, { background: anyColour(random) }))
    if (random.isHit(0.5)) return turned
    const { width, height } = picture
    const radians = (degrees * Math.PI) / 180
    const longer = Math.max(width / height, height / width)
    const scale = 1 / (Math.cos(radians) + longer * Math.sin(radians))
    const cutX = (1 - (scale * width) / turned.width) / 2
    const cutY = (1 - (scale * height) / turned.height) / 2
    return cutShares(turned, { left: cutX, right: cutX, top: cutY, bottom: cutY })
  }
}

function anyChat(picture: Rgb8, random: Random) {
  return chatScreen(picture, random, random.isHit(0.5) ? 'light' : 'dark')
}

/** Beside or above another picture, both as wide or as high as each other. */
async function collage(picture: Rgb8, random: Random, other: Rgb8): Promise<Rgb8> {
  const isBeside = random.isHit(0.5)
  const scale = isBeside ? picture.height / other.height : picture.width / other.width
  const beside = await resize(
    other,
    isBeside ? other.width * scale : picture.width,
    isBeside ? picture.height : other.height * scale,
  )
  const isFirst = random.isHit(0.5)
  const [first, second] = isFirst ? [picture, beside] : [beside, picture]
  const gap = random.whole(0, 12)
  const right = isBeside ? second.width + gap : 0
  const bottom = isBeside ? 0 : second.height + gap
  const wide = await toPixels(toSharp(first).extend({ right, bottom, background: '#ffffff' }))
  const at = isBeside ? { left: first.width + gap, top: 0 } : { left: 0, top: first.height + gap }
  return toPixels(
    toSharp(wide).composite([
      { input: await toSharp(second).png({ compressionLevel: 0 }).toBuffer(), ...at },
    ]),
  )
}

/** Cropped, filtered and captioned. */
async function meme(picture: Rgb8, random: Random): Promise<Rgb8> {
  const cropped = await cutShares(picture, randomCuts(random, 0, 0.1))
  return caption(await filter(cropped, random), random, extended)
}

async function mirrorCropSticker(picture: Rgb8, random: Random): Promise<Rgb8> {
  const cropped = await cutShares(await mirror(picture), randomCuts(random, 0, 0.1))
  return stickers(cropped, random, 1, 0.2)
}

async function chatOfEdited(picture: Rgb8, random: Random): Promise<Rgb8> {
  const cropped = await cutShares(picture, randomCuts(random, 0, 0.1))
  return (await anyChat(await stickers(cropped, random, 1, 0.2), random)).pixels
}

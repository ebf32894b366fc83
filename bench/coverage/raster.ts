import sharp, { type Sharp } from 'sharp'
import type { Random, Rgb8 } from '#lib/scenes/index.ts'

/** Shares of the sides, cut off (positive) or not. */
export interface Cuts {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** In whole pixels. */
export interface Box {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

export function toSharp({ data, width, height }: Rgb8): Sharp {
  return sharp(data, { raw: { width, height, channels: 3 } })
}

/** What the steps of `image` come to; transparency lies on white. */
export async function toPixels(image: Sharp): Promise<Rgb8> {
  const { data, info } = await image
    .flatten({ background: '#fff' })
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true })
  if (info.channels !== 3) throw new Error(`A picture came out with ${info.channels} channels.`)
  return { data: new Uint8Array(data), width: info.width, height: info.height, format: 'rgb8' }
}

/** Through a JPEG file and back. */
export async function throughJpeg(pixels: Rgb8, quality: number): Promise<Rgb8> {
  return toPixels(sharp(await toSharp(pixels).jpeg({ quality }).toBuffer()))
}

/** The part inside the box, which is moved into the picture where it reaches out. */
export function cutBox(pixels: Rgb8, box: Box): Promise<Rgb8> {
  const left = Math.max(0, Math.min(pixels.width - 1, Math.round(box.left)))
  const top = Math.max(0, Math.min(pixels.height - 1, Math.round(box.top)))
  const width = Math.max(1, Math.min(pixels.width, Math.round(box.left + box.width)) - left)
  const height = Math.max(1, Math.min(pixels.height, Math.round(box.top + box.height)) - top)
  return toPixels(toSharp(pixels).extract({ left, top, width, height }))
}

export function cutShares(pixels: Rgb8, { left, top, right, bottom }: Cuts): Promise<Rgb8> {
  return cutBox(pixels, {
    left: left * pixels.width,
    top: top * pixels.height,
    width: (1 - left - right) * pixels.width,
    height: (1 - top - bottom) * pixels.height,
  })
}

/** Each side cut by a share of its own, evenly between `low` and `high`. */
export function randomCuts(random: Random, low: number, high: number): Cuts {
  const share = () => random.between(low, high)
  return { left: share(), top: share(), right: share(), bottom: share() }
}

export function resize(pixels: Rgb8, width: number, height: number): Promise<Rgb8> {
  const sides = { width: Math.max(1, Math.round(width)), height: Math.max(1, Math.round(height)) }
  return toPixels(toSharp(pixels).resize({ ...sides, fit: 'fill' }))
}

/** The picture so large that its longest side has so many pixels. */
export function resizeLongest(pixels: Rgb8, longest: number): Promise<Rgb8> {
  const scale = longest / Math.max(pixels.width, pixels.height)
  return resize(pixels, pixels.width * scale, pixels.height * scale)
}

/** Draws SVG elements over the picture, in its pixels. */
export function drawOver(pixels: Rgb8, elements: string): Promise<Rgb8> {
  return toPixels(toSharp(pixels).composite([{ input: svgOf(pixels, elements) }]))
}

export function svgOf({ width, height }: { width: number; height: number }, elements: string): Buffer {
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${elements}</svg>`,
  )
}

/** `#rrggbb`, any. */
export function anyColour(random: Random): string {
  return `#${random.below(0x1000000).toString(16).padStart(6, '0')}`
}

export function shorterSide({ width, height }: { width: number; height: number }): number {
  return Math.min(width, height)
}

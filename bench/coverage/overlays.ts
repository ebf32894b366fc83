import type { Random, Rgb8 } from '#lib/scenes/index.ts'
import { drawOver, shorterSide } from './raster.ts'

const WORDS = [
  'look',
  'at',
  'this',
  'one',
  'again',
  'tonight',
  'send',
  'more',
  'never',
  'forget',
  'the',
  'sea',
] as const

/** Some words, `low` to `high` of them. */
export function anyWords(random: Random, low: number, high: number): string {
  return Array.from({ length: random.whole(low, high) }, () => random.pick(WORDS)).join(' ')
}

export interface TextStyle {
  /** Pixels. */
  readonly size: number
  readonly fill: string
  readonly outline?: string
  readonly anchor?: 'start' | 'middle' | 'end'
  readonly more?: string
}

/** One line of bold text whose baseline starts (or has its middle) at x, y. */
export function textLine(text: string, x: number, y: number, style: TextStyle): string {
  const { size, fill, outline, anchor = 'start', more = '' } = style
  const stroke = outline ? ` stroke="${outline}" stroke-width="${size / 6}" paint-order="stroke"` : ''
  return `<text x="${x}" y="${y}" font-family="sans-serif" font-weight="bold" font-size="${size}" text-anchor="${anchor}" fill="${fill}"${stroke}${more}>${text}</text>`
}

/** A round face of a diameter of `size` pixels around x, y. */
export function face(random: Random, x: number, y: number, size: number): string {
  const r = size / 2
  const colour = random.pick(['#ffcc22', '#ff5577', '#66bb33', '#4488ee'] as const)
  const eye = (side: number) =>
    `<ellipse cx="${x + side * r * 0.35}" cy="${y - r * 0.25}" rx="${r * 0.13}" ry="${r * 0.2}" fill="#402a10"/>`
  const mouth = `<path d="M${x - r * 0.5} ${y + r * 0.2}Q${x} ${y + r * random.between(0.4, 1)} ${x + r * 0.5} ${y + r * 0.2}Z" fill="#802020"/>`
  return `<circle cx="${x}" cy="${y}" r="${r}" fill="${colour}" stroke="#00000055"/>${eye(-1)}${eye(1)}${mouth}`
}

/** Faces with a diameter of `share` of the shorter side, wholly inside the picture. */
export function stickers(pixels: Rgb8, random: Random, count: number, share: number): Promise<Rgb8> {
  const size = share * shorterSide(pixels)
  const faces = Array.from({ length: count }, () => {
    const x = random.between(size / 2, pixels.width - size / 2)
    return face(random, x, random.between(size / 2, pixels.height - size / 2), size)
  })
  return drawOver(pixels, faces.join(''))
}

/** One face in the middle. */
export function stickerInMiddle(pixels: Rgb8, random: Random, share: number): Promise<Rgb8> {
  return drawOver(pixels, face(random, pixels.width / 2, pixels.height / 2, share * shorterSide(pixels)))
}

/**
 * One face, wholly inside the picture, whose square box is `share` of the area: an emoji is a disc in its box and covers
 * pi / 4 of that.
 */
export function stickerBoxOverArea(pixels: Rgb8, random: Random, share: number): Promise<Rgb8> {
  return faceInside(pixels, random, Math.sqrt(share * pixels.width * pixels.height))
}

/** One face over `share` of the area itself, wholly inside the picture unless the picture is very long. */
export function stickerOverArea(pixels: Rgb8, random: Random, share: number): Promise<Rgb8> {
  return faceInside(pixels, random, Math.sqrt((4 / Math.PI) * share * pixels.width * pixels.height))
}

function faceInside(pixels: Rgb8, random: Random, diameter: number): Promise<Rgb8> {
  const size = Math.min(shorterSide(pixels), diameter)
  const x = random.between(size / 2, pixels.width - size / 2)
  return drawOver(pixels, face(random, x, random.between(size / 2, pixels.height - size / 2), size))
}

/** Two lines of outlined bold text, 7 to 10 % of the shorter side high, across most of the width. */
export function textOver(pixels: Rgb8, random: Random): Promise<Rgb8> {
  const size = random.between(0.07, 0.1) * shorterSide(pixels)
  const fill = random.pick(['#ffffff', '#ffee33', '#ff3355'] as const)
  const first = random.between(0.15, 0.6) * pixels.height
  const lines = [first, random.isHit(0.5) ? first + size * 1.25 : random.between(0.65, 0.93) * pixels.height]
  const style: TextStyle = { size, fill, outline: '#000000', anchor: 'middle' }
  const longest = Math.floor((0.95 * pixels.width) / (0.6 * size))
  return drawOver(
    pixels,
    lines.map((y) => textLine(fitted(random, longest), pixels.width / 2, y, style)).join(''),
  )
}

/** Words up to so many letters. */
function fitted(random: Random, longest: number): string {
  let text = random.pick(WORDS) as string
  for (;;) {
    const longer = `${text} ${random.pick(WORDS)}`
    if (longer.length > longest) return text
    text = longer
  }
}

/** The same faint words slanted all over. */
export function watermark(pixels: Rgb8, random: Random): Promise<Rgb8> {
  const size = random.between(0.04, 0.06) * shorterSide(pixels)
  const text = anyWords(random, 2, 2)
  const style: TextStyle = { size, fill: '#ffffff', more: ` fill-opacity="${random.between(0.15, 0.35)}"` }
  const apart = size * random.between(2.4, 3.4)
  const wide = size * (0.6 * text.length + 2)
  const reach = pixels.width + pixels.height
  const lines: string[] = []
  for (let y = -reach; y < reach; y += apart) {
    for (let x = -reach + ((y / apart) % 2) * size; x < reach; x += wide)
      lines.push(textLine(text, x, y, style))
  }
  return drawOver(pixels, `<g transform="rotate(-30)">${lines.join('')}</g>`)
}

/** A bar with text above or below, 8 to 18 % of the height. */
export async function caption(pixels: Rgb8, random: Random, extend: Extend): Promise<Rgb8> {
  const bar = Math.round(random.between(0.08, 0.18) * pixels.height)
  const isTop = random.isHit(0.5)
  const isLight = random.isHit(0.5)
  const ground = isLight ? '#ffffff' : '#000000'
  const framed = await extend(pixels, { top: isTop ? bar : 0, bottom: isTop ? 0 : bar }, ground)
  const size = Math.min(bar * 0.5, pixels.width / 16)
  const middle = isTop ? bar / 2 : pixels.height + bar / 2
  return drawOver(
    framed,
    textLine(anyWords(random, 3, 5), pixels.width / 2, middle + size / 3, {
      size,
      fill: isLight ? '#000000' : '#ffffff',
      anchor: 'middle',
    }),
  )
}

type Extend = (pixels: Rgb8, by: { top: number; bottom: number }, colour: string) => Promise<Rgb8>

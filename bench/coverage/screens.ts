import sharp from 'sharp'
import type { Random, Rgb8 } from '#lib/scenes/index.ts'
import { anyWords, textLine } from './overlays.ts'
import { type Box, cutBox, svgOf, toPixels, toSharp } from './raster.ts'

/** A drawn screen and where the picture lies on it. */
export interface Screen {
  readonly pixels: Rgb8
  readonly place: Box
}

interface Theme {
  readonly ground: string
  readonly pattern: string
  readonly bar: string
  readonly bubble: string
  readonly ownBubble: string
  readonly ink: string
}

const THEMES: Readonly<Record<'light' | 'dark', Theme>> = {
  light: {
    ground: '#e6ddd4',
    pattern: '#d8cdc2',
    bar: '#f6f6f6',
    bubble: '#ffffff',
    ownBubble: '#d9fdd3',
    ink: '#111b21',
  },
  dark: {
    ground: '#0b141a',
    pattern: '#17232b',
    bar: '#1f2c34',
    bubble: '#202c33',
    ownBubble: '#005c4b',
    ink: '#e9edef',
  },
}

const SCREEN_WIDTH = 1080

/** A chat of 1080 x 2160 to 2400 with the picture in a bubble: bars, bubbles, a time stamp over it, rounded corners. */
export async function chatScreen(picture: Rgb8, random: Random, kind: 'light' | 'dark'): Promise<Screen> {
  const theme = THEMES[kind]
  const height = random.whole(2160, 2400)
  const isOwn = random.isHit(0.5)
  const place = placeIn(picture, random.between(0.6, 0.84) * SCREEN_WIDTH, height - 1150)
  const left = isOwn ? SCREEN_WIDTH - place.width - 36 : 36
  const top = random.whole(420, Math.max(420, height - place.height - 560))
  const box: Box = { ...place, left, top }
  const bubble = `<rect x="${left - 8}" y="${top - 8}" width="${box.width + 16}" height="${box.height + 16}" rx="26" fill="${isOwn ? theme.ownBubble : theme.bubble}"/>`
  const ground = [
    `<rect width="${SCREEN_WIDTH}" height="${height}" fill="${theme.ground}"/>`,
    random.isHit(0.6) ? doodles(random, height, theme.pattern) : '',
    bubbles(random, theme, 250, top - 40),
    bubbles(random, theme, top + box.height + 40, height - 190),
    bubble,
    bars(random, theme, height),
  ]
  const stamp = stampOver(random, box)
  return { pixels: await layered(height, ground.join(''), picture, box, 20, stamp), place: box }
}

/** A story of 1080 x 1920 to 2340: the picture across the screen, bars above and below, text over it. */
export async function storyScreen(picture: Rgb8, random: Random): Promise<Screen> {
  const height = random.whole(1920, 2340)
  const place = placeIn(picture, SCREEN_WIDTH, height - 420)
  const box: Box = {
    ...place,
    left: Math.round((SCREEN_WIDTH - place.width) / 2),
    top: Math.round((height - place.height) / 2 + random.between(-40, 40)),
  }
  const [from, to] = [random, random].map(
    (source) => `hsl(${source.below(360)},${source.below(60)}%,${source.whole(8, 40)}%)`,
  )
  const ground = `<defs><linearGradient id="g" x2="0" y2="1"><stop stop-color="${from}"/><stop offset="1" stop-color="${to}"/></linearGradient></defs><rect width="${SCREEN_WIDTH}" height="${height}" fill="url(#g)"/>`
  const size = random.between(52, 76)
  const textTop = height * random.between(0.2, 0.8)
  const text = anyWords(random, 2, 4)
  const wide = 0.58 * size * text.length + 50
  const over = [
    `<rect x="20" y="30" width="${SCREEN_WIDTH - 40}" height="6" rx="3" fill="#ffffff88"/>`,
    `<circle cx="80" cy="105" r="40" fill="#888"/>`,
    textLine('someone', 140, 118, { size: 36, fill: '#ffffff' }),
    `<rect x="${540 - wide / 2}" y="${textTop - size}" width="${wide}" height="${size * 1.4}" rx="14" fill="#000000bb"/>`,
    textLine(text, 540, textTop, { size, fill: '#ffffff', anchor: 'middle' }),
    `<rect x="40" y="${height - 140}" width="800" height="96" rx="48" fill="none" stroke="#ffffffcc" stroke-width="3"/>`,
    textLine('Reply', 90, height - 80, { size: 36, fill: '#ffffffcc' }),
  ]
  return { pixels: await layered(height, ground, picture, box, 0, over.join('')), place: box }
}

/** The picture cut out of a screen by hand: each side off by up to `off` of the picture's side, either way. */
export function cutByHand({ pixels, place }: Screen, random: Random, off: number): Promise<Rgb8> {
  const dx = () => random.between(-off, off) * place.width
  const dy = () => random.between(-off, off) * place.height
  const left = place.left + dx()
  const top = place.top + dy()
  const right = place.left + place.width + dx()
  const bottom = place.top + place.height + dy()
  return cutBox(pixels, { left, top, width: right - left, height: bottom - top })
}

/** The picture fitted on a blurred copy of itself, 1080 x 1920. */
export async function blurBars(picture: Rgb8): Promise<Rgb8> {
  const ground = toSharp(picture).resize(1080, 1920, { fit: 'cover' }).blur(32).modulate({ brightness: 0.8 })
  const front = await toSharp(picture)
    .resize(1080, 1920, { fit: 'inside' })
    .png({ compressionLevel: 0 })
    .toBuffer()
  return toPixels(ground.composite([{ input: front, gravity: 'centre' }]))
}

function placeIn(picture: Rgb8, width: number, tallest: number): Pick<Box, 'width' | 'height'> {
  const scale = Math.min(width / picture.width, tallest / picture.height)
  return { width: Math.round(picture.width * scale), height: Math.round(picture.height * scale) }
}

async function layered(
  height: number,
  ground: string,
  picture: Rgb8,
  { left, top, ...sides }: Box,
  rounding: number,
  over: string,
): Promise<Rgb8> {
  const screen = { width: SCREEN_WIDTH, height }
  const mask = svgOf(
    sides,
    `<rect width="${sides.width}" height="${sides.height}" rx="${rounding}" fill="#fff"/>`,
  )
  const scaled = await toSharp(picture)
    .resize({ ...sides, fit: 'fill' })
    .png({ compressionLevel: 0 })
    .toBuffer()
  const front = await sharp(scaled)
    .ensureAlpha()
    .composite([{ input: mask, blend: 'dest-in' }])
    .png({ compressionLevel: 0 })
    .toBuffer()
  return toPixels(
    sharp(svgOf(screen, ground)).composite([{ input: front, left, top }, { input: svgOf(screen, over) }]),
  )
}

function bubbles(random: Random, theme: Theme, from: number, to: number): string {
  const parts: string[] = []
  for (let y = from; ; ) {
    const lines = random.whole(1, 3)
    const tall = 40 + 52 * lines
    if (y + tall > to) return parts.join('')
    const wide = random.whole(260, 760)
    const isOwn = random.isHit(0.5)
    const x = isOwn ? SCREEN_WIDTH - wide - 36 : 36
    parts.push(
      `<rect x="${x}" y="${y}" width="${wide}" height="${tall}" rx="24" fill="${isOwn ? theme.ownBubble : theme.bubble}"/>`,
    )
    const letters = Math.floor((wide - 60) / 22)
    for (let line = 0; line < lines; line++) {
      const text = anyWords(random, 3, 9).slice(0, letters)
      parts.push(textLine(text, x + 28, y + 54 + 52 * line, { size: 36, fill: theme.ink }))
    }
    y += tall + random.whole(10, 34)
  }
}

function bars(random: Random, theme: Theme, height: number): string {
  return [
    `<rect width="${SCREEN_WIDTH}" height="220" fill="${theme.bar}"/>`,
    textLine('12:34', 50, 56, { size: 36, fill: theme.ink }),
    `<circle cx="130" cy="145" r="48" fill="#7a8a94"/>`,
    textLine(anyWords(random, 1, 2), 210, 160, { size: 46, fill: theme.ink }),
    `<rect y="${height - 170}" width="${SCREEN_WIDTH}" height="170" fill="${theme.ground}"/>`,
    `<rect x="30" y="${height - 150}" width="860" height="110" rx="55" fill="${theme.bubble}"/>`,
    `<circle cx="985" cy="${height - 95}" r="55" fill="#00a884"/>`,
  ].join('')
}

function doodles(random: Random, height: number, colour: string): string {
  const marks = Array.from({ length: 220 }, () => {
    const x = random.below(SCREEN_WIDTH)
    const y = random.below(height)
    const r = random.whole(14, 34)
    return random.isHit(0.5)
      ? `<circle cx="${x}" cy="${y}" r="${r}"/>`
      : `<path d="M${x} ${y}q${r} ${-r} ${2 * r} 0t${2 * r} 0"/>`
  })
  return `<g fill="none" stroke="${colour}" stroke-width="5">${marks.join('')}</g>`
}

function stampOver(random: Random, { left, top, width, height }: Box): string {
  const x = left + width - 130
  const y = top + height - 50
  const time = `${random.whole(10, 23)}:${random.whole(10, 59)}`
  return `<rect x="${x - 12}" y="${y - 4}" width="126" height="42" rx="20" fill="#00000066"/>${textLine(time, x, y + 29, { size: 32, fill: '#ffffff' })}`
}

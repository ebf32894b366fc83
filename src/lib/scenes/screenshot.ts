import { type Canvas, type Colour, canvasToPixels, fillRect, newCanvas } from './canvas.ts'
import { paste } from './edits.ts'
import type { Rgb8 } from './pixels.ts'
import type { Random } from './random.ts'
import { resizeByArea } from './resize.ts'

interface Theme {
  ground: Colour
  bar: Colour
  bubble: Colour
  ownBubble: Colour
  ink: Colour
}

const THEMES: readonly [Theme, ...Theme[]] = [
  {
    ground: [226, 230, 222],
    bar: [84, 110, 132],
    bubble: [252, 252, 252],
    ownBubble: [222, 246, 210],
    ink: [120, 124, 130],
  },
  {
    ground: [22, 28, 34],
    bar: [34, 42, 50],
    bubble: [44, 54, 64],
    ownBubble: [38, 82, 74],
    ink: [150, 160, 168],
  },
  {
    ground: [246, 240, 232],
    bar: [150, 96, 74],
    bubble: [255, 255, 255],
    ownBubble: [250, 226, 200],
    ink: [130, 116, 106],
  },
]

/**
 * A drawn phone screen with the picture in a message bubble: bars and bubbles only, no product's look. 720 pixels wide,
 * 1280 to 1560 high; the picture is 62 to 84 percent as wide as the screen, or narrower when it is tall.
 */
export function chatScreenshot(pixels: Rgb8, random: Random): Rgb8 {
  const width = 720
  const height = random.whole(1280, 1560)
  const theme = random.pick(THEMES)
  const canvas = newCanvas(width, height)
  const box = (x0: number, y0: number, x1: number, y1: number, colour: Colour) =>
    fillRect(canvas, x0 / width, y0 / height, x1 / width, y1 / height, colour)
  box(0, 0, width, height, theme.ground)
  let inner = Math.round(width * random.between(0.62, 0.84))
  let innerHeight = Math.round((inner * pixels.height) / pixels.width)
  const tallest = height - 560
  if (innerHeight > tallest) {
    inner = Math.max(1, Math.round((inner * tallest) / innerHeight))
    innerHeight = tallest
  }
  innerHeight = Math.max(1, innerHeight)
  const top = random.whole(180, Math.max(180, height - innerHeight - 260))
  const isOwn = random.isHit(0.4)
  const left = isOwn ? width - inner - 22 : 22
  paintBubbles(canvas, random, theme, 120, top - 30)
  paintBubbles(canvas, random, theme, top + innerHeight + 60, height - 110)
  box(left - 6, top - 6, left + inner + 6, top + innerHeight + 34, isOwn ? theme.ownBubble : theme.bubble)
  box(left + inner - 90, top + innerHeight + 10, left + inner - 8, top + innerHeight + 22, theme.ink)
  paintBars(canvas, theme, width, height)
  const screen = canvasToPixels(canvas)
  paste(screen, resizeByArea(pixels, inner, innerHeight), left, top)
  return screen
}

function paintBubbles(canvas: Canvas, random: Random, theme: Theme, from: number, to: number): void {
  const { width, height } = canvas
  const box = (x0: number, y0: number, x1: number, y1: number, colour: Colour) =>
    fillRect(canvas, x0 / width, y0 / height, x1 / width, y1 / height, colour)
  for (let y = from; ; ) {
    const lines = random.whole(1, 3)
    const tall = 24 + 26 * lines
    if (y + tall > to) return
    const wide = random.whole(160, 480)
    const isOwn = random.isHit(0.4)
    const left = isOwn ? width - wide - 16 : 16
    box(left, y, left + wide, y + tall, isOwn ? theme.ownBubble : theme.bubble)
    for (let line = 0; line < lines; line++) {
      box(left + 14, y + 16 + 26 * line, left + random.whole(60, wide - 14), y + 28 + 26 * line, theme.ink)
    }
    y += tall + random.whole(8, 22)
  }
}

function paintBars(canvas: Canvas, theme: Theme, width: number, height: number): void {
  const box = (x0: number, y0: number, x1: number, y1: number, colour: Colour) =>
    fillRect(canvas, x0 / width, y0 / height, x1 / width, y1 / height, colour)
  box(0, 0, width, 100, theme.bar)
  box(70, 44, 330, 62, theme.bubble)
  box(70, 74, 210, 84, theme.ink)
  box(0, height - 90, width, height, theme.bubble)
  box(80, height - 54, 420, height - 36, theme.ink)
}

import { type Colour, canvasFromPixels, canvasToPixels, fillPolygon } from './canvas.ts'
import { anyColour, standingOut } from './colours.ts'
import { SceneError } from './errors.ts'
import { blankPixels, type Rgb8 } from './pixels.ts'
import type { Random } from './random.ts'
import { blob, crookedBox } from './shapes.ts'

/** In pixels; `left + width` and `top + height` lie inside the picture. */
export interface Rect {
  left: number
  top: number
  width: number
  height: number
}

/** Left and right exchanged. */
export function mirror(pixels: Rgb8): Rgb8 {
  const { width } = pixels
  return rearranged(pixels, width, pixels.height, (x, y) => y * width + (width - 1 - x))
}

/** Turned clockwise by 90 degrees, `turns` times. */
export function turnQuarters(pixels: Rgb8, turns: 1 | 2 | 3): Rgb8 {
  const { width, height } = pixels
  if (turns === 2)
    return rearranged(pixels, width, height, (x, y) => (height - 1 - y) * width + (width - 1 - x))
  if (turns === 1) return rearranged(pixels, height, width, (x, y) => (height - 1 - x) * width + y)
  return rearranged(pixels, height, width, (x, y) => x * width + (width - 1 - y))
}

function rearranged(
  pixels: Rgb8,
  width: number,
  height: number,
  from: (x: number, y: number) => number,
): Rgb8 {
  const moved = blankPixels(width, height)
  let at = 0
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const source = 3 * from(x, y)
      moved.data[at++] = pixels.data[source] ?? 0
      moved.data[at++] = pixels.data[source + 1] ?? 0
      moved.data[at++] = pixels.data[source + 2] ?? 0
    }
  }
  return moved
}

/** The part inside the rectangle. Errors: `RECT_OUTSIDE` (also for fractions), `SIZE_RANGE`. */
export function crop(pixels: Rgb8, rect: Rect): Rgb8 {
  const part = blankPixels(rect.width, rect.height)
  const isInside = rect.left >= 0 && rect.top >= 0 && rect.left + rect.width <= pixels.width
  if (
    !Number.isInteger(rect.left) ||
    !Number.isInteger(rect.top) ||
    !isInside ||
    rect.top + rect.height > pixels.height
  ) {
    throw new SceneError('RECT_OUTSIDE', 'The rectangle to cut out must lie inside the picture.')
  }
  for (let y = 0; y < rect.height; y++) {
    const start = 3 * ((rect.top + y) * pixels.width + rect.left)
    part.data.set(pixels.data.subarray(start, start + 3 * rect.width), 3 * y * rect.width)
  }
  return part
}

/** The picture in a frame of one colour, `left`... pixels thick. Errors: `SIZE_RANGE`. */
export function addBorder(
  pixels: Rgb8,
  border: { left: number; top: number; right: number; bottom: number },
  colour: Colour,
): Rgb8 {
  const framed = blankPixels(
    pixels.width + border.left + border.right,
    pixels.height + border.top + border.bottom,
  )
  for (let i = 0; i < framed.data.length; i += 3) framed.data.set(colour, i)
  paste(framed, pixels, border.left, border.top)
  return framed
}

/** Lays `pixels` onto `ground` with its top left corner at left, top. Errors: `RECT_OUTSIDE`. */
export function paste(ground: Rgb8, pixels: Rgb8, left: number, top: number): void {
  if (left < 0 || top < 0 || left + pixels.width > ground.width || top + pixels.height > ground.height) {
    throw new SceneError('RECT_OUTSIDE', 'The picture to lay on must lie inside the other.')
  }
  for (let y = 0; y < pixels.height; y++) {
    const row = pixels.data.subarray(3 * y * pixels.width, 3 * (y + 1) * pixels.width)
    ground.data.set(row, 3 * ((top + y) * ground.width + left))
  }
}

/** A drawn sticker somewhere on the picture, 14 to 24 percent of its shorter side wide, and half the time a caption bar. */
export function addSticker(pixels: Rgb8, random: Random): Rgb8 {
  const canvas = canvasFromPixels(pixels)
  const shorter = Math.min(pixels.width, pixels.height)
  const radius = (shorter * random.between(0.07, 0.12)) / pixels.width
  const radiusDown = (radius * pixels.width) / pixels.height
  const x = random.between(0.15, 0.85)
  const y = random.between(0.15, 0.85)
  const colour = anyColour(random)
  fillPolygon(canvas, blob(random, x, y, radius, radiusDown), colour)
  fillPolygon(canvas, blob(random, x, y, radius * 0.6, radiusDown * 0.6), standingOut(random, colour, 80))
  if (random.isHit(0.5)) {
    const caption = crookedBox(random, random.between(0.3, 0.7), y < 0.5 ? 0.9 : 0.1, 0.4, 0.06, 0.02)
    fillPolygon(canvas, caption, standingOut(random, colour))
  }
  return canvasToPixels(canvas)
}

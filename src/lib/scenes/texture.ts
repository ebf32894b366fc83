import type { Canvas } from './canvas.ts'
import { blankPixels, type Rgb8 } from './pixels.ts'
import type { Random } from './random.ts'
import { smooth } from './shapes.ts'

const CELL = 8
const GRAIN_SIZE = 8192

/** Light and shade at an eighth of the size; `columns` and `rows` have one cell more than needed on either axis. */
interface Shade {
  readonly values: Float32Array
  readonly columns: number
  readonly rows: number
}

/**
 * Turns the canvas into pixels and lays uneven light and grain over it, so that no area is flat and the coarse structure,
 * which fingerprints look at, differs from picture to picture.
 */
export function develop(canvas: Canvas, random: Random): Rgb8 {
  const { width, height, words } = canvas
  const pixels = blankPixels(width, height)
  const out = new Uint8ClampedArray(pixels.data.buffer)
  const shade = anyShade(random, width, height)
  const grain = anyGrain(random)
  const line = new Float32Array(shade.columns)
  const grainPlaces = random.next()
  const tint = [random.between(0.7, 1.2), random.between(0.8, 1.1), random.between(0.6, 1.3)] as const
  // Light in sixteenths, as whole numbers: a little faster than floats here.
  const [red, green, blue] = [(tint[0] * 16) | 0, (tint[1] * 16) | 0, (tint[2] * 16) | 0]
  for (let y = 0; y < height; y++) {
    mixRows(shade, y / CELL, line)
    let grainAt = Math.imul(grainPlaces + y, 0x9e3779b1) >>> 16
    for (let x = 0, at = 3 * y * width, word = y * width; x < width; x++, at += 3, word++) {
      const cell = x >> 3
      const left = ((line[cell] ?? 0) * 16) | 0
      const light = left + ((((((line[cell + 1] ?? 0) * 16) | 0) - left) * (x & 7)) >> 3)
      const rough = grain[grainAt++ & (GRAIN_SIZE - 1)] ?? 0
      const colour = words[word] ?? 0
      out[at] = (colour & 255) + ((light * red) >> 8) + rough
      out[at + 1] = ((colour >>> 8) & 255) + ((light * green) >> 8) + rough
      out[at + 2] = ((colour >>> 16) & 255) + ((light * blue) >> 8) + rough
    }
  }
  return pixels
}

function anyShade(random: Random, width: number, height: number): Shade {
  const columns = (width >> 3) + 2
  const rows = (height >> 3) + 2
  const shade = { values: new Float32Array(columns * rows), columns, rows }
  addLattice(shade, random, random.between(1.6, 2.8), random.between(18, 40))
  addLattice(shade, random, random.between(3.2, 6), random.between(18, 42))
  addLattice(shade, random, random.between(7, 12), random.between(8, 26))
  addLattice(shade, random, random.between(18, 30), random.between(4, 12))
  return shade
}

/** Adds a grid of random heights, `cells` of them across the shade's width, smoothly joined. */
function addLattice(shade: Shade, random: Random, cells: number, swing: number): void {
  const perCell = shade.columns / cells
  const across = Math.ceil(cells) + 2
  const down = Math.ceil(shade.rows / perCell) + 2
  const knots = Float32Array.from({ length: across * down }, () => random.between(-swing, swing))
  const shiftX = random.unit()
  const shiftY = random.unit()
  for (let row = 0; row < shade.rows; row++) {
    const v = row / perCell + shiftY
    const knotRow = Math.floor(v) * across
    const shareY = smooth(v - Math.floor(v))
    for (let column = 0; column < shade.columns; column++) {
      const u = column / perCell + shiftX
      const knot = knotRow + Math.floor(u)
      const shareX = smooth(u - Math.floor(u))
      const top = (knots[knot] ?? 0) * (1 - shareX) + (knots[knot + 1] ?? 0) * shareX
      const bottom = (knots[knot + across] ?? 0) * (1 - shareX) + (knots[knot + across + 1] ?? 0) * shareX
      const at = row * shade.columns + column
      shade.values[at] = (shade.values[at] ?? 0) + top * (1 - shareY) + bottom * shareY
    }
  }
}

function mixRows(shade: Shade, y: number, line: Float32Array): void {
  const row = Math.floor(y)
  const share = y - row
  const top = row * shade.columns
  const bottom = top + shade.columns
  for (let i = 0; i < line.length; i++) {
    const above = shade.values[top + i] ?? 0
    line[i] = above + ((shade.values[bottom + i] ?? 0) - above) * share
  }
}

function anyGrain(random: Random): Int8Array {
  const strength = random.between(2, 7)
  return Int8Array.from({ length: GRAIN_SIZE }, () => random.between(-strength, strength))
}

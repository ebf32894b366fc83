import { clamp, type Drawing, floorDiv, frameWidth, type Painter, photo, shapeList, value } from './photo.ts'
import { lattice, pick } from './random.ts'

/** Draws the picture of a vector: rows top to bottom, channels interleaved (README, "The pictures"). */
export function generate(generator: string, s: number, w: number, h: number, channels: number): Uint8Array {
  const painterOf = GENERATORS.get(generator)
  if (!painterOf) throw new Error(`no such generator: ${generator}`)
  const paint = painterOf({ s, w, h, channels })
  const out = new Uint8Array(w * h * channels)
  let at = 0
  for (let y = 0; y < h; y++)
    for (let x = 0; x < w; x++) for (let c = 0; c < channels; c++) out[at++] = paint(x, y, c)
  return out
}

/** A triangle wave: 0 at p = 0, 255 at half the period. */
function triangle(p: number, period: number): number {
  const q = p - period * floorDiv(p, period)
  return floorDiv(510 * (2 * q < period ? q : period - q), period)
}

/** The same random numbers for each channel, drawn once. */
function perChannel(s: number, { first, step = 1, n }: { first: number; step?: number; n: number }) {
  const values = [0, 1, 2].map((c) => pick(s, first + step * c, n))
  return (c: number): number => values[c] ?? 0
}

function constant({ s }: Drawing): Painter {
  const level = perChannel(s, { first: 0, n: 256 })
  return (_x, _y, c) => level(c)
}

function linear({ s, w, h }: Drawing): Painter {
  const X = Math.max(1, w - 1)
  const Y = Math.max(1, h - 1)
  const base = perChannel(s, { first: 0, step: 3, n: 256 })
  const across = perChannel(s, { first: 1, step: 3, n: 511 })
  const down = perChannel(s, { first: 2, step: 3, n: 511 })
  return (x, y, c) => clamp(base(c) + floorDiv((across(c) - 255) * x, X) + floorDiv((down(c) - 255) * y, Y))
}

function twist({ s, w, h }: Drawing): Painter {
  const X = Math.max(1, w - 1)
  const Y = Math.max(1, h - 1)
  const corners = [0, 1, 2, 3].map((first) => perChannel(s, { first, step: 4, n: 256 }))
  const [a = () => 0, b = a, d = a, e = a] = corners
  return (x, y, c) =>
    floorDiv(a(c) * (X - x) * (Y - y) + b(c) * x * (Y - y) + d(c) * (X - x) * y + e(c) * x * y, X * Y)
}

function stripes({ s, w, h }: Drawing): Painter {
  const across = pick(s, 0, 7) - 3
  const down = pick(s, 1, 7) - 3
  const a = across === 0 && down === 0 ? 1 : across
  const period = 8 + pick(s, 2, Math.max(1, floorDiv(Math.min(w, h), 2)))
  const phase = pick(s, 3, 1000)
  return (x, y, c) => triangle(a * x + down * y + phase + floorDiv(c * period, 3), period)
}

function checker({ s, w, h }: Drawing): Painter {
  const n = 1 + pick(s, 0, Math.max(1, floorDiv(Math.min(w, h), 4)))
  const dark = pick(s, 1, 64)
  const bright = 192 + pick(s, 2, 64)
  return (x, y, c) => ((floorDiv(x, n) + floorDiv(y, n) + c) % 2 === 1 ? bright : dark)
}

function blocks({ s, w, h }: Drawing): Painter {
  const n = 1 + floorDiv(Math.min(w, h), 4 + pick(s, 0, 29))
  return (x, y, c) => (lattice(s, c, 50, floorDiv(x, n), floorDiv(y, n)) >>> 31 === 1 ? 255 : 0)
}

function noise({ s }: Drawing): Painter {
  return (x, y, c) => lattice(s, c, 99, x, y) >>> 24
}

function rings({ s, w, h }: Drawing): Painter {
  const cx = pick(s, 0, w)
  const cy = pick(s, 1, h)
  const count = 2 + pick(s, 2, 14)
  return (x, y, c) => {
    const squared = (x - cx) ** 2 + (y - cy) ** 2
    return triangle(floorDiv(squared * count * 256, w * w + h * h) + 85 * c, 256)
  }
}

function dot({ s, w, h }: Drawing): Painter {
  const ground = perChannel(s, { first: 0, n: 256 })
  const k = Math.max(1, floorDiv(Math.min(w, h), 16))
  const left = pick(s, 10, w - k + 1)
  const top = pick(s, 11, h - k + 1)
  return (x, y, c) => (x >= left && x < left + k && y >= top && y < top + k ? ground(c) ^ 255 : ground(c))
}

function step({ s, w, h }: Drawing): Painter {
  const a = 1 + pick(s, 0, 9)
  const b = 1 + pick(s, 1, 9)
  const edge = floorDiv(a * w + b * h, 2)
  const near = perChannel(s, { first: 10, n: 256 })
  const far = perChannel(s, { first: 20, n: 256 })
  return (x, y, c) => (a * x + b * y < edge ? near(c) : far(c))
}

function shapes(drawing: Drawing): Painter {
  const ground = perChannel(drawing.s, { first: 1, n: 256 })
  const list = shapeList(drawing, 3 + pick(drawing.s, 0, 20)).toReversed()
  return (x, y, c) => list.find((shape) => shape.contains(x, y))?.random(c, 256) ?? ground(c)
}

function frame(drawing: Drawing): Painter {
  const { s, w, h } = drawing
  const n = frameWidth(drawing)
  const border = perChannel(s, { first: 7, n: 256 })
  const inner = photo(drawing)
  return (x, y, c) => (x < n || y < n || x >= w - n || y >= h - n ? border(c) : inner(x, y, c))
}

/** A drawn chat screen with a picture in it: bars and bubbles, no text. */
function screen({ s, w, h, channels }: Drawing): Painter {
  const left = floorDiv(w, 13)
  const top = floorDiv(3 * h, 10)
  const pw = Math.max(1, w - 2 * left)
  const ph = Math.max(1, floorDiv(2 * h, 5))
  const header = floorDiv(h, 13)
  const footer = floorDiv(h, 15)
  const r = Math.max(1, floorDiv(h, 24))
  const picture = photo({ s, w: pw, h: ph, channels })
  const bar = perChannel(s, { first: 400, n: 256 })
  const ground = perChannel(s, { first: 410, n: 30 })
  return (x, y, c) => {
    if (x >= left && x < left + pw && y >= top && y < top + ph) return picture(x - left, y - top, c)
    if (y < header) return bar(c)
    if (y >= h - footer) return 240
    const row = floorDiv(y, r)
    const indent = left + pick(s, 500 + row, Math.max(1, floorDiv(w, 3)))
    return row % 2 === 1 && indent <= x && x < w - 2 * left ? 255 : 210 + ground(c)
  }
}

const GENERATORS: ReadonlyMap<string, (drawing: Drawing) => Painter> = new Map([
  ['constant', constant],
  ['linear', linear],
  ['twist', twist],
  ['stripes', stripes],
  ['checker', checker],
  ['blocks', blocks],
  ['noise', noise],
  ['rings', rings],
  ['dot', dot],
  ['step', step],
  ['value', value],
  ['shapes', shapes],
  ['photo', photo],
  ['frame', frame],
  ['screen', screen],
])

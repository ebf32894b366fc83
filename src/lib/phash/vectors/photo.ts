import { lattice, pick, randomAt } from './random.ts'

/** What a generator is told: seed, width, height and channels (1 gray, 3 RGB). */
export interface Drawing {
  readonly s: number
  readonly w: number
  readonly h: number
  readonly channels: number
}

/** The value of channel c at column x, row y, 0..255. */
export type Painter = (x: number, y: number, c: number) => number

export const floorDiv = (a: number, b: number): number => Math.floor(a / b)
export const clamp = (v: number): number => Math.min(255, Math.max(0, v))

/** Layered value noise. */
export function value({ s, w, h, channels }: Drawing): Painter {
  const layers = 4 + pick(s, 0, 3)
  const firstCell = Math.max(2, floorDiv(Math.max(w, h), 2 + pick(s, 1, 3)))
  const contrast = 1 + pick(s, 2, 3)
  const fields = Array.from({ length: channels === 1 ? 1 : 4 }, (_, f) =>
    noiseField(s, f, layers, firstCell, w, h),
  )
  const [shared = () => 0, ...own] = fields.map(rememberLast)
  return (x, y, c) => {
    const field = own[c]
    const v = field ? floorDiv(3 * shared(x, y) + field(x, y), 4) : shared(x, y)
    return clamp(128 + (v - 128) * contrast)
  }
}

/** The channels of a pixel ask for the same value one after the other. */
function rememberLast(field: (x: number, y: number) => number): (x: number, y: number) => number {
  let lastX = -1
  let lastY = -1
  let last = 0
  return (x, y) => {
    if (x !== lastX || y !== lastY) last = field(x, y)
    lastX = x
    lastY = y
    return last
  }
}

function noiseField(
  s: number,
  f: number,
  layers: number,
  firstCell: number,
  w: number,
  h: number,
): (x: number, y: number) => number {
  const list = Array.from({ length: layers }, (_, o) =>
    noiseLayer(s, f, o, Math.max(1, firstCell >> o), w, h),
  )
  return (x, y) => {
    let sum = 0
    for (const layer of list) sum = 2 * sum + layer(x, y)
    return floorDiv(sum, 2 ** layers - 1)
  }
}

function noiseLayer(
  s: number,
  f: number,
  o: number,
  cell: number,
  w: number,
  h: number,
): (x: number, y: number) => number {
  const columns = floorDiv(w - 1, cell) + 2
  const rows = floorDiv(h - 1, cell) + 2
  const grid = new Uint8Array(columns * rows)
  for (let i = 0; i < grid.length; i++) grid[i] = lattice(s, f, o, i % columns, floorDiv(i, columns)) >>> 24
  return (x, y) => {
    const column = floorDiv(x, cell)
    const row = floorDiv(y, cell)
    const fx = floorDiv((x - column * cell) * 256, cell)
    const fy = floorDiv((y - row * cell) * 256, cell)
    const at = row * columns + column
    const upper = (grid[at] ?? 0) * (256 - fx) + (grid[at + 1] ?? 0) * fx
    const lower = (grid[at + columns] ?? 0) * (256 - fx) + (grid[at + columns + 1] ?? 0) * fx
    return (upper * (256 - fy) + lower * fy) >> 16
  }
}

interface Shape {
  contains(x: number, y: number): boolean
  /** The shape's own random number for channel c, 0..n-1. */
  random(c: number, n: number): number
}

/** The first `count` shapes of a seed: rectangles, ellipses and diamonds. */
export function shapeList({ s, w, h }: Drawing, count: number): Shape[] {
  return Array.from({ length: count }, (_, i) => {
    const k = 100 + 16 * i
    const kind = pick(s, k, 3)
    const cx = pick(s, k + 1, w)
    const cy = pick(s, k + 2, h)
    const rx = 1 + pick(s, k + 3, Math.max(1, floorDiv(w, 3)))
    const ry = 1 + pick(s, k + 4, Math.max(1, floorDiv(h, 3)))
    const drawn = [0, 1, 2].map((c) => randomAt(s, k + 5 + c))
    return {
      contains(x, y) {
        const dx = Math.abs(x - cx)
        const dy = Math.abs(y - cy)
        if (kind === 0) return dx <= rx && dy <= ry
        if (kind === 1) return dx * dx * ry * ry + dy * dy * rx * rx <= rx * rx * ry * ry
        return dx * ry + dy * rx <= rx * ry
      },
      random: (c, n) => (drawn[c] ?? 0) % n,
    }
  })
}

/** Noise, a slope of brightness, shapes and grain: the nearest to a photograph. */
export function photo(drawing: Drawing): Painter {
  const { s, h } = drawing
  const ground = value(drawing)
  const list = shapeList(drawing, 2 + pick(s, 3, 8))
  const slope = pick(s, 4, 161) - 80
  const grain = pick(s, 5, 8)
  const Y = Math.max(1, h - 1)
  return (x, y, c) => {
    let v = ground(x, y, c) + floorDiv(slope * y, Y)
    for (const shape of list) if (shape.contains(x, y)) v += shape.random(c, 161) - 80
    return clamp(v + (lattice(s, c, 77, x, y) % (2 * grain + 1)) - grain)
  }
}

/** Border width of a `frame` picture. */
export function frameWidth({ s, w, h }: Drawing): number {
  return floorDiv(Math.min(w, h) * (1 + pick(s, 6, 10)), 40)
}

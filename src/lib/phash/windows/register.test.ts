import { describe, expect, it } from 'vitest'
import {
  chatScreenshot,
  crop as cutScene,
  drawScene,
  mirror,
  type Rgb8,
  randomFromInteger,
} from '../../scenes/index.ts'
import { FingerprintError } from '../errors.ts'
import { distance } from '../hash.ts'
import type { Pixels, Rect } from '../pixels.ts'
import { coverageClass } from './coverage-class.ts'
import { WindowError } from './errors.ts'
import { queryWindows, queryWindowsWith } from './query.ts'
import { registerWindows, registerWindowsWith } from './register.ts'
import { typescriptWindows } from './typescript-windows.ts'
import { draw, hitsOf, paint } from './vectors/pictures.ts'

async function codeOf(call: Promise<unknown>): Promise<string | null> {
  try {
    await call
    return null
  } catch (error) {
    return error instanceof WindowError || error instanceof FingerprintError ? error.code : String(error)
  }
}

const STRIPES = paint(900, 700, (x, y) => 128 + 110 * Math.sin((x + 0.3 * y) / 23))
interface Bricks {
  readonly wide: number
  readonly high: number
  readonly joint: number
}
const BRICKS: Bricks = { wide: 140, high: 60, joint: 8 }

function brickWall(width: number, height: number, left: number, top: number, bricks = BRICKS): Pixels {
  const { wide, high, joint } = bricks
  return paint(width, height, (x, y) => {
    const [u, v] = [x + left, y + top]
    const shift = ((Math.floor(v / high) % 2) * wide) / 2
    return v % high < joint || (u + shift) % wide < joint ? 210 : 90 + ((v % high) * 60) / high
  })
}

/** With three rows of keys, each with strokes of its own, over the lower 300 pixels. */
function withKeyboard(screen: Rgb8): Rgb8 {
  const { width, height } = screen
  const data = screen.data.slice()
  for (let y = 0; y < 300; y++) {
    for (let x = 0; x < width; x++) {
      const [column, row] = [Math.floor((x + 36 * Math.floor(y / 100)) / 72), Math.floor(y / 100)]
      const [u, v] = [(x + 36 * row) % 72, y % 100]
      const isKey = u > 5 && u < 67 && v > 8 && v < 92
      const stroke = [20 + ((column * 7) % 30), 25 + ((column * 11 + row * 5) % 40)] as const
      const isStroke =
        u > 18 && u < 52 && v > 22 && v < 78 && (Math.abs(u - stroke[0]) < 4 || Math.abs(v - stroke[1]) < 4)
      data.fill(
        isKey ? (isStroke ? 20 : 255) : 209,
        3 * ((height - 300 + y) * width + x),
        3 * ((height - 300 + y) * width + x) + 3,
      )
    }
  }
  return { ...screen, data }
}

/** 4,000 of them. */
const TILES = paint(1600, 1000, (x, y) => ((x % 20) * 7 + (y % 20) * (x % 20) + (((y % 20) ** 2) >> 1)) % 256)

describe('registering', () => {
  it('finds nothing to register in plain pictures, and says so', async () => {
    for (const pixels of [
      draw('constant', 1, 900, 700),
      draw('linear', 3, 900, 700),
      paint(1200, 900, (x, y) => (x + y) / 9),
    ]) {
      const rows = await registerWindows(pixels, { set: 'tilt' })
      expect(rows).toHaveLength(0)
      expect(coverageClass(rows.length, 100)).toBe('near-exact')
    }
  })

  it('leaves out textures that repeat', async () => {
    expect(await registerWindows(STRIPES, { set: 'tilt' })).toEqual([])
    expect(await registerWindows(TILES, { set: 'tilt' })).toEqual([])
    for (const wall of [
      brickWall(900, 700, 0, 0),
      brickWall(837, 663, 37, 23),
      brickWall(911, 709, 111, 69),
      brickWall(948, 732, 148, 92),
      brickWall(874, 686, 74, 46),
      brickWall(837, 663, 37, 23, { wide: 103, high: 47, joint: 6 }),
      brickWall(807, 743, 407, 253, { wide: 233, high: 67, joint: 6 }),
      brickWall(844, 766, 444, 276, { wide: 246, high: 74, joint: 7 }),
    ]) {
      expect(await registerWindows(wall, { set: 'tilt' })).toEqual([])
    }
  })

  it('leaves out what looks alike in all sizes, as a wedge does, and keeps what does not', async () => {
    const slope = (x: number, y: number, rise: number) => y - 162 > rise * Math.abs(x - 405)
    const wedge = paint(700, 460, (x, y) =>
      x < 405 ? (slope(x, y, 0.17) ? 65 : 25) : slope(x, y, 0.33) ? 235 : 30,
    )
    const rows = await registerWindows(wedge, { set: 'full' })
    for (const [i, a] of rows.entries()) {
      for (const b of rows.slice(i + 1)) {
        if (Math.max(a.side, b.side) > 1.15 * Math.min(a.side, b.side)) {
          expect(distance(a.hash, b.hash)).toBeGreaterThan(40)
        }
      }
    }
    expect(rows.length).toBeLessThan(20)
    expect((await registerWindows(drawScene(24), { set: 'full' })).length).toBeGreaterThan(100)
  })

  it('gives stripes, checks and tiles no row that a stranger of their kind matches', async () => {
    const strangers = [
      ...[1, 2, 3, 4, 5, 6].flatMap((seed) => [
        draw('stripes', seed, 900, 700),
        draw('checker', seed, 900, 700),
      ]),
      ...[60, 97, 134].map((s) =>
        paint(900, 700, (x, y) => {
          const [u, v] = [(6.28 * x) / s, (6.28 * y) / s]
          return 128 + 60 * Math.sin(u + 1) * Math.cos(v) + (Math.sin(u) + v ** 2 > 1 ? 30 : 0)
        }),
      ),
    ]
    const windows = await Promise.all(strangers.map((pixels) => queryWindows(pixels, { look: 'first' })))
    const rows = await Promise.all(strangers.map((pixels) => registerWindows(pixels, { set: 'tilt' })))
    for (const [i, own] of rows.entries()) {
      for (const [j, theirs] of windows.entries()) {
        if (i !== j) expect(hitsOf(theirs, own), `${i} ${j}`).toEqual({})
      }
    }
  })

  it('registers what is inside the confirmed part of a screenshot only', async () => {
    const screen = chatScreenshot(drawScene(21), randomFromInteger(5))
    const region = { x: 60, y: 400, width: 480, height: 360 }
    const rows = await registerWindows(screen, { set: 'tilt', region })
    expect(rows.length).toBeGreaterThan(40)
    for (const { cx, cy, side, shorterSide, frame } of rows) {
      expect([shorterSide, frame]).toEqual([360, { width: screen.width, height: screen.height }])
      expect(cx - side / 2).toBeGreaterThanOrEqual(region.x - 0.001)
      expect(cx + side / 2).toBeLessThanOrEqual(region.x + region.width + 0.001)
      expect(cy - side / 2).toBeGreaterThanOrEqual(region.y - 0.001)
      expect(cy + side / 2).toBeLessThanOrEqual(region.y + region.height + 0.001)
    }
  })

  it('registers no keyboard, which is on the screenshots of strangers too', async () => {
    const screens = [41, 42].map((seed) =>
      withKeyboard(chatScreenshot(drawScene(seed), randomFromInteger(seed))),
    )
    const rows = await Promise.all(screens.map((screen) => registerWindows(screen, { set: 'full' })))
    for (const [i, screen] of screens.entries()) {
      const windows = await queryWindows(screen, { look: 'first' })
      expect(hitsOf(windows, rows[1 - i] ?? [])).toEqual({})
      expect(hitsOf(windows, rows[i] ?? [])['original'] ?? 0).toBeGreaterThan(20)
    }
  })

  it('refuses a part that is not inside', async () => {
    const picture = draw('noise', 1, 100, 100)
    for (const region of [
      { x: -1, y: 0, width: 50, height: 50 },
      { x: 60, y: 0, width: 50, height: 50 },
      { x: 0, y: 0, width: 0, height: 50 },
      { x: 0.5, y: 0, width: 50, height: 50 },
      { x: 0, y: 0, width: Number.NaN, height: 50 },
    ] satisfies Rect[]) {
      expect(await codeOf(registerWindows(picture, { set: 'full', region }))).toBe('BAD_REGION')
    }
  })

  it('adds tilted windows of the middle size to the upright ones', async () => {
    const scene = drawScene(22, { width: 800, height: 600 })
    const full = await registerWindows(scene, { set: 'full' })
    const tilt = await registerWindows(scene, { set: 'tilt' })
    expect(full.every(({ angle }) => angle === 0)).toBe(true)
    expect(tilt.length).toBeGreaterThan(full.length + 60)
    for (const { angle, side } of tilt.filter((row) => row.angle !== 0)) {
      expect(Math.abs(angle)).toBeCloseTo((2.6 * Math.PI) / 180)
      expect(side <= 0.551 * 600 && side >= 0.48 * 600).toBe(true)
    }
    const sides = [...new Set(full.map(({ side }) => side))].sort((a, b) => b - a)
    expect(sides).toHaveLength(16)
    for (const [i, t] of [0.74, 0.55, 0.4, 0.3].entries()) {
      for (let k = 0; k < 4; k++) expect(sides[4 * i + k]).toBeCloseTo((t * 600) / 1.04 ** k)
    }
    expect(full.every(({ quality }) => quality >= 20)).toBe(true)
  })

  it('skips windows of less than 64 pixels, and looks up none of less than 48', async () => {
    expect(await registerWindows(draw('noise', 1, 63, 63), { set: 'tilt' })).toEqual([])
    expect(await queryWindows(draw('noise', 1, 47, 400), { look: 'second' })).toEqual([])
    const rows = await registerWindows(draw('noise', 1, 120, 130), { set: 'full' })
    expect(rows.length).toBeGreaterThan(0)
    expect(Math.min(...rows.map(({ side }) => side))).toBeGreaterThanOrEqual(64)
    const windows = await queryWindows(draw('noise', 1, 70, 80), { look: 'first' })
    expect(windows.length).toBeGreaterThan(0)
    expect(windows.every(({ side }) => side >= 48)).toBe(true)
  })

  it('sees a gray picture alike in every format, and a transparent one over white', async () => {
    const gray = draw('photo', 4, 400, 300)
    const expected = await registerWindows(gray, { set: 'full' })
    expect(expected.length).toBeGreaterThan(40)
    const spread = (channels: number, alpha: number, under: number): Uint8Array =>
      new Uint8Array(gray.data.length * channels).map((_, at) =>
        at % channels === 3 ? alpha : alpha === 0 ? under : (gray.data[Math.floor(at / channels)] ?? 0),
      )
    for (const [format, channels] of [
      ['rgb8', 3],
      ['rgba8', 4],
    ] as const) {
      const rows = await registerWindows({ ...gray, data: spread(channels, 255, 0), format }, { set: 'full' })
      // The sum of three weighted channels rounds differently from the gray value.
      expect(Math.abs(rows.length - expected.length)).toBeLessThanOrEqual(2)
    }
    const clear: Pixels = { ...gray, data: spread(4, 0, 99), format: 'rgba8' }
    expect(await registerWindows(clear, { set: 'full' })).toEqual([])
  })
})

describe('looking up', () => {
  it('looks at windows of all sizes, in four steps of registration each', async () => {
    const scene = drawScene(23, { width: 800, height: 600 })
    const sidesOf = async (look: 'first' | 'second') => [
      ...new Set((await queryWindows(scene, { look })).map(({ side }) => side)),
    ]
    const first = await sidesOf('first')
    expect(first.length).toBeGreaterThanOrEqual(10)
    for (const [i, side] of first.entries()) {
      const steps = Math.log((0.98 * 600) / side) / Math.log(1.04)
      expect(steps).toBeCloseTo(4 * Math.round(steps / 4), 5)
      expect(i === 0 || side < (first[i - 1] ?? 0)).toBe(true)
    }
    expect((await sidesOf('second')).length).toBeGreaterThan(3 * first.length)
  })

  it('looks for tilted copies too the second time', async () => {
    const scene = drawScene(23, { width: 800, height: 600 })
    const perPlace = async (look: 'first' | 'second') => {
      const windows = await queryWindows(scene, { look })
      return windows.length / new Set(windows.map(({ cx, cy, side }) => `${cx} ${cy} ${side}`)).size
    }
    expect(await perPlace('first')).toBe(1)
    expect(await perPlace('second')).toBeGreaterThan(2.9)
  })

  it('finds cut, mirrored and screenshotted copies, in their orientation, and no strangers', async () => {
    for (const seed of [31, 32, 33]) {
      const scene = drawScene(seed)
      const rows = await registerWindows(scene, { set: 'full' })
      const cut = cutScene(scene, { left: 128, top: 96, width: 1024, height: 768 })
      const screen = chatScreenshot(scene, randomFromInteger(seed))
      for (const [copy, orientation] of [
        [cut, 'original'],
        [screen, 'original'],
        [mirror(cut), 'flipY'],
      ] as const) {
        const hits = hitsOf(await queryWindows(copy, { look: 'first' }), rows)
        expect(Object.keys(hits)).toEqual([orientation])
        expect(hits[orientation] ?? 0).toBeGreaterThanOrEqual(2)
      }
      const stranger = await queryWindows(drawScene(seed + 100), { look: 'first' })
      expect(hitsOf(stranger, rows)).toEqual({})
    }
  })

  it('does not look at uniform borders', async () => {
    const inner = draw('photo', 6, 300, 240)
    const framed = paint(500, 400, (x, y) =>
      x >= 120 && x < 420 && y >= 50 && y < 290 ? (inner.data[(y - 50) * 300 + x - 120] ?? 0) : 250,
    )
    const windows = await queryWindows(framed, { look: 'first' })
    expect(windows.length).toBeGreaterThan(40)
    expect(windows[0]?.side).toBeLessThan(240)
    for (const { cx, cy, side } of windows) {
      expect(
        cx - side / 2 >= 119 && cx + side / 2 <= 421 && cy - side / 2 >= 49 && cy + side / 2 <= 291,
      ).toBe(true)
    }
  })
})

describe('any picture', () => {
  it('of extreme shape or size is answered within bounds', async () => {
    const extremes: [number, number][] = [
      [1, 1],
      [5, 5],
      [100_000, 1],
      [1, 100_000],
      [20_000, 100],
    ]
    for (const [width, height] of extremes) {
      const pixels = { data: new Uint8Array(width * height).fill(9), width, height, format: 'luma8' } as const
      expect(await registerWindows(pixels, { set: 'tilt' })).toEqual([])
      expect(await queryWindows(pixels, { look: 'second' })).toEqual([])
    }
  })

  it('of a hundred megapixels is reduced first, places staying in its own pixels', async () => {
    const side = 10_000
    const small = draw('photo', 7, 400, 400)
    const data = new Uint8Array(side * side)
    for (let y = 0; y < side; y++) {
      const from = Math.floor(y / 25) * 400
      for (let x = 0; x < side; x++) data[y * side + x] = small.data[from + Math.floor(x / 25)] ?? 0
    }
    const rows = await registerWindows({ data, width: side, height: side, format: 'luma8' }, { set: 'full' })
    expect(rows.length).toBeGreaterThan(40)
    expect(Math.max(...rows.map((row) => row.side))).toBeCloseTo(7400)
    const own = await registerWindows(small, { set: 'full' })
    const near = rows.filter((row) =>
      own.some((other) => Math.hypot(25 * other.cx - row.cx, 25 * other.cy - row.cy) < 0.01 * row.side),
    )
    expect(near.length).toBeGreaterThan(0.5 * rows.length)
  })

  it('keeps the shorter side of a long strip as far as it can', async () => {
    const strip = draw('noise', 2, 6000, 128)
    const windows = await queryWindows(strip, { look: 'first' })
    expect(windows[0]?.side).toBeCloseTo(0.98 * 128)
  })

  it('is refused when its length does not fit', async () => {
    const broken: Pixels = { data: new Uint8Array(10), width: 5, height: 5, format: 'luma8' }
    expect(await codeOf(registerWindows(broken, { set: 'full' }))).toBe('BAD_LENGTH')
    expect(await codeOf(queryWindows(broken, { look: 'first' }))).toBe('BAD_LENGTH')
  })

  it('gives the same by both kernels, but for rounding', async () => {
    const scene = drawScene(41, { width: 500, height: 400 })
    const own = await registerWindowsWith(typescriptWindows, scene, { set: 'tilt' })
    const fast = await registerWindows(scene, { set: 'tilt' })
    const same = own.filter((a) =>
      fast.some(
        (b) => Math.hypot(a.cx - b.cx, a.cy - b.cy) < 0.1 && a.side === b.side && a.angle === b.angle,
      ),
    )
    expect(same.length).toBeGreaterThan(0.97 * own.length)
    const windows = await queryWindowsWith(typescriptWindows, scene, { look: 'first' })
    const fastWindows = await queryWindows(scene, { look: 'first' })
    expect(Math.abs(windows.length - fastWindows.length)).toBeLessThan(0.03 * windows.length)
  })

  it('can be stopped, and reports rising progress', async () => {
    const scene = drawScene(42, { width: 500, height: 400 })
    const shares: number[] = []
    await registerWindows(scene, { set: 'full', onProgress: (share) => shares.push(share) })
    expect(shares).toEqual(shares.toSorted((a, b) => a - b))
    expect([shares.length > 2, shares.at(-1)]).toEqual([true, 1])
    const signal = { aborted: false }
    const stopped = registerWindows(scene, {
      set: 'full',
      signal,
      onProgress: (share) => {
        signal.aborted = share > 0.3
      },
    })
    expect(await codeOf(stopped)).toBe('ABORTED')
    expect(await codeOf(registerWindows(scene, { set: 'full', signal: { aborted: true } }))).toBe('ABORTED')
    expect(await codeOf(queryWindows(scene, { look: 'first', signal: { aborted: true } }))).toBe('ABORTED')
  })

  it('gives the same whether others are worked on meanwhile or not', async () => {
    const scenes = [51, 52, 53].map((seed) => drawScene(seed, { width: 500, height: 400 }))
    const together = await Promise.all(scenes.map((scene) => registerWindows(scene, { set: 'full' })))
    for (const [i, scene] of scenes.entries()) {
      expect(await registerWindows(scene, { set: 'full' })).toEqual(together[i])
    }
  })
})

it('tells people the class of coverage by rows and quality', () => {
  expect(coverageClass(40, 50)).toBe('most')
  expect(coverageClass(39, 100)).toBe('some')
  expect(coverageClass(5, 50)).toBe('some')
  expect(coverageClass(4, 100)).toBe('near-exact')
  expect(coverageClass(400, 49)).toBe('near-exact')
})

import { expect, it } from 'vitest'
import { channelsOf, type Pixels, type Rect } from './pixels.ts'
import { trims } from './trims.ts'
import { CASES, pixelsOf } from './vectors/cases.ts'
import { generate } from './vectors/generate.ts'
import { frameWidth } from './vectors/photo.ts'

/** A picture inside a border of one colour, with up to `noise` of disturbance on every pixel. */
function bordered(width: number, height: number, inner: Rect, colour: number[], noise = 0): Pixels {
  const channels = colour.length
  const picture = generate('blocks', 5, inner.width, inner.height, channels)
  const grain = generate('noise', 6, width, height, channels)
  const data = new Uint8Array(width * height * channels).map((_, at) => {
    const c = at % channels
    const x = (Math.floor(at / channels) % width) - inner.x
    const y = Math.floor(at / channels / width) - inner.y
    const isInside = x >= 0 && y >= 0 && x < inner.width && y < inner.height
    const value = isInside ? (picture[(y * inner.width + x) * channels + c] ?? 0) : (colour[c] ?? 0)
    const disturbance = noise === 0 ? 0 : ((grain[at] ?? 0) % (2 * noise + 1)) - noise
    return Math.max(0, Math.min(255, value + disturbance))
  })
  return { data, width, height, format: channels === 1 ? 'luma8' : 'rgb8' }
}

/** Largest distance of a side from where it should be, in pixels of the axis reduced to at most 512. */
function reducedError(found: Rect | undefined, expected: Rect, { width, height }: Pixels): number {
  if (!found) return Number.POSITIVE_INFINITY
  const right = (rect: Rect) => rect.x + rect.width
  const bottom = (rect: Rect) => rect.y + rect.height
  const across = Math.max(Math.abs(found.x - expected.x), Math.abs(right(found) - right(expected)))
  const down = Math.max(Math.abs(found.y - expected.y), Math.abs(bottom(found) - bottom(expected)))
  return Math.max(across / Math.max(1, width / 512), down / Math.max(1, height / 512))
}

it('finds the borders of every framed vector', () => {
  const frames = CASES.filter((one) => one.generator === 'frame' && Math.min(one.width, one.height) >= 64)
  expect(frames.length).toBeGreaterThan(8)
  let found = 0
  for (const one of frames) {
    const { seed: s, width: w, height: h, channels } = one
    const n = frameWidth({ s, w, h, channels })
    const expected = { x: n, y: n, width: w - 2 * n, height: h - 2 * n }
    // Less than 64 pixels left is not worth a look-up of its own.
    if (Math.min(expected.width, expected.height) < 64) {
      expect(trims(pixelsOf(one)), one.id).toEqual([])
      continue
    }
    found++
    expect(reducedError(trims(pixelsOf(one))[0], expected, pixelsOf(one)), one.id).toBeLessThanOrEqual(1.5)
  }
  expect(found).toBeGreaterThan(6)
})

it('takes borders of any colour and of unequal widths', () => {
  const inner = { x: 31, y: 7, width: 400, height: 300 }
  for (const colour of [[0], [255], [128], [255, 0, 0], [12, 200, 90]]) {
    expect(trims(bordered(500, 350, inner, colour)), colour.join()).toEqual([inner])
  }
})

it('takes a border on one side only', () => {
  for (const inner of [
    { x: 0, y: 60, width: 300, height: 240 },
    { x: 0, y: 0, width: 300, height: 240 },
    { x: 50, y: 0, width: 250, height: 300 },
    { x: 0, y: 0, width: 250, height: 300 },
  ]) {
    expect(trims(bordered(300, 300, inner, [255, 255, 255]))).toEqual([inner])
  }
})

it('stays within a pixel of the reduced plane on big pictures, and does not mind noise', () => {
  const inner = { x: 203, y: 99, width: 1500, height: 1700 }
  for (const noise of [0, 6, 12]) {
    const picture = bordered(2000, 1900, inner, [40, 60, 50], noise)
    expect(reducedError(trims(picture)[0], inner, picture), `${noise}`).toBeLessThanOrEqual(1)
  }
})

it('looks behind the border of another side', () => {
  // Black bars above and below a picture that has white bars left and right: the white ones show only once the black are gone.
  const width = 400
  const height = 400
  const middle = bordered(width, 300, { x: 40, y: 0, width: 320, height: 300 }, [255])
  const data = new Uint8Array(width * height)
  data.set(middle.data, 50 * width)
  expect(trims({ data, width, height, format: 'luma8' })).toEqual([{ x: 40, y: 50, width: 320, height: 300 }])
})

it('follows a slow gradient for 28 levels in each of its two rounds, not further', () => {
  const data = new Uint8Array(300 * 300).map((_, at) => Math.min(255, Math.floor(at / 300)))
  const [rect] = trims({ data, width: 300, height: 300, format: 'luma8' })
  expect(rect?.y).toBe(58)
})

it('stops when less than 30 % of a side would be left', () => {
  const inner = { x: 0, y: 270, width: 300, height: 30 }
  expect(trims(bordered(300, 300, inner, [9]))).toEqual([{ x: 0, y: 210, width: 300, height: 90 }])
})

it('finds nothing on pictures that are small, uniform or without a border', () => {
  const uniform = (width: number, height: number): Pixels => ({
    data: new Uint8Array(width * height * 3).fill(70),
    width,
    height,
    format: 'rgb8',
  })
  for (const [width, height] of [
    [1, 1],
    [5, 5],
    [63, 500],
    [640, 480],
    [20_000, 100],
  ] as const) {
    expect(trims(uniform(width, height)), `${width}x${height}`).toEqual([])
  }
  for (const channels of [1, 3] as const) {
    const data = generate('photo', 8, 300, 200, channels)
    expect(trims({ data, width: 300, height: 200, format: channels === 1 ? 'luma8' : 'rgb8' })).toEqual([])
  }
})

it('keeps the short side of a long strip', () => {
  const inner = { x: 2000, y: 10, width: 16_000, height: 80 }
  const picture = bordered(20_000, 100, inner, [255])
  expect(reducedError(trims(picture)[0], inner, picture)).toBeLessThanOrEqual(1)
})

it('ignores alpha and does not change the pixels', () => {
  const inner = { x: 20, y: 30, width: 150, height: 140 }
  const { data, width, height } = bordered(200, 200, inner, [1, 2, 3])
  const withAlpha: Pixels = {
    data: new Uint8Array(width * height * 4).map((_, at) =>
      at % 4 === 3 ? (at * 7) % 256 : (data[3 * Math.floor(at / 4) + (at % 4)] ?? 0),
    ),
    width,
    height,
    format: 'rgba8',
  }
  expect(channelsOf(withAlpha.format)).toBe(4)
  const before = withAlpha.data.slice()
  expect(trims(withAlpha)).toEqual([inner])
  expect(withAlpha.data).toEqual(before)
})

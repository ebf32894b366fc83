import { describe, expect, it } from 'vitest'
import { dihedral, fingerprint, orientations, orientationsWith } from './fingerprint.ts'
import { distance, toHex } from './hash.ts'
import { kernelNamed } from './kernels.ts'
import { ORIENTATIONS, type Orientation } from './orientation.ts'
import { channelsOf, type Pixels } from './pixels.ts'
import { generate } from './vectors/generate.ts'

/** Where the pixel at (x, y) of the turned picture comes from, in a picture of w x h. */
const SOURCES: Record<Orientation, (x: number, y: number, w: number, h: number) => [number, number]> = {
  original: (x, y) => [x, y],
  rotate90: (x, y, w) => [w - 1 - y, x],
  rotate180: (x, y, w, h) => [w - 1 - x, h - 1 - y],
  rotate270: (x, y, _w, h) => [y, h - 1 - x],
  flipX: (x, y, _w, h) => [x, h - 1 - y],
  flipY: (x, y, w) => [w - 1 - x, y],
  flipPlus1: (x, y) => [y, x],
  flipMinus1: (x, y, w, h) => [w - 1 - y, h - 1 - x],
}

const SWAPS_SIDES: readonly Orientation[] = ['rotate90', 'rotate270', 'flipPlus1', 'flipMinus1']

function turn(pixels: Pixels, orientation: Orientation): Pixels {
  const channels = channelsOf(pixels.format)
  const isSwapped = SWAPS_SIDES.includes(orientation)
  const width = isSwapped ? pixels.height : pixels.width
  const height = isSwapped ? pixels.width : pixels.height
  const data = new Uint8Array(pixels.data.length)
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [fromX, fromY] = SOURCES[orientation](x, y, pixels.width, pixels.height)
      const from = (fromY * pixels.width + fromX) * channels
      for (let c = 0; c < channels; c++) data[to++] = pixels.data[from + c] ?? 0
    }
  }
  return { data, width, height, format: pixels.format }
}

/** Windows even and odd, sides that are multiples of 128 and not, in every pairing. */
const SIDES = [64, 100, 128, 200, 256, 300, 384, 500]
const PICTURES: Pixels[] = SIDES.flatMap((width, index) =>
  SIDES.map((height, other) => ({
    data: generate('photo', 8 * index + other, width, height, other % 2 === 0 ? 1 : 3),
    width,
    height,
    format: other % 2 === 0 ? ('luma8' as const) : ('rgb8' as const),
  })),
)

describe.each(['typescript', 'wasm'] as const)('by the %s kernel', (kernel) => {
  it('says of each orientation what the turned pixels say', () => {
    for (const picture of PICTURES) {
      const prints = orientationsWith(kernelNamed(kernel), picture)
      for (const orientation of ORIENTATIONS) {
        const label = `${picture.width}x${picture.height} ${orientation}`
        const expected = fingerprint(turn(picture, orientation))
        expect(distance(prints[orientation].hash, expected.hash), label).toBe(0)
        expect(prints[orientation].quality, label).toBe(expected.quality)
        expect(prints[orientation].reason, label).toBe(expected.reason)
      }
    }
  })
})

it('gives a picture and its mirrored copy the same set', () => {
  const setOf = (pixels: Pixels) =>
    Object.values(orientations(pixels))
      .map(({ hash }) => toHex(hash))
      .sort()
  for (const picture of PICTURES) expect(setOf(turn(picture, 'flipY'))).toEqual(setOf(picture))
})

it('derives the same from the coefficients where the sampling does not lean', () => {
  for (const picture of PICTURES) {
    if ([picture.width, picture.height].some((side) => side !== 64 && side !== 100 && side !== 300)) continue
    const fromPixels = orientations(picture)
    for (const [name, { hash }] of Object.entries(dihedral(picture))) {
      expect(fromPixels).toHaveProperty(name)
      expect(Object.entries(fromPixels).find(([other]) => other === name)?.[1].hash).toEqual(hash)
    }
  }
})

it('finds every orientation of a tiny picture too small', () => {
  const tiny: Pixels = { data: new Uint8Array(4 * 90), width: 4, height: 90, format: 'luma8' }
  for (const prints of [orientations(tiny), dihedral(tiny)]) {
    expect(Object.keys(prints)).toEqual([...ORIENTATIONS])
    for (const { reason } of Object.values(prints)) expect(reason).toBe('TOO_SMALL')
  }
})

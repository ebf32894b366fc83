import { expect, it } from 'vitest'
import { flatten } from './alpha.ts'
import { fingerprint, orientations } from './fingerprint.ts'
import { toHex } from './hash.ts'
import { ORIENTATIONS } from './orientation.ts'
import type { Pixels } from './pixels.ts'
import { cropRect, type Variant, type VariantSet, variants } from './variants.ts'
import { generate } from './vectors/generate.ts'

const PHOTO: Pixels = { data: generate('photo', 4, 320, 240, 3), width: 320, height: 240, format: 'rgb8' }

async function all(pixels: Pixels, set: VariantSet): Promise<Variant[]> {
  const rows: Variant[] = []
  for await (const row of variants(pixels, set)) rows.push(row)
  return rows
}

it.each([
  ['basic', 8],
  ['standard', 88],
  ['wide', 263],
] as const)('gives the %s set at most %i rows, distinct and usable', async (set, limit) => {
  const rows = await all(PHOTO, set)
  expect(rows.length).toBeLessThanOrEqual(limit)
  expect(rows.length).toBeGreaterThan(0.8 * limit)
  expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length)
  expect(new Set(rows.map(({ fingerprint: { hash } }) => toHex(hash))).size).toBe(rows.length)
  expect(rows.every(({ fingerprint: { usable } }) => usable)).toBe(true)
  for (const { id } of rows) expect(id).toMatch(/^(o[0-7]|c[0-9]\.[0-9]\.[0-9]\.[0-9])$/)
  expect(await all(PHOTO, set)).toEqual(rows)
})

it('names the orientations in their order', async () => {
  const rows = await all(PHOTO, 'basic')
  const turned = orientations(PHOTO)
  expect(rows.map(({ id }) => id)).toEqual(['o0', 'o1', 'o2', 'o3', 'o4', 'o5', 'o6', 'o7'])
  expect(rows.map((row) => row.fingerprint)).toEqual(ORIENTATIONS.map((orientation) => turned[orientation]))
})

it('hashes the crops it names', async () => {
  const gray: Pixels = { data: generate('photo', 4, 320, 240, 1), width: 320, height: 240, format: 'luma8' }
  const row = (await all(gray, 'standard')).find(({ id }) => id === 'c4.0.8.4')
  const { x, y, width, height } = { x: 13, y: 0, width: 320 - 13 - 26, height: 240 - 10 }
  const data = new Uint8Array(width * height).map(
    (_, at) => gray.data[(y + Math.floor(at / width)) * 320 + x + (at % width)] ?? 0,
  )
  expect(row?.fingerprint).toEqual(fingerprint({ data, width, height, format: 'luma8' }))
})

it('reduces big pictures before cropping them, and leaves the orientations at full resolution', async () => {
  const big: Pixels = { data: generate('rings', 3, 2100, 300, 1), width: 2100, height: 300, format: 'luma8' }
  const rows = await all(big, 'standard')
  expect(rows.find(({ id }) => id === 'o0')?.fingerprint).toEqual(fingerprint(big))
  expect(rows.length).toBeGreaterThan(40)
})

it('adds the picture on white and on black when parts of it are transparent', async () => {
  const data = new Uint8Array(320 * 240 * 4).map((_, at) => {
    const pixel = Math.floor(at / 4)
    if (at % 4 !== 3) return PHOTO.data[3 * pixel + (at % 4)] ?? 0
    // A corner and not a band, because a band of one brightness changes no coefficient.
    return pixel % 320 < 120 && pixel < 320 * 80 ? 0 : 255
  })
  const half: Pixels = { ...PHOTO, data, format: 'rgba8' }
  const rows = await all(half, 'basic')
  expect(rows.map(({ id }) => id)).toEqual(['o0', 'o1', 'o2', 'o3', 'o4', 'o5', 'o6', 'o7', 'w', 'k'])
  expect(rows.at(8)?.fingerprint).toEqual(fingerprint(flatten(half, 'white')))
  expect(rows.at(9)?.fingerprint).toEqual(fingerprint(flatten(half, 'black')))
  const opaque = { ...half, data: data.map((value, at) => (at % 4 === 3 ? 255 : value)) }
  expect((await all(opaque, 'basic')).map(({ id }) => id)).not.toContain('w')
})

it('gives nothing for a picture that cannot be recognised', async () => {
  const flat: Pixels = { data: new Uint8Array(200 * 100).fill(90), width: 200, height: 100, format: 'luma8' }
  expect(await all(flat, 'wide')).toEqual([])
})

it('stops working when the loop is left', async () => {
  let reads = 0
  const data = new Proxy(PHOTO.data, {
    get(target, name) {
      if (name === 'subarray') reads++
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  const rows: string[] = []
  for await (const { id } of variants({ ...PHOTO, data }, 'wide')) {
    rows.push(id)
    if (rows.length === 3) break
  }
  const readsThen = reads
  expect(readsThen).toBeGreaterThan(0)
  await new Promise((resolve) => setTimeout(resolve, 30))
  expect(reads).toBe(readsThen)
  expect(rows).toEqual(['o0', 'o1', 'o2'])
})

it('does no work before the first row is asked for', () => {
  expect(() => variants(PHOTO, 'wide')).not.toThrow()
})

it('cuts whole percentages, rounded half up, from each side', () => {
  const cut = { left: 4, top: 8, right: 3, bottom: 9 }
  const expected: [number, number, number, number][] = [
    // side, x of a 4 % cut, width after 4 % and 3 %, height after 8 % and 9 %
    [64, 3, 59, 53],
    [65, 3, 60, 54],
    [66, 3, 61, 55],
    [67, 3, 62, 56],
    [68, 3, 63, 57],
    [69, 3, 64, 57],
    [70, 3, 65, 58],
    [1000, 40, 930, 830],
  ]
  for (const [side, x, width, height] of expected) {
    expect(cropRect(side, side, cut), `${side}`).toEqual({
      x,
      y: Math.floor((side * 8 + 50) / 100),
      width,
      height,
    })
  }
})

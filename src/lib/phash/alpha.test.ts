import { expect, it } from 'vitest'
import { flatten, hasTransparency } from './alpha.ts'
import { FingerprintError } from './errors.ts'
import { crop, type Pixels } from './pixels.ts'

const rgba = (...data: number[]): Pixels => ({
  data: Uint8Array.from(data),
  width: data.length / 4,
  height: 1,
  format: 'rgba8',
})

it('lays a picture over white or black', () => {
  const picture = rgba(10, 20, 30, 255, 10, 20, 30, 0, 200, 100, 0, 128)
  expect([...flatten(picture, 'white').data]).toEqual([10, 20, 30, 255, 255, 255, 227, 177, 127])
  expect([...flatten(picture, 'black').data]).toEqual([10, 20, 30, 0, 0, 0, 100, 50, 0])
  expect(flatten(picture, 'white')).toMatchObject({ width: 3, height: 1, format: 'rgb8' })
})

it('knows whether anything shines through', () => {
  expect(hasTransparency(rgba(1, 2, 3, 255, 1, 2, 3, 255))).toBe(false)
  expect(hasTransparency(rgba(1, 2, 3, 255, 1, 2, 3, 254))).toBe(true)
  const opaque: Pixels = { data: new Uint8Array(12), width: 2, height: 2, format: 'rgb8' }
  expect(hasTransparency(opaque)).toBe(false)
  expect(flatten(opaque, 'black')).toBe(opaque)
})

it('cuts out a part in any format', () => {
  for (const [format, channels] of [
    ['luma8', 1],
    ['rgb8', 3],
    ['rgba8', 4],
  ] as const) {
    const data = Uint8Array.from({ length: 4 * 3 * channels }, (_, i) => i)
    const part = crop({ data, width: 4, height: 3, format }, { x: 1, y: 1, width: 2, height: 2 })
    const expected = [5, 6, 9, 10].flatMap((pixel) =>
      Array.from({ length: channels }, (_, c) => pixel * channels + c),
    )
    expect(part).toEqual({ data: Uint8Array.from(expected), width: 2, height: 2, format })
  }
})

it('refuses a part that is empty, not whole or outside', () => {
  const picture: Pixels = { data: new Uint8Array(12), width: 4, height: 3, format: 'luma8' }
  const whole = { x: 0, y: 0, width: 4, height: 3 }
  expect(crop(picture, whole).data).toEqual(picture.data)
  for (const change of [
    { x: 1 },
    { y: 1 },
    { x: -1 },
    { width: 0 },
    { height: 2.5 },
    { y: Number.NaN },
    { width: 5 },
  ]) {
    let code = ''
    try {
      crop(picture, { ...whole, ...change })
    } catch (error) {
      if (error instanceof FingerprintError) code = error.code
    }
    expect(code, JSON.stringify(change)).toBe('BAD_DIMENSIONS')
  }
})

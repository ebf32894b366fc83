import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bandsOf, probesOf, storedBits } from './layout.ts'

const print = fc.uint8Array({ minLength: 32, maxLength: 32 })
const width = fc.integer({ min: 10, max: 24 })

function distance(a: Uint8Array, b: Uint8Array): number {
  let count = 0
  for (let n = 0; n < a.length; n++) {
    for (let rest = (a[n] ?? 0) ^ (b[n] ?? 0); rest !== 0; rest &= rest - 1) count++
  }
  return count
}

it('cuts all 256 bits into bands that are as wide as asked or narrower, wider ones first', () => {
  for (let widthBits = 10; widthBits <= 24; widthBits++) {
    const bands = bandsOf(widthBits)
    expect(bands[0]?.widthBits).toBeLessThanOrEqual(widthBits)
    let end = 0
    bands.forEach((band, n) => {
      expect(band.number).toBe(n)
      expect(band.start).toBe(end)
      expect(band.widthBits).toBeLessThanOrEqual(bands[n - 1]?.widthBits ?? widthBits)
      end += band.widthBits
    })
    expect(end).toBe(256)
  }
  expect(bandsOf(16).map((band) => band.widthBits)).toEqual(new Array(16).fill(16))
  expect(bandsOf(12)).toHaveLength(22)
})

it('refuses widths that no plan fits', () => {
  for (const widthBits of [0, 9, 25, 12.5, Number.NaN, -16]) {
    expect(() => bandsOf(widthBits), String(widthBits)).toThrow(
      expect.objectContaining({ code: 'BAD_OPTIONS' }),
    )
  }
})

it('keeps distances when it changes the order of the bits, and loses none', () => {
  fc.assert(
    fc.property(print, print, (a, b) => {
      expect(distance(storedBits(a), storedBits(b))).toBe(distance(a, b))
    }),
  )
  const places = new Set<string>()
  for (let bit = 0; bit < 256; bit++) {
    const single = new Uint8Array(32)
    single[bit >>> 3] = 1 << (bit & 7)
    places.add(storedBits(single).join())
  }
  expect(places.size).toBe(256)
})

it('looks 17 keys up in each of 16 bands at radius 31, and one in each of 11 at radius 10', () => {
  const stored = storedBits(Uint8Array.from({ length: 32 }, (_, n) => n * 7))
  const keys = (radius: number) => probesOf(stored, bandsOf(16), radius).map((probe) => probe.keys.length)
  expect(keys(31)).toEqual(new Array(16).fill(17))
  expect(keys(10)).toEqual(new Array(11).fill(1))
  expect(keys(0)).toEqual([1])
  expect(new Set(probesOf(stored, bandsOf(16), 31)[0]?.keys).size).toBe(17)
})

it('meets every print within the radius in some band', () => {
  const flips = fc.uniqueArray(fc.integer({ min: 0, max: 255 }), { maxLength: 31 })
  fc.assert(
    fc.property(print, flips, width, (a, bits, widthBits) => {
      const b = Uint8Array.from(a)
      for (const bit of bits) b[bit >>> 3] = (b[bit >>> 3] ?? 0) ^ (1 << (bit & 7))
      const bands = bandsOf(widthBits)
      // At radius 0 a band is looked up with its own key alone.
      const ownKeys = new Map(
        bands.map((band) => [band.number, probesOf(storedBits(b), [{ ...band, number: 0 }], 0)[0]?.keys[0]]),
      )
      const isMet = probesOf(storedBits(a), bands, bits.length).some(({ band, keys }) =>
        keys.includes(ownKeys.get(band.number) ?? -1),
      )
      expect(isMet).toBe(true)
    }),
    { numRuns: 2_000 },
  )
})

it('spends no more than the radius allows, so that narrow searches stay cheap', () => {
  for (let widthBits = 10; widthBits <= 24; widthBits++) {
    const bands = bandsOf(widthBits)
    for (let radius = 0; radius <= 31; radius++) {
      const probes = probesOf(new Uint8Array(32), bands, radius)
      const bitsOf = (key: number) => key.toString(2).replaceAll('0', '').length
      const spent = probes.map(({ keys }) => Math.max(...keys.map(bitsOf)) + 1)
      expect(
        spent.reduce((sum, one) => sum + one, 0),
        `width ${widthBits}, radius ${radius}`,
      ).toBe(radius + 1)
    }
  }
})

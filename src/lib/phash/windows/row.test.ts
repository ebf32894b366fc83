import fc from 'fast-check'
import { expect, it } from 'vitest'
import { WindowError } from './errors.ts'
import { decodeRow, encodeRow, ROW_BYTES, type WindowRow } from './row.ts'

function codeOf(call: () => unknown): string | null {
  try {
    call()
    return null
  } catch (error) {
    return error instanceof WindowError ? error.code : String(error)
  }
}

const HASH = new Uint8Array(32).map((_, i) => (i % 2 === 0 ? 0xaa : 0x0f))
const ROW: WindowRow = {
  hash: HASH,
  quality: 77,
  cx: 640,
  cy: 480,
  side: 480,
  angle: (2.6 * Math.PI) / 180,
  frame: { width: 1280, height: 960 },
  shorterSide: 960,
}

it('writes a row as 40 bytes, most significant first', () => {
  const bytes = encodeRow(ROW)
  expect(bytes).toHaveLength(ROW_BYTES)
  expect(bytes.slice(0, 32)).toEqual(HASH)
  // 32767.5 rounds up; half the shorter side; 26 tenths of a degree.
  expect([...bytes.slice(32)]).toEqual([0x80, 0x00, 0x80, 0x00, 0x40, 0x00, 26, 77])
  expect([...encodeRow({ ...ROW, angle: -ROW.angle }).slice(38, 39)]).toEqual([256 - 26])
})

it('reads back what it wrote, within its steps', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 64, max: 20_000 }),
      fc.integer({ min: 64, max: 20_000 }),
      fc.double({ min: 0.05, max: 0.98, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.constantFrom(-0.045, 0, 0.045),
      fc.integer({ min: 20, max: 100 }),
      (width, height, share, u, v, angle, quality) => {
        const shorterSide = Math.min(width, height)
        const side = share * shorterSide
        const cx = side / 2 + u * (width - side)
        const cy = side / 2 + v * (height - side)
        const row = { ...ROW, frame: { width, height }, shorterSide, side, cx, cy, angle, quality }
        const read = decodeRow(encodeRow(row), { frame: row.frame, shorterSide })
        expect([read.hash, read.quality, read.frame, read.shorterSide]).toEqual([
          HASH,
          quality,
          row.frame,
          shorterSide,
        ])
        expect(Math.abs(read.cx - cx)).toBeLessThanOrEqual(width / 65_535)
        expect(Math.abs(read.cy - cy)).toBeLessThanOrEqual(height / 65_535)
        expect(Math.abs(read.side - side)).toBeLessThanOrEqual(shorterSide / 32_768)
        expect(Math.abs(read.angle - angle)).toBeLessThan(0.001)
      },
    ),
  )
})

it('refuses to write what makes no row', () => {
  for (const wrong of [
    { hash: new Uint8Array(31) },
    { hash: new Uint8Array(32) },
    { quality: 19 },
    { quality: 101 },
    { cx: 1281 },
    { cx: Number.NaN },
    { cy: 100 },
    { side: 0 },
    { side: 961 },
    { side: Number.POSITIVE_INFINITY },
    { angle: 0.3 },
    { shorterSide: 0 },
    { shorterSide: 961 },
    { frame: { width: 0, height: 960 } },
    { frame: { width: 1280.5, height: 960 } },
  ] satisfies Partial<WindowRow>[]) {
    expect(
      codeOf(() => encodeRow({ ...ROW, ...wrong })),
      JSON.stringify(wrong),
    ).toBe('BAD_ROW')
  }
})

it('refuses bytes that are no row, and never fails otherwise', () => {
  const good = encodeRow(ROW)
  const changed = (at: number, ...values: number[]): Uint8Array => {
    const bytes = good.slice()
    bytes.set(values, at)
    return bytes
  }
  expect(codeOf(() => decodeRow(good, ROW))).toBeNull()
  for (const bad of [
    good.slice(1),
    new Uint8Array(41),
    new Uint8Array(40),
    changed(39, 19),
    changed(39, 255),
    changed(32, 0, 0),
    changed(34, 255, 255),
    changed(36, 0, 0),
    changed(36, 128, 1),
    changed(0, ...new Uint8Array(32).fill(255)),
  ]) {
    expect(codeOf(() => decodeRow(bad, ROW))).toBe('BAD_ROW')
  }
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 38, maxLength: 42 }), (bytes) => {
      expect(['BAD_ROW', null]).toContain(codeOf(() => decodeRow(bytes, ROW)))
    }),
  )
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { copyPlace, POSITIONS, type Rectangle, SHARES, SIDES } from './copy-place.ts'

const WHOLE: Rectangle = { left: 0, top: 0, width: 1, height: 1 }

/** A part of the given size around a point. */
const around = (x: number, y: number, size = 0.2): Rectangle => ({
  left: x - size / 2,
  top: y - size / 2,
  width: size,
  height: size,
})

describe('the place of a picture in a copy', () => {
  it('is named by the third its middle lies in', () => {
    const named = [0.1, 0.5, 0.9].flatMap((y) =>
      [0.1, 0.5, 0.9].map((x) => copyPlace(around(x, y))?.position),
    )
    expect(named).toEqual(POSITIONS)
  })

  it('is that of what is seen, not of what was cut off', () => {
    expect(copyPlace({ ...WHOLE, left: 0.7, width: 2 })?.position).toBe('right')
    expect(copyPlace({ ...WHOLE, left: -1.7, width: 2 })?.position).toBe('left')
  })

  it('says its share of the copy by area, from nearly all to less than a tenth', () => {
    const shares = [1, 3 / 4, 2 / 3, 1 / 2, 1 / 3, 1 / 4, 1 / 6, 1 / 10, 1 / 20]
    expect(shares.map((width) => copyPlace({ ...WHOLE, width })?.share)).toEqual(SHARES)
    expect(copyPlace(around(0.5, 0.5, Math.sqrt(1 / 3)))?.share).toBe('third')
  })

  it('says what is left of the picture, however much larger than the copy it is', () => {
    const shares = [1, 3 / 4, 2 / 3, 1 / 2, 1 / 3, 1 / 4, 1 / 6, 1 / 10, 1 / 19]
    const left = shares.map((share) => copyPlace({ ...WHOLE, width: 1 / share }))
    expect(left.map((place) => place?.remaining)).toEqual(SHARES)
    expect(left.map((place) => place?.share)).toEqual(shares.map(() => 'nearly-all'))
  })

  it.each([
    ['top', { ...WHOLE, top: -0.1, height: 1.1 }],
    ['bottom', { ...WHOLE, height: 1.1 }],
    ['left', { ...WHOLE, left: -0.1, width: 1.1 }],
    ['right', { ...WHOLE, width: 1.1 }],
  ] as const)('names the side it is cut off at: %s', (side, rectangle) => {
    expect(copyPlace(rectangle)?.cutSides).toEqual([side])
  })

  it('names all sides of a cut, and none for less than can be told from nothing', () => {
    expect(copyPlace({ left: -0.5, top: -0.5, width: 2, height: 2 })?.cutSides).toEqual(SIDES)
    expect(copyPlace({ left: -0.03, top: -0.03, width: 1.06, height: 1.06 })?.cutSides).toEqual([])
    expect(copyPlace(around(0.5, 0.5))?.cutSides).toEqual([])
  })

  it('takes an overhang for a cut by how much of the picture it is, not of the copy', () => {
    const cut = (left: number, width: number) => copyPlace({ ...WHOLE, left, width })?.cutSides
    expect(cut(-0.02, 0.3)).toEqual(['left'])
    expect(cut(-0.1, 3)).toEqual(['right'])
  })

  it.each([
    ['none', undefined],
    ['no number', { ...WHOLE, left: Number.NaN }],
    ['endless', { ...WHOLE, width: Number.POSITIVE_INFINITY }],
    ['no width', { ...WHOLE, width: 0 }],
    ['turned inside out', { ...WHOLE, height: -1 }],
    ['larger than a picture can be recognised in', { left: -10, top: -10, width: 21, height: 21 }],
    ['outside', { ...WHOLE, left: 1.5 }],
    ['touching the edge only', { ...WHOLE, top: -0.995 }],
    ['too narrow to be seen', { ...WHOLE, width: 0.005 }],
  ])('is not told where it is %s', (_, where) => {
    expect(copyPlace(where)).toBeNull()
  })

  it('is never told in other words than those there are, whatever the numbers', () => {
    const number = fc.oneof(fc.double(), fc.double({ min: -3, max: 3 }))
    const rectangle = fc.record({ left: number, top: number, width: number, height: number })
    fc.assert(
      fc.property(rectangle, (where) => {
        const place = copyPlace(where)
        if (!place) return
        expect(POSITIONS).toContain(place.position)
        expect(SHARES).toContain(place.share)
        expect(SHARES).toContain(place.remaining)
        expect(place.rectangle).toEqual(where)
      }),
    )
  })
})

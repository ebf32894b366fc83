import { describe, expect, it } from 'vitest'
import type { Pixels } from '../pixels.ts'
import { type Ground, groundOf } from './ground.ts'
import { queryWindowsWith } from './query.ts'
import { strongestAnchors } from './strongest.ts'
import { typescriptWindows } from './typescript-windows.ts'
import { draw, paint, planeOf } from './vectors/pictures.ts'
import { bestWindowKernel } from './window-kernels.ts'

const PLACE = { left: 140, top: 500, width: 420, height: 320 }

/** Lines of bold signs on a plain ground all over, as in a chat, and a picture in the midst of it. */
function screen(picture: Pixels): Pixels {
  return paint(700, 1400, (x, y) => {
    const [inX, inY] = [x - PLACE.left, y - PLACE.top]
    const isPicture = inX >= 0 && inX < PLACE.width && inY >= 0 && inY < PLACE.height
    if (isPicture) return picture.data[inY * PLACE.width + inX] ?? 0
    const isSign = y % 60 < 26 && (x * 7 + Math.floor(y / 60) * 131) % 43 < 14 && Math.floor(x / 90) % 3 !== 1
    return isSign ? 20 : 230
  })
}

function isInPicture({ cx, cy, side }: { cx: number; cy: number; side: number }): boolean {
  const { left, top, width, height } = PLACE
  const half = side / 2
  return cx - half >= left && cx + half <= left + width && cy - half >= top && cy + half <= top + height
}

function groundIn(picture: Pixels): Ground {
  return groundOf(planeOf(picture)) ?? { fills: () => false }
}

describe('the ground of a picture', () => {
  it('is the plain part of a screen, and not the picture on it', () => {
    const ground = groundIn(screen(draw('photo', 4, PLACE.width, PLACE.height)))
    expect(ground.fills({ cx: 350, cy: 200, side: 200 })).toBe(true)
    expect(ground.fills({ cx: 350, cy: 1200, side: 120 })).toBe(true)
    expect(ground.fills({ cx: 350, cy: 660, side: 300 })).toBe(false)
  })

  it('is all of a constant picture, and nothing of noise, of a photograph or of an even change of brightness', () => {
    const window = { cx: 200, cy: 150, side: 200 }
    expect(groundIn(paint(400, 300, () => 90)).fills(window)).toBe(true)
    expect(groundIn(paint(400, 300, () => 255)).fills(window)).toBe(true)
    expect(groundIn(paint(400, 300, () => 0)).fills(window)).toBe(true)
    expect(groundIn(draw('noise', 1, 400, 300)).fills(window)).toBe(false)
    expect(groundIn(draw('photo', 1, 400, 300)).fills(window)).toBe(false)
    const sky = paint(400, 300, (x, y) => 60 + x / 4 + y / 5)
    expect(groundIn(sky).fills(window)).toBe(false)
  })

  it('is asked for windows that reach out, and of pictures of a few pixels', () => {
    const plain = groundIn(paint(400, 300, () => 90))
    expect(plain.fills({ cx: 0, cy: 0, side: 200 })).toBe(true)
    expect(plain.fills({ cx: -500, cy: -500, side: 100 })).toBe(false)
    for (const [width, height] of [
      [1, 1],
      [2, 1],
      [3, 3],
      [1, 900],
    ] as const) {
      expect(groundIn(paint(width, height, () => 9)).fills({ cx: 0, cy: 0, side: 0.5 })).toBe(false)
    }
  })
})

describe('the strongest blobs', () => {
  const offerAll = (cap: number, isGround: ((cx: number) => boolean) | null) => {
    const strongest = strongestAnchors(cap, isGround)
    for (const strength of [5, 9, 1, 7, 7, 3, 8, 2, 6])
      strongest.offer(strength, strongest.kept().length, strength)
    return strongest.kept().map(({ strength }) => strength)
  }

  it('are kept in the order of their strength, of equal ones the first', () => {
    expect(offerAll(4, null)).toEqual([9, 8, 7, 7])
    expect(offerAll(0, null)).toEqual([])
    const equal = strongestAnchors(2, null)
    for (const cx of [1, 2, 3]) equal.offer(cx, 0, 4)
    expect(equal.kept().map(({ cx }) => cx)).toEqual([1, 2])
  })

  it('on the ground come after all others, and are at most half of what was asked for', () => {
    const isStrong = (cx: number) => cx >= 6
    expect(offerAll(4, isStrong)).toEqual([5, 3, 2, 1])
    expect(offerAll(6, isStrong)).toEqual([5, 3, 2, 1, 9, 8])
    expect(offerAll(20, isStrong)).toEqual([5, 3, 2, 1, 9, 8, 7, 7, 6])
    expect(offerAll(6, () => true)).toEqual([9, 8, 7])
  })
})

it.each([
  ['fastest', bestWindowKernel()],
  ['typescript', typescriptWindows],
])('looks for the picture on a screen rather than for letters, by the %s kernel', async (_name, kernel) => {
  const copy = screen(draw('photo', 4, PLACE.width, PLACE.height))
  const windows = await queryWindowsWith(kernel, copy, { look: 'first' })
  const fitting = windows.filter(({ side }) => side < 0.7 * PLACE.height)
  expect(fitting.length).toBeGreaterThan(50)
  expect(fitting.filter(isInPicture).length).toBeGreaterThan(0.25 * fitting.length)
})

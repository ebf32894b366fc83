import { describe, expect, it } from 'vitest'
import {
  addBorder,
  addSticker,
  chatScreenshot,
  crop,
  drawScene,
  mirror,
  type Rgb8,
  randomFromInteger,
  resizeByArea,
  turnQuarters,
} from './index.ts'

/** One letter per pixel, its code in all three channels. */
function fromLetters(...rows: string[]): Rgb8 {
  const letters = rows.join('')
  const data = Uint8Array.from({ length: 3 * letters.length }, (_, i) =>
    letters.charCodeAt(Math.floor(i / 3)),
  )
  return { data, width: rows[0]?.length ?? 0, height: rows.length, format: 'rgb8' }
}

function toLetters(pixels: Rgb8): string[] {
  return Array.from({ length: pixels.height }, (_, y) =>
    Array.from({ length: pixels.width }, (_, x) =>
      String.fromCharCode(pixels.data[3 * (y * pixels.width + x)] ?? 0),
    ).join(''),
  )
}

const SIX = fromLetters('abc', 'def')

describe('edits of a picture', () => {
  it('mirrors left and right', () => {
    expect(toLetters(mirror(SIX))).toEqual(['cba', 'fed'])
  })

  it('turns clockwise by quarters', () => {
    expect(toLetters(turnQuarters(SIX, 1))).toEqual(['da', 'eb', 'fc'])
    expect(toLetters(turnQuarters(SIX, 2))).toEqual(['fed', 'cba'])
    expect(toLetters(turnQuarters(SIX, 3))).toEqual(['cf', 'be', 'ad'])
  })

  it('cuts a rectangle out, and refuses one that reaches outside', () => {
    expect(toLetters(crop(SIX, { left: 1, top: 0, width: 2, height: 2 }))).toEqual(['bc', 'ef'])
    for (const rect of [
      { left: 2, top: 0, width: 2, height: 1 },
      { left: 0, top: 1, width: 1, height: 2 },
      { left: -1, top: 0, width: 1, height: 1 },
      { left: 0.5, top: 0, width: 1, height: 1 },
    ]) {
      expect(() => crop(SIX, rect)).toThrow(expect.objectContaining({ code: 'RECT_OUTSIDE' }))
    }
    expect(() => crop(SIX, { left: 0, top: 0, width: 0, height: 1 })).toThrow(
      expect.objectContaining({ code: 'SIZE_RANGE' }),
    )
  })

  it('frames with a colour', () => {
    const framed = addBorder(SIX, { left: 1, top: 1, right: 2, bottom: 0 }, [46, 46, 46])
    expect(toLetters(framed)).toEqual(['......', '.abc..', '.def..'])
  })

  it('averages areas when it makes a picture smaller, fractions included', () => {
    const row = {
      data: Uint8Array.of(0, 0, 0, 90, 90, 90, 180, 180, 180),
      width: 3,
      height: 1,
      format: 'rgb8',
    } as const
    expect([...resizeByArea(row, 1, 1).data]).toEqual([90, 90, 90])
    // Two new pixels cover one and a half old ones each: (0 + 90 / 2) / 1.5 and (90 / 2 + 180) / 1.5.
    expect([...resizeByArea(row, 2, 1).data]).toEqual([30, 30, 30, 150, 150, 150])
    expect([...resizeByArea(row, 3, 1).data]).toEqual([...row.data])
  })

  it('keeps the mean brightness when it makes a picture smaller', () => {
    const scene = drawScene(5, { width: 320, height: 240 })
    const mean = (pixels: Rgb8) => pixels.data.reduce((sum, value) => sum + value, 0) / pixels.data.length
    expect(Math.abs(mean(resizeByArea(scene, 97, 61)) - mean(scene))).toBeLessThan(0.5)
  })

  it('covers a small part of the picture with a sticker and leaves the rest as it was', () => {
    const scene = drawScene(6, { width: 320, height: 240 })
    const stickered = addSticker(scene, randomFromInteger(7))
    const changed = stickered.data.filter((value, i) => value !== scene.data[i]).length / scene.data.length
    expect(changed).toBeGreaterThan(0.005)
    expect(changed).toBeLessThan(0.12)
  })

  it('puts a wide, a square and a tall picture whole into a chat screenshot', () => {
    for (const [width, height] of [
      [320, 240],
      [200, 200],
      [120, 480],
    ] as const) {
      const red = { data: new Uint8Array(3 * width * height), width, height, format: 'rgb8' } as const
      for (let i = 0; i < red.data.length; i += 3) red.data[i] = 255
      const screen = chatScreenshot(red, randomFromInteger(width))
      let count = 0
      for (let i = 0; i < screen.data.length; i += 3)
        if (screen.data[i] === 255 && screen.data[i + 1] === 0) count++
      expect(screen.width).toBe(720)
      expect(count / (screen.width * screen.height)).toBeGreaterThan(0.1)
    }
  })
})

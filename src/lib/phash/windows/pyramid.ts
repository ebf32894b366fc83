import type { LumaPlane } from './luma.ts'

/** No level is made from one with a side below this. */
export const MIN_LEVEL_SIDE = 24
export const MAX_LEVELS = 12

/** The plane, then each time the means of 2 x 2 pixels of the level before; an odd last row or column is dropped. */
export function pyramidOf(plane: LumaPlane): LumaPlane[] {
  const levels = [plane]
  let last = plane
  while (Math.min(last.width, last.height) >= MIN_LEVEL_SIDE && levels.length < MAX_LEVELS) {
    last = halved(last)
    levels.push(last)
  }
  return levels
}

/** Sides of the levels of `pyramidOf` without the levels. */
export function levelSides(width: number, height: number): { width: number; height: number }[] {
  const sides = [{ width, height }]
  let last = { width, height }
  while (Math.min(last.width, last.height) >= MIN_LEVEL_SIDE && sides.length < MAX_LEVELS) {
    last = { width: last.width >> 1, height: last.height >> 1 }
    sides.push(last)
  }
  return sides
}

/** The largest level, up to `last`, at which `length` is still at least `atLeast`; 0 when it never is. */
export function levelFor(length: number, atLeast: number, last: number): number {
  let level = 0
  while (level < last && length / 2 ** (level + 1) >= atLeast) level++
  return level
}

/** Means of 2 x 2 pixels; an odd last row or column is dropped. */
export function halved({ data, width, height }: LumaPlane): LumaPlane {
  const half = {
    data: new Float32Array((width >> 1) * (height >> 1)),
    width: width >> 1,
    height: height >> 1,
  }
  for (let y = 0, to = 0; y < half.height; y++) {
    let upper = 2 * y * width
    for (let x = 0; x < half.width; x++, upper += 2) {
      const lower = upper + width
      const top = (data[upper] ?? 0) + (data[upper + 1] ?? 0)
      half.data[to++] = 0.25 * (top + (data[lower] ?? 0) + (data[lower + 1] ?? 0))
    }
  }
  return half
}

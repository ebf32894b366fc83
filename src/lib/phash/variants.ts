import { flatten, hasTransparency } from './alpha.ts'
import { fingerprint, orientations } from './fingerprint.ts'
import { toHex } from './hash.ts'
import { ORIENTATIONS } from './orientation.ts'
import { assertPixels, crop, type Pixels, type Rect } from './pixels.ts'
import type { Fingerprint } from './print.ts'
import { reduceLuma } from './reduce.ts'

/** `basic`: the eight orientations. `standard` and `wide`: and a grid of crops, at most 80 or 255 more. */
export type VariantSet = 'basic' | 'standard' | 'wide'

/** `o0`..`o7` in the order of `ORIENTATIONS`; `w`, `k` laid over white, black; `c<left>.<top>.<right>.<bottom>` in percent. */
export interface Variant {
  readonly id: string
  readonly fingerprint: Fingerprint
}

/** Percentages cut from each side. */
const CUTS: Readonly<Record<VariantSet, readonly number[]>> = {
  basic: [],
  standard: [0, 4, 8],
  wide: [0, 3, 6, 9],
}

const CROP_PLANE_SIDE = 1024

const ROWS_PER_TURN = 8

/**
 * The fingerprints to register for one picture. Unusable ones and repeated ones are left out. The work is done as the rows
 * are asked for, with a pause for other tasks every few rows; leaving the loop ends it. Throws as `fingerprint`, at once.
 */
export function variants(pixels: Pixels, set: VariantSet): AsyncIterable<Variant> {
  assertPixels(pixels)
  return pacedDistinct(candidates(pixels, set))
}

/**
 * The part of a picture that is left when whole percentages are cut from its sides. At least one pixel stays while less
 * than half is cut from each side.
 */
export function cropRect(width: number, height: number, cut: Cut): Rect {
  const x = percentOf(width, cut.left)
  const y = percentOf(height, cut.top)
  return {
    x,
    y,
    width: width - percentOf(width, cut.right) - x,
    height: height - percentOf(height, cut.bottom) - y,
  }
}

export interface Cut {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

function percentOf(length: number, percent: number): number {
  return Math.floor((length * percent + 50) / 100)
}

function* candidates(pixels: Pixels, set: VariantSet): Generator<Variant> {
  const turned = orientations(pixels)
  for (const [index, orientation] of ORIENTATIONS.entries()) {
    yield { id: `o${index}`, fingerprint: turned[orientation] }
  }
  if (hasTransparency(pixels)) {
    yield { id: 'w', fingerprint: fingerprint(flatten(pixels, 'white')) }
    yield { id: 'k', fingerprint: fingerprint(flatten(pixels, 'black')) }
  }
  if (set !== 'basic') yield* crops(reduceLuma(pixels, CROP_PLANE_SIDE), CUTS[set])
}

function* crops(plane: Pixels, cuts: readonly number[]): Generator<Variant> {
  for (const left of cuts) {
    for (const top of cuts) {
      for (const right of cuts) {
        for (const bottom of cuts) {
          if (left + top + right + bottom === 0) continue
          const rect = cropRect(plane.width, plane.height, { left, top, right, bottom })
          yield { id: `c${left}.${top}.${right}.${bottom}`, fingerprint: fingerprint(crop(plane, rect)) }
        }
      }
    }
  }
}

async function* pacedDistinct(rows: Iterable<Variant>): AsyncGenerator<Variant> {
  const seen = new Set<string>()
  let computed = 0
  for (const row of rows) {
    computed++
    if (computed % ROWS_PER_TURN === 0)
      await new Promise((resolve) => setTimeout(() => resolve(undefined), 0))
    const hash = toHex(row.fingerprint.hash)
    if (!row.fingerprint.usable || seen.has(hash)) continue
    seen.add(hash)
    yield row
  }
}

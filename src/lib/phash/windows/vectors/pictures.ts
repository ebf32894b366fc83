import { distance, HASH_BYTES } from '../../hash.ts'
import { ORIENTATIONS, type Orientation } from '../../orientation.ts'
import type { Pixels } from '../../pixels.ts'
import { generate } from '../../vectors/generate.ts'
import type { LumaPlane } from '../luma.ts'
import type { QueryWindow } from '../query.ts'
import type { WindowRow } from '../row.ts'

/** A gray picture by one of the generators of the PDQ vectors. */
export function draw(generator: string, seed: number, width: number, height: number): Pixels {
  return { data: generate(generator, seed, width, height, 1), width, height, format: 'luma8' }
}

/** A gray picture from a formula. */
export function paint(width: number, height: number, valueAt: (x: number, y: number) => number): Pixels {
  const data = new Uint8ClampedArray(width * height)
  for (let y = 0, at = 0; y < height; y++) for (let x = 0; x < width; x++) data[at++] = valueAt(x, y)
  return { data, width, height, format: 'luma8' }
}

export function planeOf({ data, width, height }: Pixels): LumaPlane {
  return { data: Float32Array.from(data), width, height }
}

/** How many pairs of a query window and a row match, by orientation. */
export function hitsOf(
  windows: readonly QueryWindow[],
  rows: readonly WindowRow[],
): Partial<Record<Orientation, number>> {
  const hits: Partial<Record<Orientation, number>> = {}
  for (const { hashes } of windows) {
    for (const [k, orientation] of ORIENTATIONS.entries()) {
      const hash = hashes.subarray(k * HASH_BYTES, (k + 1) * HASH_BYTES)
      for (const row of rows) {
        if (distance(hash, row.hash) <= 31) hits[orientation] = (hits[orientation] ?? 0) + 1
      }
    }
  }
  return hits
}

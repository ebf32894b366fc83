import { paintAbstract } from './abstracts.ts'
import { fillPolygon, newCanvas } from './canvas.ts'
import { anyColour } from './colours.ts'
import { paintLandscape } from './landscapes.ts'
import { paintNumber } from './numbers.ts'
import type { Rgb8 } from './pixels.ts'
import { type Random, randomFromInteger } from './random.ts'
import { paintRoom } from './rooms.ts'
import { blob } from './shapes.ts'
import { develop } from './texture.ts'

const PAINTERS = { landscape: paintLandscape, room: paintRoom, abstract: paintAbstract }

export type SceneKind = keyof typeof PAINTERS

export interface SceneOptions {
  /** Pixels; 1280 unless given. */
  width?: number
  /** Pixels; 960 unless given. */
  height?: number
  /** Chosen by the seed unless given. */
  kind?: SceneKind
}

/**
 * A drawn picture of no real thing and never of a person: a landscape, an empty room or a heap of shapes, with uneven
 * light and a numbered plate. The same seed and size give the same bytes in Node and in browsers; different seeds give
 * pictures that no fingerprint confuses. Seed: a whole number of 0..2^53-1, or a stream to draw from.
 * Errors: `SIZE_RANGE`, `SEED_FORM`.
 */
export function drawScene(seed: number | Random, options: SceneOptions = {}): Rgb8 {
  const random = typeof seed === 'number' ? randomFromInteger(seed) : seed
  const label = typeof seed === 'number' ? seed : random.next()
  const canvas = newCanvas(options.width ?? 1280, options.height ?? 960)
  const kind = random.pick<SceneKind>(['landscape', 'room', 'abstract'])
  PAINTERS[options.kind ?? kind](canvas, random)
  paintNumber(canvas, random, label)
  for (let i = random.whole(4, 12); i > 0; i--) {
    const pebble = blob(
      random,
      random.unit(),
      random.unit(),
      random.between(0.02, 0.07),
      random.between(0.02, 0.08),
    )
    fillPolygon(canvas, pebble, anyColour(random), anyColour(random))
  }
  return develop(canvas, random)
}

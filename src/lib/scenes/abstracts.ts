import { type Canvas, fillPolygon, fillRect } from './canvas.ts'
import { anyColour, shaded } from './colours.ts'
import type { Random } from './random.ts'
import { anyDirection, blob, crookedBox } from './shapes.ts'

/** A heap of blobs, boxes, triangles and uneven stripes of every size. */
export function paintAbstract(canvas: Canvas, random: Random): void {
  fillRect(canvas, 0, 0, 1, 1, anyColour(random), anyColour(random))
  const count = random.whole(24, 46)
  for (let i = 0; i < count; i++) {
    // Large ones first, so that small ones stay in sight.
    const size = random.between(0.03, 0.1) + (0.35 * (count - i) * random.unit()) / count
    paintAny(canvas, random, random.unit(), random.unit(), size)
  }
}

function paintAny(canvas: Canvas, random: Random, x: number, y: number, size: number): void {
  const colour = anyColour(random)
  const kind = random.below(4)
  if (kind === 0) fillPolygon(canvas, blob(random, x, y, size * 0.7, size * 0.7), colour, anyColour(random))
  else if (kind === 1) {
    const box = crookedBox(random, x, y, size, size * random.between(0.4, 2), 0.25, true)
    fillPolygon(canvas, box, colour, shaded(colour, random.between(-80, 80)))
  } else if (kind === 2) {
    const triangle = Array.from({ length: 3 }, () => [
      x + random.between(-size, size),
      y + random.between(-size, size),
    ])
    fillPolygon(canvas, triangle.flat(), colour, shaded(colour, random.between(-80, 80)))
  } else paintStripes(canvas, random, x, y, size)
}

function paintStripes(canvas: Canvas, random: Random, x: number, y: number, size: number): void {
  const [dx, dy] = anyDirection(random)
  let at = -size / 2
  for (let i = random.whole(2, 5); i > 0; i--) {
    const thick = size * random.between(0.06, 0.25)
    const from = -size * random.between(0.3, 1)
    const to = size * random.between(0.3, 1)
    const corner = (along: number, across: number) => [
      x + along * dx - across * dy,
      y + along * dy + across * dx,
    ]
    fillPolygon(
      canvas,
      [corner(from, at), corner(to, at), corner(to, at + thick), corner(from, at + thick)].flat(),
      anyColour(random),
    )
    at += thick + size * random.between(0.03, 0.2)
  }
}

import { type Canvas, fillPolygon, fillRect } from './canvas.ts'
import { anyColour, shaded, standingOut } from './colours.ts'
import type { Random } from './random.ts'
import { blob, crookedBox, ridge } from './shapes.ts'

/** Sky, clouds, a few ridges, a stream, trees, huts and rocks. */
export function paintLandscape(canvas: Canvas, random: Random): void {
  const horizon = random.between(0.22, 0.78)
  const sky = anyColour(random)
  fillRect(canvas, 0, 0, 1, 1, sky, anyColour(random))
  for (let i = random.whole(3, 9); i > 0; i--) {
    const cloud = blob(
      random,
      random.unit(),
      random.between(0, horizon),
      random.between(0.04, 0.2),
      random.between(0.02, 0.12),
    )
    fillPolygon(canvas, cloud, standingOut(random, sky, 45), anyColour(random))
  }
  let ground = sky
  const ridges = random.whole(2, 5)
  for (let i = 0; i < ridges; i++) {
    const level = horizon + ((1.05 - horizon) * i) / ridges
    ground = standingOut(random, ground)
    const line = ridge(random, level, random.between(0.03, 0.2), random.between(0.42, 0.68))
    fillPolygon(canvas, line, ground, anyColour(random))
  }
  if (random.isHit(0.5)) paintStream(canvas, random, horizon)
  for (let i = random.whole(9, 22); i > 0; i--) paintThing(canvas, random, horizon)
}

function paintStream(canvas: Canvas, random: Random, horizon: number): void {
  const left: number[] = []
  const right: number[] = []
  let x = random.between(0.1, 0.9)
  for (let i = 0; i <= 8; i++) {
    const y = horizon + ((1.02 - horizon) * i) / 8
    const half = 0.008 + 0.012 * i * random.between(0.6, 1.4)
    left.push(x - half, y)
    right.unshift(x + half, y)
    x += random.between(-0.12, 0.12)
  }
  // Pairs were put in front as (x, y) at once, so the right bank already runs upwards.
  fillPolygon(canvas, [...left, ...right], anyColour(random), anyColour(random))
}

function paintThing(canvas: Canvas, random: Random, horizon: number): void {
  const x = random.unit()
  const y = random.between(horizon, 1)
  const size = random.between(0.04, 0.1) + 0.2 * ((y - horizon) / (1 - horizon)) * random.unit()
  const colour = anyColour(random)
  const kind = random.below(5)
  if (kind === 0) paintLeafTree(canvas, random, x, y, size)
  else if (kind === 1) paintNeedleTree(canvas, random, x, y, size)
  else if (kind === 2) paintHut(canvas, random, x, y, size)
  else
    fillPolygon(
      canvas,
      blob(random, x, y, size * 0.7, size * random.between(0.4, 0.9)),
      colour,
      shaded(colour, -60),
    )
}

function paintLeafTree(canvas: Canvas, random: Random, x: number, y: number, size: number): void {
  fillPolygon(canvas, crookedBox(random, x, y, size * 0.2, size, 0.2), anyColour(random, 18, 120))
  for (let i = random.whole(1, 3); i > 0; i--) {
    const colour = anyColour(random)
    const crown = blob(
      random,
      x + random.between(-0.3, 0.3) * size,
      y - random.between(0.4, 0.9) * size,
      size * random.between(0.3, 0.6),
      size * random.between(0.3, 0.6),
    )
    fillPolygon(canvas, crown, colour, shaded(colour, random.between(-70, 20)))
  }
}

function paintNeedleTree(canvas: Canvas, random: Random, x: number, y: number, size: number): void {
  const colour = anyColour(random)
  for (let i = random.whole(2, 4); i > 0; i--) {
    const foot = y - size * 0.35 * (3 - i)
    const half = size * random.between(0.2, 0.45)
    const top = foot - size * random.between(0.5, 0.9)
    const tip = x + random.between(-0.1, 0.1) * size
    fillPolygon(canvas, [x - half, foot, x + half, foot, tip, top], colour, shaded(colour, -50))
  }
}

function paintHut(canvas: Canvas, random: Random, x: number, y: number, size: number): void {
  const wall = anyColour(random)
  const half = size * random.between(0.4, 0.8)
  const top = y - size * random.between(0.4, 0.9)
  fillRect(canvas, x - half, top, x + half, y, wall, shaded(wall, -40))
  const tip = x + random.between(-0.5, 0.5) * half
  fillPolygon(
    canvas,
    [x - half * 1.2, top, x + half * 1.2, top, tip, top - size * random.between(0.2, 0.6)],
    standingOut(random, wall),
  )
  for (let i = random.whole(1, 3); i > 0; i--) {
    const opening = crookedBox(
      random,
      x + random.between(-0.7, 0.7) * half,
      random.between(top, y),
      half * random.between(0.2, 0.5),
      size * random.between(0.1, 0.3),
      0.05,
    )
    fillPolygon(canvas, opening, standingOut(random, wall))
  }
}

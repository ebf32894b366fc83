import { type Canvas, fillPolygon } from './canvas.ts'
import { anyColour, shaded, standingOut } from './colours.ts'
import type { Random } from './random.ts'
import { blob, crookedBox } from './shapes.ts'

/** Walls, a floor, windows and pictures on the wall, shelves, furniture and plants; nobody is in. */
export function paintRoom(canvas: Canvas, random: Random): void {
  const wall = anyColour(random)
  const corner = random.between(0.15, 0.85)
  const floor = random.between(0.5, 0.85)
  fillPolygon(canvas, [0, 0, 1, 0, 1, 1, 0, 1], wall, anyColour(random))
  fillPolygon(canvas, [corner, 0, 1, 0, 1, 1, corner, 1], standingOut(random, wall, 40), anyColour(random))
  const floorLine = [
    0,
    floor + random.between(-0.1, 0.2),
    corner,
    floor,
    1,
    floor + random.between(-0.1, 0.2),
  ]
  fillPolygon(canvas, [...floorLine, 1, 1.01, 0, 1.01], anyColour(random), anyColour(random))
  for (let i = random.whole(1, 3); i > 0; i--) paintPane(canvas, random)
  for (let i = random.whole(1, 3); i > 0; i--) paintShelf(canvas, random)
  for (let i = random.whole(5, 12); i > 0; i--) paintFurniture(canvas, random, floor)
}

/** A window or a framed picture: a frame with shapes behind it. */
function paintPane(canvas: Canvas, random: Random): void {
  const x = random.between(0.1, 0.9)
  const y = random.between(0.1, 0.5)
  const w = random.between(0.12, 0.34)
  const h = random.between(0.12, 0.4)
  const frame = anyColour(random)
  fillPolygon(canvas, crookedBox(random, x, y, w, h, 0.06), frame, shaded(frame, -30))
  fillPolygon(
    canvas,
    crookedBox(random, x, y, w * 0.84, h * 0.84, 0.04),
    standingOut(random, frame),
    anyColour(random),
  )
  for (let i = random.whole(2, 6); i > 0; i--) {
    const inside = blob(
      random,
      x + w * random.between(-0.28, 0.28),
      y + h * random.between(-0.28, 0.28),
      w * random.between(0.05, 0.16),
      h * random.between(0.05, 0.16),
    )
    fillPolygon(canvas, inside, anyColour(random), anyColour(random))
  }
  if (random.isHit(0.5))
    fillPolygon(canvas, crookedBox(random, x + w * random.between(-0.2, 0.2), y, w * 0.05, h, 0.03), frame)
}

function paintShelf(canvas: Canvas, random: Random): void {
  const left = random.between(-0.1, 0.7)
  const foot = random.between(0.2, 0.8)
  const length = random.between(0.25, 0.5)
  const board = anyColour(random)
  for (let x = left; x < left + length; ) {
    const w = random.between(0.012, 0.055)
    const h = random.between(0.05, 0.16)
    const book = anyColour(random)
    if (random.isHit(0.85)) {
      fillPolygon(
        canvas,
        crookedBox(random, x + w / 2, foot - h / 2, w, h, 0.08),
        book,
        shaded(book, random.between(-60, 30)),
      )
    }
    x += w
  }
  fillPolygon(canvas, crookedBox(random, left + length / 2, foot + 0.012, length, 0.025, 0.02), board)
}

function paintFurniture(canvas: Canvas, random: Random, floor: number): void {
  const x = random.between(0.02, 0.98)
  const y = random.between(floor - 0.15, 0.98)
  const size = random.between(0.08, 0.26)
  const kind = random.below(5)
  if (kind === 0) paintCabinet(canvas, random, x, y, size)
  else if (kind === 1) paintTable(canvas, random, x, y, size)
  else if (kind === 2) paintLamp(canvas, random, x, y, size)
  else if (kind === 3) paintPlant(canvas, random, x, y, size)
  else {
    const rug = anyColour(random)
    fillPolygon(canvas, crookedBox(random, x, y, size * 1.6, size * 0.5, 0.3), rug, standingOut(random, rug))
  }
}

function paintCabinet(canvas: Canvas, random: Random, x: number, y: number, size: number): void {
  const body = anyColour(random)
  const w = size * random.between(0.7, 1.4)
  const h = size * random.between(0.8, 1.6)
  fillPolygon(canvas, crookedBox(random, x, y - h / 2, w, h, 0.05), body, shaded(body, -45))
  let top = y - h * 0.95
  while (top < y - h * 0.2) {
    const drawer = h * random.between(0.12, 0.34)
    fillPolygon(
      canvas,
      crookedBox(
        random,
        x + random.between(-0.06, 0.06) * w,
        top + drawer / 2,
        w * random.between(0.6, 0.88),
        drawer * 0.8,
        0.05,
      ),
      standingOut(random, body, 35),
    )
    top += drawer
  }
}

function paintTable(canvas: Canvas, random: Random, x: number, y: number, size: number): void {
  const wood = anyColour(random)
  const w = size * random.between(1, 2)
  for (const side of [-0.42, 0.4]) {
    fillPolygon(canvas, crookedBox(random, x + side * w, y, w * 0.08, size, 0.15), shaded(wood, -50))
  }
  fillPolygon(
    canvas,
    crookedBox(random, x, y - size / 2, w, size * random.between(0.12, 0.35), 0.15),
    wood,
    shaded(wood, 40),
  )
}

function paintLamp(canvas: Canvas, random: Random, x: number, y: number, size: number): void {
  fillPolygon(canvas, crookedBox(random, x, y - size, size * 0.08, size * 2, 0.2), anyColour(random))
  const shade = anyColour(random)
  const top = y - size * random.between(1.9, 2.4)
  const half = size * random.between(0.3, 0.7)
  fillPolygon(
    canvas,
    [x - half * 0.4, top, x + half * 0.5, top, x + half, top + size * 0.7, x - half, top + size * 0.7],
    shade,
  )
}

function paintPlant(canvas: Canvas, random: Random, x: number, y: number, size: number): void {
  for (let i = random.whole(2, 5); i > 0; i--) {
    const leaf = anyColour(random)
    const at = blob(
      random,
      x + size * random.between(-0.4, 0.4),
      y - size * random.between(0.3, 1.1),
      size * random.between(0.1, 0.35),
      size * random.between(0.15, 0.45),
    )
    fillPolygon(canvas, at, leaf, shaded(leaf, -50))
  }
  fillPolygon(canvas, crookedBox(random, x, y, size * 0.5, size * 0.4, 0.15), anyColour(random))
}

import { type Canvas, type Colour, fillPolygon } from './canvas.ts'
import { anyColour, standingOut } from './colours.ts'
import type { Random } from './random.ts'
import { anyDirection } from './shapes.ts'

// Which of the seven bars a digit shows: top, upper right, lower right, bottom, lower left, upper left, middle.
const BARS = [
  '1111110',
  '0110000',
  '1101101',
  '1111001',
  '0110011',
  '1011011',
  '1011111',
  '1110000',
  '1111111',
  '1111011',
]
// Each bar as x0, y0, x1, y1 in a cell of 1 x 2.
const BAR_LINES: readonly (readonly [number, number, number, number])[] = [
  [0, 0, 1, 0],
  [1, 0, 1, 1],
  [1, 1, 1, 2],
  [0, 2, 1, 2],
  [0, 1, 0, 2],
  [0, 0, 0, 1],
  [0, 1, 1, 1],
]

/** From a place on the plate (digit cells) to the canvas. */
type Place = (u: number, v: number) => [number, number]

/** A leaning plate with the last digits of the number: a person can tell test pictures apart by it. */
export function paintNumber(canvas: Canvas, random: Random, number: number): void {
  const digits = String(number).padStart(5, '0').slice(-random.whole(3, 5))
  const plate = anyColour(random)
  const place = anyPlace(random, digits.length)
  const wide = digits.length * 1.6
  const corners = [place(-0.6, -0.6), place(wide, -0.6), place(wide, 2.6), place(-0.6, 2.6)]
  fillPolygon(canvas, corners.flat(), plate, anyColour(random))
  const ink = standingOut(random, plate, 90)
  const thickness = random.between(0.12, 0.24)
  for (let i = 0; i < digits.length; i++)
    paintDigit(canvas, Number(digits[i]), i * 1.6, thickness, place, ink)
}

function anyPlace(random: Random, digitCount: number): Place {
  const middleU = (digitCount * 1.6 - 0.6) / 2
  const size = random.between(0.16, 0.4) / (digitCount * 1.6)
  const [dx, dy] = anyDirection(random)
  const lean = random.between(-0.5, 0.5)
  const stretch = random.between(0.7, 1.5)
  const x = random.between(0.12, 0.88)
  const y = random.between(0.12, 0.88)
  return (u, v) => {
    const across = (u - middleU + (v - 1) * lean) * size
    const down = (v - 1) * size * stretch
    return [x + across * dx - down * dy, y + across * dy + down * dx]
  }
}

function paintDigit(
  canvas: Canvas,
  digit: number,
  left: number,
  thickness: number,
  place: Place,
  ink: Colour,
): void {
  const shown = BARS[digit] ?? ''
  BAR_LINES.forEach(([x0, y0, x1, y1], bar) => {
    if (shown[bar] !== '1') return
    const u0 = left + x0 - thickness
    const u1 = left + x1 + thickness
    const corners = [
      place(u0, y0 - thickness),
      place(u1, y0 - thickness),
      place(u1, y1 + thickness),
      place(u0, y1 + thickness),
    ]
    fillPolygon(canvas, corners.flat(), ink)
  })
}

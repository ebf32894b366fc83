import type { Colour } from './canvas.ts'
import type { Random } from './random.ts'

/** Any colour of a brightness within the bounds (0..255). */
export function anyColour(random: Random, darkest = 18, brightest = 238): Colour {
  return tinted(random, random.between(darkest, brightest))
}

/** A colour whose brightness is at least `step` away from the other's: its outline shows in a fingerprint. */
export function standingOut(random: Random, from: Colour, step = 55): Colour {
  const before = brightness(from)
  const roomBelow = Math.max(0, before - step - 12)
  const roomAbove = Math.max(0, 243 - before - step)
  const at = random.between(0, roomBelow + roomAbove)
  return tinted(random, at < roomBelow ? 12 + at : before + step + (at - roomBelow))
}

/** The same colour, brighter or darker. */
export function shaded(colour: Colour, by: number): Colour {
  return [clamp(colour[0] + by), clamp(colour[1] + by), clamp(colour[2] + by)]
}

function brightness(colour: Colour): number {
  return 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2]
}

function tinted(random: Random, target: number): Colour {
  const red = random.between(-60, 60)
  const blue = random.between(-60, 60)
  const green = -(0.299 * red + 0.114 * blue) / 0.587
  return [clamp(target + red), clamp(target + green), clamp(target + blue)]
}

function clamp(value: number): number {
  return Math.min(255, Math.max(0, value))
}

import type { LumaPlane } from './luma.ts'
import { halved } from './pyramid.ts'

/** Neighbours at half the size differ by less than this where nothing is drawn, also after JPEG. */
const STILL = 1
/** Still pixels of one luma, give or take one, are ground when they are this share of all: a sky has many lumas. */
const LEAST_SHARE = 0.04
/** A window with this much ground shows the interface rather than a picture. */
const MOSTLY = 0.4
const LUMAS = 256

/** A square part of the picture, in pixels of the plane. */
interface Square {
  readonly cx: number
  readonly cy: number
  readonly side: number
}

/** The ground of a picture. */
export interface Ground {
  /** Whether much of the window is ground. */
  fills(window: Square): boolean
}

/**
 * What lies still in one of a few lumas: the walls, bubbles and bars of a chat that a picture is shown in. Photographs mostly have
 * none, drawings may have much; null where there is none. One pass over the plane, and half of its memory.
 */
export function groundOf(plane: LumaPlane): Ground | null {
  const { data, width, height } = halved(plane)
  const lumas = stillLumas({ data, width, height })
  const isGround = groundLumas(lumas)
  if (!isGround.includes(1)) return null
  // counts[y][x]: ground pixels above and to the left.
  const stride = width + 1
  const counts = new Uint32Array(stride * (height + 1))
  for (let y = 0, at = 0; y < height; y++) {
    let inRow = 0
    for (let x = 0, to = (y + 1) * stride + 1; x < width; x++, at++, to++) {
      inRow += isGround[lumas[at] ?? 0] ?? 0
      counts[to] = (counts[to - stride] ?? 0) + inRow
    }
  }
  const inside = (length: number, end: number) => Math.max(0, Math.min(end, Math.round(length / 2)))
  return {
    fills({ cx, cy, side }) {
      const [left, right] = [inside(cx - side / 2, width), inside(cx + side / 2, width)]
      const [top, bottom] = [inside(cy - side / 2, height), inside(cy + side / 2, height)]
      const until = (x: number, y: number) => counts[y * stride + x] ?? 0
      const ground = until(right, bottom) - until(left, bottom) - until(right, top) + until(left, top)
      return ground > 0 && ground >= MOSTLY * (right - left) * (bottom - top)
    },
  }
}

/** The luma of each still pixel, rounded, plus one; 0 for those that are not still, as the last row and column. */
function stillLumas({ data, width, height }: LumaPlane): Uint16Array {
  const lumas = new Uint16Array(width * height)
  for (let y = 0; y < height - 1; y++) {
    let here = data[y * width] ?? 0
    for (let x = 0, at = y * width; x < width - 1; x++, at++) {
      const right = data[at + 1] ?? 0
      const isStill = Math.abs(right - here) < STILL && Math.abs((data[at + width] ?? 0) - here) < STILL
      // Rounds, and adds one.
      if (isStill) lumas[at] = (here + 1.5) | 0
      here = right
    }
  }
  return lumas
}

/** 1 for the lumas (plus one) that much of the picture lies still in. */
function groundLumas(lumas: Uint16Array): Uint8Array {
  const counts = new Uint32Array(LUMAS + 2)
  for (let at = 0; at < lumas.length; at++) {
    const luma = lumas[at] ?? 0
    counts[luma] = (counts[luma] ?? 0) + 1
  }
  counts[0] = 0
  const least = LEAST_SHARE * lumas.length
  return Uint8Array.from(counts, (count, luma) => {
    const near = count + (counts[luma - 1] ?? 0) + (counts[luma + 1] ?? 0)
    return luma > 0 && near >= least ? 1 : 0
  })
}

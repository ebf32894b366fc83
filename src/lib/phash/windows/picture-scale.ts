import type { Rect } from '../pixels.ts'
import type { Area } from './anchors.ts'
import type { LumaPlane } from './luma.ts'

/** From pixels of the picture to those of the reduced plane and back; the sides round differently, hence two factors. */
export interface PictureScale {
  toPlane(rect: Rect): Area
  /** Lengths that are neither across nor down take the mean of both factors. */
  toFrame(place: { cx: number; cy: number; side: number }): { cx: number; cy: number; side: number }
}

export function pictureScale(frame: { width: number; height: number }, plane: LumaPlane): PictureScale {
  const across = frame.width / plane.width
  const down = frame.height / plane.height
  return {
    toPlane: ({ x, y, width, height }) => ({
      x: x / across,
      y: y / down,
      width: width / across,
      height: height / down,
    }),
    toFrame: ({ cx, cy, side }) => ({ cx: cx * across, cy: cy * down, side: (side * (across + down)) / 2 }),
  }
}

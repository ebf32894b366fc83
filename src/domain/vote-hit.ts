import type { Orientation } from '#lib/phash/index.ts'

/** A square part of a picture, in pixels of that picture's frame. */
export interface WindowPlace {
  readonly cx: number
  readonly cy: number
  readonly side: number
}

/** Sides in pixels. */
export interface Frame {
  readonly width: number
  readonly height: number
}

/** One registered window. A tilted window takes part as if it were not: the vote does not know its angle. */
export interface WindowOfEntry extends WindowPlace {
  readonly entry: string
  /** Which picture of the entry; without it, pictures of equal sides count as one. */
  readonly picture?: number
  readonly quality: number
  /** The frame of the registered picture, so that the rest of it can be placed too. */
  readonly frame: Frame
}

/** A registered window near a window of the looked-up picture, seen in `orientation`: so turned, the copy looks like the registered picture. */
export interface WindowHit {
  readonly row: WindowOfEntry
  readonly query: WindowPlace & { readonly quality: number }
  readonly orientation: Orientation
  /** Hamming distance. */
  readonly distance: number
}

/** A rectangle in pixels of the copy; it may reach outside. */
export interface CopyRectangle extends Frame {
  readonly x: number
  readonly y: number
}

/** Whether the places of two registered windows can be compared. */
export function isOfOnePicture(a: WindowOfEntry, b: WindowOfEntry): boolean {
  return a.picture === b.picture && a.frame.width === b.frame.width && a.frame.height === b.frame.height
}

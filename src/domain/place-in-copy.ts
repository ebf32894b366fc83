import type { CopyRectangle, Frame } from './vote.ts'

/** Where the registered picture lies in the copy, in fractions of the copy's sides; outside 0..1 where it is cut off. */
export interface PlaceInCopy {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** A rectangle in pixels as fractions of the frame of the copy. */
export function placeInCopy(rectangle: CopyRectangle, frame: Frame): PlaceInCopy {
  return {
    left: rectangle.x / frame.width,
    top: rectangle.y / frame.height,
    width: rectangle.width / frame.width,
    height: rectangle.height / frame.height,
  }
}

/** Windows place the picture to about 2 %; less than this is not told from nothing. */
const NOTICEABLE_SHARE = 0.04

/** More of the registered picture lies outside the copy than the placing may be wrong by. */
export function isCropped({ left, top, width, height }: PlaceInCopy): boolean {
  const beyondX = Math.max(-left, left + width - 1) / width
  const beyondY = Math.max(-top, top + height - 1) / height
  return Math.max(beyondX, beyondY) > NOTICEABLE_SHARE
}

/** The copy shows noticeably more than the registered picture. */
export function isInsideLargerFrame({ left, top, width, height }: PlaceInCopy): boolean {
  return Math.max(left, 1 - left - width, top, 1 - top - height) > NOTICEABLE_SHARE
}

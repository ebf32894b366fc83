import type { Area } from './anchors.ts'
import type { Ground } from './ground.ts'
import { MIN_WINDOW_QUALITY, type Rung } from './sides.ts'
import type { OpenPicture, WindowPrint } from './window-kernel.ts'

/** A window that was printed; its place is in pixels of the reduced picture, its angle in radians. */
export interface PrintedWindow {
  readonly place: { readonly cx: number; readonly cy: number; readonly side: number }
  readonly angle: number
  readonly print: WindowPrint
}

/** The windows of a rung inside the area that have enough in them to be told from others; those on `ground` come last. */
export function* rungWindows(
  picture: OpenPicture,
  rung: Rung,
  area: Area,
  ground: Ground | null,
): Generator<PrintedWindow> {
  for (const side of rung.sides) {
    const isGround = ground && ((cx: number, cy: number) => ground.fills({ cx, cy, side }))
    for (const { cx, cy } of picture.anchors(side, area, rung.caps, isGround)) {
      for (const angle of rung.angles) {
        const print = picture.print({ cx, cy, width: side, height: side, angle })
        if (print === null || print.quality < MIN_WINDOW_QUALITY) continue
        yield { place: { cx, cy, side }, angle, print }
      }
    }
  }
}

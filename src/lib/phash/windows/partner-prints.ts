import { fingerprint, orientations } from '../fingerprint.ts'
import { toHex } from '../hash.ts'
import { ORIENTATIONS } from '../orientation.ts'
import { assertPixels, crop, type Pixels } from '../pixels.ts'
import { reduceLuma } from '../reduce.ts'
import { cropRect, type Variant } from '../variants.ts'
import { assertRunning, pause, type StopSignal } from './pace.ts'
import { INKS, PARTNER_ROWS, type PartnerLevel } from './partner-levels.ts'

const PLANE_SIDE = 1024
const ROWS_PER_TURN = 8

/**
 * Whole-picture fingerprints for unmodified matchers, usable and distinct ones only; none when the picture itself is
 * unusable. Ids: `o0`..`o7` in the order of
 * `ORIENTATIONS` (full resolution); `c<left>.<top>.<right>.<bottom>` cut by percent; `f<ink><percent>` framed, `t<ink><percent>`
 * and `b<ink><percent>` with a bar at the top or bottom, ink `B`lack, `W`hite or `G`rey; `s<percent>` the middle square.
 * Throws `FingerprintError` as `fingerprint` does, and `ABORTED` when stopped.
 */
export async function partnerPrints(
  pixels: Pixels,
  level: PartnerLevel,
  options: { readonly signal?: StopSignal } = {},
): Promise<Variant[]> {
  assertPixels(pixels)
  assertRunning(options.signal)
  const rows: Variant[] = []
  const seen = new Set<string>()
  let computed = 0
  for (const row of candidates(pixels, level)) {
    if (++computed % ROWS_PER_TURN === 0) await pause(options.signal)
    const hash = toHex(row.fingerprint.hash)
    if (!row.fingerprint.usable || seen.has(hash)) continue
    seen.add(hash)
    rows.push(row)
  }
  return rows
}

function* candidates(pixels: Pixels, level: PartnerLevel): Generator<Variant> {
  const turned = orientations(pixels)
  // A frame around nothing is a picture of a frame, and matches every other one.
  if (!turned.original.usable) return
  for (const [index, orientation] of ORIENTATIONS.entries()) {
    yield { id: `o${index}`, fingerprint: turned[orientation] }
  }
  const { cuts, borders, bars, middleSquares } = PARTNER_ROWS[level]
  if (cuts.length === 0) return
  const plane = reduceLuma(pixels, PLANE_SIDE)
  const shorter = Math.min(plane.width, plane.height)
  for (const cut of cuts) {
    const id = `c${cut.left}.${cut.top}.${cut.right}.${cut.bottom}`
    yield { id, fingerprint: fingerprint(crop(plane, cropRect(plane.width, plane.height, cut))) }
  }
  for (const { ink, percent } of borders) {
    const width = percentOf(shorter, percent)
    const framed = padded(plane, { top: width, bottom: width, sides: width }, INKS[ink])
    yield { id: `f${ink}${percent}`, fingerprint: fingerprint(framed) }
  }
  for (const { ink, percent, at } of bars) {
    const height = percentOf(plane.height, percent)
    const [top, bottom] = at === 'top' ? [height, 0] : [0, height]
    const barred = padded(plane, { top, bottom, sides: 0 }, INKS[ink])
    yield { id: `${at === 'top' ? 't' : 'b'}${ink}${percent}`, fingerprint: fingerprint(barred) }
  }
  for (const percent of middleSquares) {
    const side = Math.max(1, percentOf(shorter, percent))
    const x = Math.floor((plane.width - side) / 2)
    const y = Math.floor((plane.height - side) / 2)
    yield { id: `s${percent}`, fingerprint: fingerprint(crop(plane, { x, y, width: side, height: side })) }
  }
}

function percentOf(length: number, percent: number): number {
  return Math.round((length * percent) / 100)
}

/** A luma picture with room of one grey around it. */
function padded(plane: Pixels, room: { top: number; bottom: number; sides: number }, ink: number): Pixels {
  const width = plane.width + 2 * room.sides
  const height = plane.height + room.top + room.bottom
  const data = new Uint8Array(width * height).fill(ink)
  for (let y = 0; y < plane.height; y++) {
    const row = plane.data.subarray(y * plane.width, (y + 1) * plane.width)
    data.set(row, (y + room.top) * width + room.sides)
  }
  return { data, width, height, format: 'luma8' }
}

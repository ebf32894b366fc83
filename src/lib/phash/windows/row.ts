import { HASH_BYTES } from '../hash.ts'
import { WindowError } from './errors.ts'
import { MIN_WINDOW_QUALITY } from './sides.ts'

/** What the places of all rows of one registered picture refer to. */
export interface RowScope {
  /** Sides of the picture in its own pixels, as displayed. */
  readonly frame: { readonly width: number; readonly height: number }
  /** Shorter side of what was registered of it, in the same pixels. */
  readonly shorterSide: number
}

/** One registered window. Lengths in pixels of the frame, the centres of pixels at halves. */
export interface WindowRow extends RowScope {
  /** 32 bytes. */
  readonly hash: Uint8Array
  /** 20..100. */
  readonly quality: number
  readonly cx: number
  readonly cy: number
  readonly side: number
  /** Radians. */
  readonly angle: number
}

/** Bytes of a row on the wire. */
export const ROW_BYTES = 40

const CENTRE_UNITS = 65_535
const SIDE_UNITS = 32_768
const ANGLE_UNITS = 1800 / Math.PI
/** Windows lie inside the frame; by how much rounding may move them out, in shorter sides. */
const SLACK = 0.01
/** Set bits of a print that is not degenerate. */
const MIN_ONES = 96
const MAX_ONES = 160

/**
 * The row as 40 bytes: print; centre as u16 in 1/65535 of width and height; side as u16 in 1/32768 of `shorterSide`;
 * angle as i8 in tenths of a degree; quality as u8. Most significant byte first. The scope is not in it: it goes with the
 * entry, once. Throws `BAD_ROW` for a row that `decodeRow` would refuse.
 */
export function encodeRow(row: WindowRow): Uint8Array {
  if (row.hash.length !== HASH_BYTES) throw badRow('its print does not have 32 bytes')
  const bytes = new Uint8Array(ROW_BYTES)
  const view = new DataView(bytes.buffer)
  bytes.set(row.hash)
  view.setUint16(32, inRange(Math.round((row.cx / row.frame.width) * CENTRE_UNITS), 0, CENTRE_UNITS))
  view.setUint16(34, inRange(Math.round((row.cy / row.frame.height) * CENTRE_UNITS), 0, CENTRE_UNITS))
  view.setUint16(36, inRange(Math.round((row.side / row.shorterSide) * SIDE_UNITS), 1, SIDE_UNITS))
  view.setInt8(38, inRange(Math.round(row.angle * ANGLE_UNITS), -128, 127))
  view.setUint8(39, inRange(row.quality, 0, 100))
  decodeRow(bytes, row)
  return bytes
}

/**
 * The row that 40 bytes stand for, in a picture of which the scope is known. Throws `BAD_ROW` unless the length is 40, the
 * scope is sensible, quality is 20..100, the print has 96..160 set bits, and the window has a side and lies in the frame.
 */
export function decodeRow(bytes: Uint8Array, scope: RowScope): WindowRow {
  if (bytes.length !== ROW_BYTES) throw badRow(`it has ${bytes.length} bytes, not ${ROW_BYTES}`)
  assertScope(scope)
  const { frame, shorterSide } = scope
  const view = new DataView(bytes.buffer, bytes.byteOffset, ROW_BYTES)
  const row: WindowRow = {
    hash: bytes.slice(0, HASH_BYTES),
    quality: view.getUint8(39),
    cx: (view.getUint16(32) / CENTRE_UNITS) * frame.width,
    cy: (view.getUint16(34) / CENTRE_UNITS) * frame.height,
    side: (view.getUint16(36) / SIDE_UNITS) * shorterSide,
    angle: view.getInt8(38) / ANGLE_UNITS,
    frame: { width: frame.width, height: frame.height },
    shorterSide,
  }
  if (row.quality < MIN_WINDOW_QUALITY || row.quality > 100) throw badRow('its quality is out of range')
  const ones = row.hash.reduce((sum, byte) => sum + onesOf(byte), 0)
  if (ones < MIN_ONES || ones > MAX_ONES) throw badRow('its print is degenerate')
  const isSide = row.side > 0 && row.side <= shorterSide
  if (!isSide || !isInside(row.cx, row, frame.width) || !isInside(row.cy, row, frame.height)) {
    throw badRow('its window does not lie in the picture')
  }
  return row
}

function isInside(centre: number, { side, shorterSide }: WindowRow, length: number): boolean {
  const reach = side / 2 - SLACK * shorterSide
  return centre - reach >= 0 && centre + reach <= length
}

function assertScope({ frame, shorterSide }: RowScope): void {
  const isFrame = [frame.width, frame.height].every((side) => Number.isSafeInteger(side) && side >= 1)
  const limit = Math.min(frame.width, frame.height)
  if (!isFrame || !Number.isFinite(shorterSide) || shorterSide <= 0 || shorterSide > limit) {
    throw badRow('the sides of its picture make no sense')
  }
}

function inRange(value: number, low: number, high: number): number {
  if (!(value >= low && value <= high)) throw badRow('a value is out of range')
  return value
}

function onesOf(byte: number): number {
  let ones = 0
  for (let rest = byte; rest !== 0; rest &= rest - 1) ones++
  return ones
}

function badRow(why: string): WindowError {
  return new WindowError('BAD_ROW', `This is not a row of a registered picture: ${why}.`)
}

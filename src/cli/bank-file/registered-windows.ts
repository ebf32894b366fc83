import * as z from 'zod/mini'
import { decodeRow, encodeRow, ROW_BYTES, type WindowRow } from '#lib/phash/index.ts'

/** Window rows of one picture. What a fuller set gives beyond this is left out by `windowsFrom`. */
export const MAX_WINDOW_ROWS = 500

const MAX_BASE64_LENGTH = Math.ceil((MAX_WINDOW_ROWS * ROW_BYTES) / 3) * 4

export const registeredWindows = z.strictObject({
  set: z.enum(['full', 'tilt']),
  shorterSide: z.int().check(z.gte(1)),
  rows: z.string().check(z.maxLength(MAX_BASE64_LENGTH)),
})

/**
 * The windows a picture is registered with: rows of 40 bytes one after another in base64, in places that are fractions of
 * the picture's sides; `shorterSide` is that of the part they were looked for in, in pixels. Without any row: they were
 * looked for, but the picture has too few details.
 */
export type RegisteredWindows = z.infer<typeof registeredWindows>

/** Sides in pixels of the picture the windows belong to. */
export interface PictureFrame {
  readonly width: number
  readonly height: number
}

/** The rows as bytes, 40 each, if they are at most 500 rows that lie in the picture; else null. */
export function rowBytesOf(windows: RegisteredWindows, frame: PictureFrame): Uint8Array | null {
  const bytes = Buffer.from(windows.rows, 'base64')
  // Bytes that are written in two ways would be two banks with the same content.
  if (bytes.length % ROW_BYTES !== 0 || bytes.toString('base64') !== windows.rows) return null
  if (bytes.length > MAX_WINDOW_ROWS * ROW_BYTES) return null
  const scope = {
    frame: { width: frame.width, height: frame.height },
    shorterSide: windows.shorterSide,
  }
  try {
    for (let at = 0; at < bytes.length; at += ROW_BYTES) decodeRow(bytes.subarray(at, at + ROW_BYTES), scope)
  } catch {
    return null
  }
  return bytes
}

/** How much a picture is registered with: a larger rank finds all that a smaller one does. */
export function windowRank(windows: RegisteredWindows | undefined): number {
  return windows === undefined ? 0 : windows.set === 'full' ? 1 : 2
}

export function countRows(windows: RegisteredWindows | undefined): number {
  return windows ? Math.floor(Buffer.byteLength(windows.rows, 'base64') / ROW_BYTES) : 0
}

/**
 * Rows as a bank keeps them. Of more than 500 the tilted ones of lowest quality are left out, then the upright ones: tilted
 * copies are rarer than others. Throws `WindowError` BAD_ROW.
 */
export function windowsFrom(
  set: RegisteredWindows['set'],
  shorterSide: number,
  rows: readonly WindowRow[],
): RegisteredWindows {
  const kept =
    rows.length <= MAX_WINDOW_ROWS
      ? rows
      : [...rows]
          .sort((a, b) => Number(a.angle !== 0) - Number(b.angle !== 0) || b.quality - a.quality)
          .slice(0, MAX_WINDOW_ROWS)
  return { set, shorterSide, rows: Buffer.concat(kept.map(encodeRow)).toString('base64') }
}

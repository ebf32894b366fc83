import { crop, type Pixels } from '#lib/phash/index.ts'

/**
 * A damaged picture without the rows at its bottom that all have the colour of its last pixel: a decoder fills so what it did
 * not get. Null when there are no such rows, or no others.
 */
export function filledRows(pixels: Pixels): Pixels | null {
  const { data, width, height } = pixels
  const channels = data.length / (width * height)
  const rowBytes = width * channels
  const lastPixel = data.length - channels
  let end = data.length
  while (end > 0 && data[end - 1] === data[lastPixel + ((end - 1) % channels)]) end--
  const rows = Math.ceil(end / rowBytes)
  return rows === 0 || rows === height ? null : crop(pixels, { x: 0, y: 0, width, height: rows })
}

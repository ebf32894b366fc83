import { blankPixels, type Rgb8 } from './pixels.ts'

/**
 * The picture at another size, each new pixel the mean of the area it covers (fractions of pixels count in part). Meant for
 * making pictures smaller; when enlarging, pixels become blocks. Errors: `SIZE_RANGE`.
 */
export function resizeByArea(pixels: Rgb8, width: number, height: number): Rgb8 {
  const resized = blankPixels(width, height)
  const narrow = new Float64Array(3 * width * pixels.height)
  averageRows(pixels, width, narrow)
  const line = new Float64Array(3 * width)
  const perRow = pixels.height / height
  for (let y = 0; y < height; y++) {
    line.fill(0)
    const from = y * perRow
    const to = Math.min(pixels.height, from + perRow)
    for (let row = Math.floor(from); row < to; row++) {
      const weight = (Math.min(to, row + 1) - Math.max(from, row)) / (to - from)
      const at = 3 * row * width
      for (let i = 0; i < line.length; i++) line[i] = (line[i] ?? 0) + weight * (narrow[at + i] ?? 0)
    }
    const start = 3 * y * width
    for (let i = 0; i < line.length; i++) resized.data[start + i] = Math.floor((line[i] ?? 0) + 0.5)
  }
  return resized
}

function averageRows(pixels: Rgb8, width: number, out: Float64Array): void {
  const { data } = pixels
  const perColumn = pixels.width / width
  for (let x = 0; x < width; x++) {
    const from = x * perColumn
    const to = Math.min(pixels.width, from + perColumn)
    for (let column = Math.floor(from); column < to; column++) {
      const weight = (Math.min(to, column + 1) - Math.max(from, column)) / (to - from)
      for (let y = 0; y < pixels.height; y++) {
        const source = 3 * (y * pixels.width + column)
        const target = 3 * (y * width + x)
        for (let channel = 0; channel < 3; channel++) {
          out[target + channel] = (out[target + channel] ?? 0) + weight * (data[source + channel] ?? 0)
        }
      }
    }
  }
}

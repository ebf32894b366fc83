import type { Pixels } from '#lib/phash/index.ts'

const CHANNELS = { luma8: 1, rgb8: 3, rgba8: 4 } as const

/** The same picture on a grid `times` as fine: each pixel becomes a block of `times` x `times`. */
export function repeatPixels(pixels: Pixels, times: number): Pixels {
  if (times <= 1) return pixels
  const { data, width, height, format } = pixels
  const channels = CHANNELS[format]
  const rowBytes = width * times * channels
  const repeated = new Uint8Array(rowBytes * height * times)
  for (let y = 0, from = 0; y < height; y++) {
    const start = y * times * rowBytes
    let to = start
    for (let x = 0; x < width; x++, from += channels) {
      for (let copy = 0; copy < times; copy++)
        for (let c = 0; c < channels; c++) repeated[to++] = data[from + c] ?? 0
    }
    for (let copy = 1; copy < times; copy++)
      repeated.copyWithin(start + copy * rowBytes, start, start + rowBytes)
  }
  return { data: repeated, width: width * times, height: height * times, format }
}

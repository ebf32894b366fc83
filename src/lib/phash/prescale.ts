import { channelsOf, type Pixels } from './pixels.ts'

const SIDE = 512

/** What Meta's file tool does before hashing: over 512 on a side, nearest neighbour to 512 x 512, whatever the shape. */
export function nearest512(pixels: Pixels): Pixels {
  const { data, width, height, format } = pixels
  if (width <= SIDE && height <= SIDE) return pixels
  const channels = channelsOf(format)
  const out = new Uint8Array(SIDE * SIDE * channels)
  for (let y = 0, to = 0; y < SIDE; y++) {
    const row = Math.floor((y * height) / SIDE) * width
    for (let x = 0; x < SIDE; x++) {
      const from = (row + Math.floor((x * width) / SIDE)) * channels
      for (let c = 0; c < channels; c++) out[to++] = data[from + c] ?? 0
    }
  }
  return { data: out, width: SIDE, height: SIDE, format }
}

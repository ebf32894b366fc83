import { assertPixels, type Pixels } from './pixels.ts'

/** Whether any pixel is not fully opaque. */
export function hasTransparency(pixels: Pixels): boolean {
  assertPixels(pixels)
  if (pixels.format !== 'rgba8') return false
  const { data } = pixels
  for (let i = 3; i < data.length; i += 4) if (data[i] !== 255) return true
  return false
}

/** The picture laid over white or black, as `rgb8`. A picture without alpha comes back as it is. */
export function flatten(pixels: Pixels, ground: 'white' | 'black'): Pixels {
  assertPixels(pixels)
  if (pixels.format !== 'rgba8') return pixels
  const { data, width, height } = pixels
  const behind = ground === 'white' ? 255 : 0
  const flat = new Uint8Array(width * height * 3)
  for (let from = 0, to = 0; from < data.length; from += 4, to += 3) {
    const alpha = data[from + 3] ?? 0
    for (let c = 0; c < 3; c++) {
      flat[to + c] = Math.floor(((data[from + c] ?? 0) * alpha + behind * (255 - alpha) + 127) / 255)
    }
  }
  return { data: flat, width, height, format: 'rgb8' }
}

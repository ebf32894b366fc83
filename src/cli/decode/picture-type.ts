export type PictureType = 'jpeg' | 'png' | 'webp' | 'gif' | 'avif' | 'heic' | 'tiff'

/** Bytes at the start of a file that `pictureType` needs to see. */
export const PICTURE_TYPE_BYTES = 64

/**
 * What kind of picture the first bytes say a file is, whatever its name; null for anything else. SVG and PDF are
 * deliberately not pictures here: they can refer to other files and draw without bound.
 */
export function pictureType(head: Uint8Array): PictureType | null {
  if (startsWith(head, [0xff, 0xd8, 0xff])) return 'jpeg'
  if (startsWith(head, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'png'
  const text = String.fromCharCode(...head.subarray(0, PICTURE_TYPE_BYTES))
  if (text.startsWith('GIF87a') || text.startsWith('GIF89a')) return 'gif'
  if (text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP') return 'webp'
  if (startsWith(head, [0x49, 0x49, 0x2a, 0]) || startsWith(head, [0x4d, 0x4d, 0, 0x2a])) return 'tiff'
  if (text.slice(4, 8) === 'ftyp') return isoPictureType(text.slice(8))
  return null
}

/** ISO base media: the major brand, or a compatible one, names the codec (ISO/IEC 23008-12, AVIF 1.1 section 8). */
function isoPictureType(brands: string): PictureType | null {
  if (/avi[fs]/.test(brands)) return 'avif'
  return /hei[cxms]|hev[cxms]|mif1|msf1/.test(brands) ? 'heic' : null
}

function startsWith(bytes: Uint8Array, prefix: readonly number[]): boolean {
  return prefix.every((byte, i) => bytes[i] === byte)
}

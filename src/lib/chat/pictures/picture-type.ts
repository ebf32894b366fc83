/** Bytes at the start of a file that are enough to tell what picture it is. */
export const PICTURE_MAGIC_BYTES = 32

/** Brands of ISO base media files (ISO/IEC 14496-12 `ftyp`) that hold still pictures. */
const BRANDS: Readonly<Record<string, string>> = {
  avif: 'image/avif',
  avis: 'image/avif',
  heic: 'image/heic',
  heix: 'image/heic',
  heim: 'image/heic',
  heis: 'image/heic',
  hevc: 'image/heic',
  mif1: 'image/heif',
  msf1: 'image/heif',
}

/** The MIME type of a picture by its first bytes, whatever its name; null when it is none that is read here. */
export function pictureTypeOf(start: Uint8Array): string | null {
  const ascii = (from: number, to: number) => String.fromCharCode(...start.subarray(from, to))
  if (start[0] === 0xff && start[1] === 0xd8 && start[2] === 0xff) return 'image/jpeg'
  if (ascii(0, 8) === '\x89PNG\r\n\x1a\n') return 'image/png'
  if (ascii(0, 4) === 'RIFF' && ascii(8, 12) === 'WEBP') return 'image/webp'
  if (ascii(0, 6) === 'GIF87a' || ascii(0, 6) === 'GIF89a') return 'image/gif'
  if (ascii(0, 4) === 'II*\0' || ascii(0, 4) === 'MM\0*') return 'image/tiff'
  if (ascii(4, 8) !== 'ftyp') return null
  const brand = ascii(8, 12)
  // A generic HEIF brand says in the compatible brands what it is.
  const compatible = [ascii(16, 20), ascii(20, 24), ascii(24, 28)]
  const exact = [brand, ...compatible].find((name) => BRANDS[name] && BRANDS[name] !== 'image/heif')
  return Object.hasOwn(BRANDS, brand) ? (BRANDS[exact ?? brand] ?? null) : null
}

/**
 * Text as a string of bytes: one unit per byte. The tokenizer then counts in bytes, so that its positions are offsets in
 * the file; what is shown is decoded piece by piece afterwards.
 */
const CHUNK = 4096

export function bytesToUnits(bytes: Uint8Array): string {
  let units = ''
  for (let at = 0; at < bytes.length; at += CHUNK) {
    units += String.fromCharCode(...bytes.subarray(at, at + CHUNK))
  }
  return units
}

/** The UTF-8 bytes of a character, one unit each, so that decoded entities join the bytes around them. */
export function unitsOfCodePoint(codePoint: number): string {
  return codePoint < 0x80
    ? String.fromCharCode(codePoint)
    : bytesToUnits(new TextEncoder().encode(String.fromCodePoint(codePoint)))
}

/** Decodes a byte string as UTF-8; `isRepaired` when something became U+FFFD. */
export function decodeUnits(units: string): { text: string; isRepaired: boolean } {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is all of ASCII but NUL.
  if (/^[\x01-\x7f]*$/.test(units)) return { text: units, isRepaired: false }
  const bytes = new Uint8Array(units.length)
  for (let i = 0; i < units.length; i++) bytes[i] = units.charCodeAt(i)
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    return text.includes('\0')
      ? { text: text.replaceAll('\0', '\ufffd'), isRepaired: true }
      : { text, isRepaired: false }
  } catch {
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
    return { text: text.replaceAll('\0', '\ufffd'), isRepaired: true }
  }
}

import { BundleError } from '../errors.ts'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const VALUES = new Map([...ALPHABET].map((character, value) => [character, value]))

/** Standard base64 with padding (RFC 4648 section 4), on one line. */
export function bytesToBase64(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at
    const word = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0)
    text += ALPHABET.charAt(word >>> 18) + ALPHABET.charAt((word >>> 12) & 63)
    text += left > 1 ? ALPHABET.charAt((word >>> 6) & 63) : '='
    text += left > 2 ? ALPHABET.charAt(word & 63) : '='
  }
  return text
}

/**
 * The bytes of standard base64. Only the one text that `bytesToBase64` writes is accepted for any bytes: no line breaks,
 * no missing padding, no stray bits. Throws `BundleError` `BASE64_INVALID`.
 */
export function base64ToBytes(text: string): Uint8Array<ArrayBuffer> {
  if (text.length % 4 !== 0) throw invalid()
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  const digits = text.length - padding
  const bytes = new Uint8Array((text.length / 4) * 3 - padding)
  let bits = 0
  let word = 0
  let at = 0
  for (let i = 0; i < digits; i++) {
    const value = VALUES.get(text.charAt(i))
    if (value === undefined) throw invalid()
    word = ((word << 6) | value) & 0xffffff
    bits += 6
    if (bits < 8) continue
    bits -= 8
    bytes[at++] = (word >>> bits) & 255
  }
  if ((word & ((1 << bits) - 1)) !== 0) throw invalid()
  return bytes
}

function invalid(): BundleError {
  return new BundleError('BASE64_INVALID', 'This is not base64 text in its one exact form.')
}

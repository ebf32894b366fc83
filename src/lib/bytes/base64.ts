const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const VALUES = new Map([...ALPHABET].map((character, value) => [character, value]))

/** Standard base64 with padding (RFC 4648 section 4), in one line. */
export function bytesToBase64(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i += 3) {
    const group = (bytes[i] ?? 0) * 65536 + (bytes[i + 1] ?? 0) * 256 + (bytes[i + 2] ?? 0)
    const present = Math.min(3, bytes.length - i)
    for (let j = 0; j < 4; j++) text += j <= present ? digit(group, 3 - j) : '='
  }
  return text
}

/**
 * The bytes of standard base64 text, or null unless it is the one text `bytesToBase64` writes for them: padded, without
 * line breaks, and with the bits after the last byte zero. So two different texts never stand for the same bytes.
 */
export function base64ToBytes(text: string): Uint8Array | null {
  if (text.length % 4 !== 0) return null
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  const bytes = new Uint8Array((text.length / 4) * 3 - padding)
  for (let i = 0, at = 0; i < text.length; i += 4) {
    const isLast = i + 4 === text.length
    const group = groupValue(text, i, isLast ? padding : 0)
    if (group === null) return null
    for (let j = 2; j >= (isLast ? padding : 0); j--) bytes[at++] = Math.floor(group / 256 ** j) % 256
  }
  return bytes
}

function groupValue(text: string, start: number, padding: number): number | null {
  let group = 0
  for (let j = 0; j < 4; j++) {
    const value = j < 4 - padding ? VALUES.get(text.charAt(start + j)) : 0
    if (value === undefined) return null
    group = group * 64 + value
  }
  return group % 256 ** padding === 0 ? group : null
}

function digit(group: number, place: number): string {
  return ALPHABET.charAt(Math.floor(group / 64 ** place) % 64)
}

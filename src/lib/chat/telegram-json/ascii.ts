/** Bytes of JSON's grammar, by name. */
export const TAB = 9
export const NEWLINE = 10
export const RETURN = 13
export const SPACE = 32
export const QUOTE = 34
export const COMMA = 44
export const MINUS = 45
export const ZERO = 48
export const NINE = 57
export const COLON = 58
export const OPEN_LIST = 91
export const BACKSLASH = 92
export const CLOSE_LIST = 93
export const LOWER_U = 117
export const LOWER_X = 120
export const OPEN_OBJECT = 123
export const CLOSE_OBJECT = 125

/** 1 for bytes that may end or break a string: quote, backslash and everything below the space. */
export const STRING_STOP = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte < SPACE || byte === QUOTE || byte === BACKSLASH ? 1 : 0,
)

/** 1 for the four bytes JSON allows between tokens. */
export const IS_SPACE = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte === SPACE || byte === NEWLINE || byte === RETURN || byte === TAB ? 1 : 0,
)

/** First position from `at` that holds no space. The caller guarantees a byte that is none (a zero after the data). */
export function skipSpace(bytes: Uint8Array, at: number): number {
  let p = at
  while (IS_SPACE[bytes[p] ?? 0] === 1) p++
  return p
}

/** True when `bytes` holds exactly `wanted` from `at` on. */
export function holdsAt(bytes: Uint8Array, at: number, wanted: Uint8Array): boolean {
  for (let i = 0; i < wanted.length; i++) if (bytes[at + i] !== wanted[i]) return false
  return true
}

/** Letters, digits, `+`, `-`, `.`: all that numbers and literals are made of. Whether they are right, JSON.parse says. */
export function isScalarByte(byte: number): boolean {
  return (
    (byte >= 48 && byte <= 57) ||
    ((byte | 32) >= 97 && (byte | 32) <= 122) ||
    byte === 43 ||
    byte === 45 ||
    byte === 46
  )
}

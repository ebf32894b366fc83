import type { RandomBytes } from '../keys/random.ts'

// The zeros of the scripts whose digits are read; Unicode puts the other nine behind each.
const ZEROS = [
  0x0030, // ASCII
  0x0660, // Arabic-Indic
  0x06f0, // Arabic-Indic as Persian and Urdu keyboards have it
  0x0966, // Devanagari
  0x09e6, // Bengali
  0x0a66, // Gurmukhi
  0x0be6, // Tamil
  0x0e50, // Thai
  0x1040, // Myanmar
  0x17e0, // Khmer
  0xff10, // full-width
] as const

// White space, hyphens and dashes, dots, and characters of no width that phones and copied text bring along.
const SEPARATORS =
  /[\s\-\u2010-\u2015\u2212\uFF0D.\u00B7\u3002\u30FB\uFF0E\u00AD\u200B-\u200F\u202A-\u202E\u2060\u2066-\u2069\uFEFF]/gu

/** The ASCII digits that text means, without what separates them, or null when something else is in it. */
export function readDigits(text: string): string | null {
  let digits = ''
  for (const character of text.replace(SEPARATORS, '')) {
    const point = character.codePointAt(0) ?? 0
    const zero = ZEROS.find((candidate) => point >= candidate && point < candidate + 10)
    if (zero === undefined) return null
    digits += String(point - zero)
  }
  return digits
}

/** Digits in groups of four, with a space between. */
export function groupDigits(digits: string): string {
  return digits.replace(/(.{4})(?=.)/g, '$1 ')
}

/** So many random ASCII digits, each equally likely: bytes from 250 are thrown away, because 256 is no multiple of ten. */
export function randomDigits(count: number, random: RandomBytes): string {
  let digits = ''
  while (digits.length < count) {
    for (const byte of random(count)) if (byte < 250 && digits.length < count) digits += String(byte % 10)
  }
  return digits
}

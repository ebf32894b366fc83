import { textToUtf8, utf8ToText } from '../../bytes/index.ts'

/**
 * The text of an input that every one of our line formats can hold, or null: at most `maxBytes`, UTF-8, no control
 * character below U+0020 but the line feed, so no carriage return either.
 */
export function plainText(input: Uint8Array | string, maxBytes: number): string | null {
  if (input.length > maxBytes) return null
  const bytes = typeof input === 'string' ? textToUtf8(input) : input
  if (bytes === null || bytes.length > maxBytes) return null
  if (bytes.some((byte) => byte < 0x20 && byte !== 0x0a)) return null
  return typeof input === 'string' ? input : utf8ToText(input)
}

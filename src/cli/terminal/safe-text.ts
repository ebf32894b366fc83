/** Control, format (bidirectional and zero-width among them), line and paragraph separator characters. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/**
 * Text from an export or a file name, made harmless for a terminal: control, bidirectional and zero-width characters are
 * written as `\u{…}`, so that a name can neither move the cursor, recolour the screen nor pass for another name.
 */
export function safeText(text: string, maxLength = 200): string {
  const cut = text.length > maxLength ? `${text.slice(0, maxLength - 1)}…` : text
  return cut
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(UNSAFE, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`)
}

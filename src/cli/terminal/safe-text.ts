// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g

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

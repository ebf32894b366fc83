/** A piece of a message's text as the exporter cuts it: plain, or something it recognised. */
export interface TextPart {
  type: 'plain' | 'link' | 'mention' | 'phone' | 'email' | 'bold'
  text: string
}

export function plain(text: string): TextPart {
  return { type: 'plain', text }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const NEEDS_ESCAPE = /["\\\u0000-\u001f\u2028\u2029]/
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above
const ESCAPED = /["\\\u0000-\u001f\u2028\u2029]/g

/**
 * A string as Telegram Desktop's exporter writes it into `result.json`. Control characters other than line feed, return and
 * tab come out as `\x0B`, which is not JSON: readers must repair it.
 */
export function exporterString(text: string): string {
  return NEEDS_ESCAPE.test(text) ? `"${text.replace(ESCAPED, escapeUnit)}"` : `"${text}"`
}

function escapeUnit(unit: string): string {
  switch (unit) {
    case '"':
    case '\\':
      return `\\${unit}`
    case '\n':
      return '\\n'
    case '\r':
      return '\\r'
    case '\t':
      return '\\t'
    case '\u2028':
    case '\u2029':
      // The stray bytes that follow the escape are added by `withStrayBytes`.
      return unit
    default:
      return `\\x${unit.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
  }
}

/**
 * U+2028 and U+2029 as the exporter writes them: it puts the escape, but skips only the first of the character's three
 * bytes, so that two stray bytes follow and the file is not valid UTF-8. `offsets`: where the escapes begin.
 */
export function withStrayBytes(text: string): { bytes: Uint8Array; offsets: number[] } {
  const pieces: Uint8Array[] = []
  const offsets: number[] = []
  let size = 0
  const add = (piece: Uint8Array) => {
    pieces.push(piece)
    size += piece.length
  }
  for (const piece of text.split(/([\u2028\u2029])/)) {
    if (piece === '\u2028' || piece === '\u2029') {
      offsets.push(size)
      add(Buffer.from(piece === '\u2028' ? '\\u2028' : '\\u2029'))
      add(Uint8Array.of(0x80, piece === '\u2028' ? 0xa8 : 0xa9))
    } else add(Buffer.from(piece))
  }
  return { bytes: Buffer.concat(pieces), offsets }
}

/** The `text` and `text_entities` members of a message, three spaces in. */
export function textJson(parts: readonly TextPart[]): string {
  const only = parts[0]
  if (only === undefined) return '   "text": "",\n   "text_entities": []'
  const entities = parts.map((part) => entityJson(part)).join(',\n')
  const text =
    parts.length === 1 && only.type === 'plain'
      ? exporterString(only.text)
      : `[\n${parts.map((part) => (part.type === 'plain' ? `    ${exporterString(part.text)}` : entityJson(part))).join(',\n')}\n   ]`
  return `   "text": ${text},\n   "text_entities": [\n${entities}\n   ]`
}

function entityJson(part: TextPart): string {
  return `    {\n     "type": "${part.type}",\n     "text": ${exporterString(part.text)}\n    }`
}

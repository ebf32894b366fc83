/** Control, format (bidirectional and zero-width among them), line and paragraph separator characters, lone surrogates. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}]/gu

const PRINTABLE = /^[ -~]*$/

/** Text on one line in which everything invisible is shown as `[U+202E]`, so that it reads as it is. */
export function visibleText(text: string): string {
  // Almost every text is of these; looking for what is invisible takes many times as long.
  if (PRINTABLE.test(text)) return text
  return text.replace(INVISIBLE, (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
    return `[U+${code}]`
  })
}

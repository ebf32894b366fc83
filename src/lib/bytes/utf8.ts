const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/

/** True when every surrogate of the text stands in a pair, so that the text has a UTF-8 form. */
export function isWellFormed(text: string): boolean {
  return !LONE_SURROGATE.test(text)
}

/** The UTF-8 bytes of the text, or null when it has a lone surrogate and therefore no UTF-8 form. */
export function textToUtf8(text: string): Uint8Array | null {
  return isWellFormed(text) ? new TextEncoder().encode(text) : null
}

/** The text of UTF-8 bytes, or null when they are not UTF-8. A byte order mark is kept as U+FEFF, not dropped. */
export function utf8ToText(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}

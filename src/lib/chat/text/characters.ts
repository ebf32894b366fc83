import type { Mapped } from './mapped.ts'

// biome-ignore lint/suspicious/noControlCharactersInRegex: the whole of ASCII is meant
const ASCII_ONLY = /^[\x00-\x7f]*$/
const VARIATION = '\\u180B-\\u180D\\u180F\\uFE00-\\uFE0F\\u{E0100}-\\u{E01EF}'
const REMOVED = new RegExp(`[\\p{Cf}\\u20E3${VARIATION}]`, 'gu')
/** Circled, parenthesised, dotted and negative digits, which NFKC leaves alone or surrounds with punctuation. */
const ENCLOSED = /[\u2460-\u249B\u24EA\u24F5-\u24FF\u2776-\u2793\u{1F100}-\u{1F10C}]/u
const NEEDS_REWRITING = new RegExp(
  `[\\p{Cf}\\u20E3${VARIATION}]|(?![0-9])\\p{Nd}|[\\u24EB-\\u24FF\\u2776-\\u2793\\u{1F10B}\\u{1F10C}]`,
  'u',
)
/** What joins the character before it: marks, invisible format marks, Hangul vowels and finals, half-width voicing. */
const JOINS = /[\p{M}\p{Cf}\u1160-\u11FF\uD7B0-\uD7FF\uFF9E\uFF9F]/u
const OTHER_DIGIT = /(?![0-9])\p{Nd}/u

/**
 * Steps 1 to 4 of normalisation: NFKC cluster by cluster, invisible format marks and variation selectors removed,
 * keycap and enclosed digits and the decimal digits of every script turned into ASCII digits. Never throws; lone
 * surrogates stay as they are. Plain ASCII and texts that are already normal are returned as they are, with no map.
 */
export function normaliseCharacters(text: string): Mapped {
  if (ASCII_ONLY.test(text)) return { text, map: null }
  if (!NEEDS_REWRITING.test(text) && text.normalize('NFKC') === text) return { text, map: null }
  return rewrite(text)
}

function rewrite(text: string): Mapped {
  const offsets: number[] = []
  let out = ''
  let at = 0
  while (at < text.length) {
    const end = clusterEnd(text, at)
    const unit =
      end === at + 1 && text.charCodeAt(at) < 0x80 ? text.charAt(at) : rewriteCluster(text.slice(at, end))
    for (let i = 0; i < unit.length; i++) offsets.push(at)
    out += unit
    at = end
  }
  offsets.push(text.length)
  return { text: out, map: Uint32Array.from(offsets) }
}

function clusterEnd(text: string, start: number): number {
  let end = start + codePointLength(text, start)
  while (end < text.length && text.charCodeAt(end) >= 0x80) {
    const next = text.codePointAt(end) ?? 0
    if (!JOINS.test(String.fromCodePoint(next))) break
    end += codePointLength(text, end)
  }
  return end
}

function codePointLength(text: string, at: number): 1 | 2 {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1
}

function rewriteCluster(cluster: string): string {
  if (ENCLOSED.test(cluster)) return enclosedDigits(cluster.codePointAt(0) ?? 0)
  const folded = cluster.replace(REMOVED, '').normalize('NFKC')
  if (!OTHER_DIGIT.test(folded)) return folded
  let out = ''
  for (const character of folded)
    out += OTHER_DIGIT.test(character) ? String(decimalValue(character)) : character
  return out
}

/** The one set that stands right after another, apart from mathematical digits, which NFKC has folded. */
const SECOND_OF_TWO_SETS = 0x116da

/** Unicode lays out every set of decimal digits as ten code points in ascending order, so the zero is found by walking down. */
function decimalValue(digit: string): number {
  const code = digit.codePointAt(0) ?? 0
  if (code >= SECOND_OF_TWO_SETS && code < SECOND_OF_TWO_SETS + 10) return code - SECOND_OF_TWO_SETS
  let value = 0
  while (value < 9 && OTHER_DIGIT.test(String.fromCodePoint(code - value - 1))) value++
  return value
}

function enclosedDigits(code: number): string {
  if (code >= 0x2776 && code <= 0x2793) return String(((code - 0x2776) % 10) + 1)
  if (code >= 0x24f5 && code <= 0x24fe) return String(code - 0x24f4)
  if (code >= 0x24eb && code <= 0x24f4) return String(code - 0x24eb + 11)
  if (code === 0x24ff || code === 0x1f10b || code === 0x1f10c) return '0'
  return String.fromCodePoint(code)
    .normalize('NFKC')
    .replace(/[^0-9]/g, '')
}

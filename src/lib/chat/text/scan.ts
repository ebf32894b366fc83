/** Something that a handle, a link or a mail address needs; bits of the number `scanText` returns. */
export const SEEN_AT = 1
export const SEEN_LINK = 2
export const SEEN_CUE = 4
/** Digits are counted above these bits, up to `MAX_COUNT`. */
const COUNT_SHIFT = 8
const MAX_COUNT = 0xffff

const PLAIN = 0
const DIGIT = 1
const AT = 2
const DOT = 3
const COLON = 4
const UNDERSCORE = 5
const OPENING = 6
const SURROGATE = 7

const WORD = /^[A-Za-z0-9]$/
const ASCII_CLASSES = classesOfAscii()
let allClasses: Uint8Array | null = null

/** Digits (of any script, enclosed ones included) counted by `scanText`. */
export function digitsSeen(scan: number): number {
  return scan >>> COUNT_SHIFT
}

/**
 * One pass over a text that tells what is worth looking for in it; 0 means that it holds no identifier. It errs on the
 * side of looking: it may flag too much, never too little. No allocation, about one nanosecond a character.
 */
export function scanText(text: string): number {
  let seen = 0
  let digits = 0
  let classes = ASCII_CLASSES
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code >= 0x80 && classes === ASCII_CLASSES) classes = classesOfAll()
    const kind = classes[code] ?? PLAIN
    if (kind === PLAIN) continue
    if (kind === DIGIT) digits++
    else if (kind === SURROGATE) {
      if (isDigitPair(code, text.charCodeAt(i + 1))) digits++
      if (code === 0xd835) seen |= SEEN_CUE
    } else seen |= flagsOf(kind, text, i)
  }
  return seen | ((digits > MAX_COUNT ? MAX_COUNT : digits) << COUNT_SHIFT)
}

function flagsOf(kind: number, text: string, at: number): number {
  const next = text.charCodeAt(at + 1)
  switch (kind) {
    case AT:
      return next > 0x20 ? SEEN_AT : 0
    case DOT:
      return isLetterLike(next) && isWordLike(text.charCodeAt(at - 1)) ? SEEN_LINK | SEEN_CUE : 0
    case COLON:
      return colonFlags(text, at, next)
    case UNDERSCORE:
      return SEEN_CUE
    default:
      return hidesSign(text, at) ? SEEN_LINK | SEEN_AT : 0
  }
}

function colonFlags(text: string, at: number, next: number): number {
  const before = text.charCodeAt(at - 1)
  // A clock time is the commonest colon in chats.
  if (isDigitCode(before) && isDigitCode(next)) return 0
  const isLink =
    next === 0x2f || next === 0x5c || next >= 0x80 || (before | 0x20) === 0x67 || (before | 0x20) === 0x70
  return isLink ? SEEN_LINK | SEEN_CUE : SEEN_CUE
}

/** `(.)`, `[dot]`, `( titik )`, `[:]//` and the like. */
function hidesSign(text: string, at: number): boolean {
  let start = at + 1
  while (start < at + 3 && text.charCodeAt(start) === 0x20) start++
  const code = text.charCodeAt(start)
  if (code === 0x2e || code === 0x2f || code === 0x3a || code === 0x40 || code >= 0x80) return true
  return /^(?:dot|titik|at)[ \])}]/i.test(text.slice(start, start + 6))
}

function isDigitCode(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}

function isLetterLike(code: number): boolean {
  return (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a) || code >= 0x80
}

function isWordLike(code: number): boolean {
  return isDigitCode(code) || isLetterLike(code) || code === 0x2d || code === 0x5f
}

/** Outside the basic plane: mathematical and segmented digits, enclosed digits, digits of rarer scripts. */
function isDigitPair(high: number, low: number): boolean {
  if (high === 0xd83d) return false
  if (high === 0xd83c) return low >= 0xdd00 && low <= 0xdd0c
  if (high === 0xd83e) return low >= 0xdff0
  return high < 0xd83c
}

function classesOfAscii(): Uint8Array {
  const classes = new Uint8Array(0x80)
  for (let code = 0; code < 0x80; code++) classes[code] = classOf(String.fromCharCode(code))
  return classes
}

/** Built when the first text beyond ASCII comes; ideographs, Hangul and private use are plain and skipped. */
function classesOfAll(): Uint8Array {
  if (allClasses !== null) return allClasses
  const classes = new Uint8Array(0x10000)
  for (let code = 0; code < 0x10000; code++) {
    if (code === 0x3400) code = 0xa000
    else if (code === 0xac00) code = 0xd800
    else if (code === 0xe000) code = 0xf900
    if (code >= 0xd800 && code < 0xdc00) classes[code] = SURROGATE
    else if (code < 0xd800 || code >= 0xe000) classes[code] = classOf(String.fromCharCode(code))
  }
  allClasses = classes
  return classes
}

function classOf(character: string): number {
  const folded = character.normalize('NFKC')
  if (/\p{Nd}/u.test(folded) || /[\u24EB-\u24FF\u2776-\u2793]/.test(character)) return DIGIT
  if (/[.]/.test(folded)) return DOT
  if (/[@]/.test(folded)) return AT
  if (/[:=]/.test(folded)) return COLON
  if (/[_]/.test(folded)) return UNDERSCORE
  // Full-width letters: a whole link or cue may be written in them.
  if (character.charCodeAt(0) >= 0x80 && WORD.test(folded)) return UNDERSCORE
  return /[[({]/.test(folded) ? OPENING : PLAIN
}

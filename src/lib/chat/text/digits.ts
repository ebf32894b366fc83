/** Step 5: what people put between the digits of a number instead of a dash. Minus is taken with the dashes. */
const SEPARATORS_BETWEEN_DIGITS = /(?<=[0-9])[_\u2010-\u2015\u2212\u00B7\u2022]{1,3}(?=[0-9])/g

const SEPARATOR = /[_\u2010-\u2015\u2212\u00B7\u2022]/

/** A digit within reach of a letter that looks like one. Most texts have none, and then step 6 costs nothing more. */
const LETTER_BY_DIGIT = /[0-9][-. ()]{0,3}[OolI|]|[OolI|][-. ()]{0,3}[0-9]/
const TOKEN_GAP = /[A-Za-z0-9|]+|[^A-Za-z0-9|]+/g
const JOINING_GAP = /^[-. ()/+]{1,3}$/
const DIGIT_LIKE = /^[0-9OolI|]+$/
/** Letters at the rim of a run that are a word of their own ("I", "ill"); a leading O is more often a zero. */
const WORD_LIKE = /^[lI|]+[OolI|]*$|^[Oo]+[lI|][OolI|]*$/
const MIN_RUN = 7
const MIN_DIGIT_SHARE = 0.7

/** Step 5 of normalisation. The result has the same length, so offsets stay. */
export function foldSeparators(text: string): string {
  if (!SEPARATOR.test(text)) return text
  return text.replace(SEPARATORS_BETWEEN_DIGITS, (found) => '-'.repeat(found.length))
}

/**
 * Step 6 of normalisation: `O o` become 0 and `l I |` become 1, only in runs of at least 7 digits and look-alikes of
 * which at least 70 % are digits. A run is made of tokens without other Latin letters, joined by at most three of
 * space, dash, dot, slash, plus and brackets. The result has the same length.
 */
export function foldLetters(text: string): string {
  if (!LETTER_BY_DIGIT.test(text)) return text
  const pieces = text.match(TOKEN_GAP) ?? []
  let run: number[] = []
  for (let i = 0; i <= pieces.length; i++) {
    const piece = pieces[i]
    if (piece !== undefined && DIGIT_LIKE.test(piece)) run.push(i)
    else if (piece === undefined || !JOINING_GAP.test(piece)) {
      foldRun(pieces, run)
      run = []
    }
  }
  return pieces.join('')
}

function foldRun(pieces: string[], run: readonly number[]): void {
  let first = 0
  let last = run.length - 1
  while (first <= last && WORD_LIKE.test(pieces[run[first] ?? -1] ?? '')) first++
  while (last >= first && WORD_LIKE.test(pieces[run[last] ?? -1] ?? '')) last--
  const kept = run.slice(first, last + 1)
  let size = 0
  let digits = 0
  for (const index of kept) {
    const piece = pieces[index] ?? ''
    size += piece.length
    digits += piece.replace(/[^0-9]/g, '').length
  }
  if (size < MIN_RUN || digits === size || digits / size < MIN_DIGIT_SHARE) return
  for (const index of kept) pieces[index] = (pieces[index] ?? '').replace(/[Oo]/g, '0').replace(/[lI|]/g, '1')
}

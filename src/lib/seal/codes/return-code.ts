import { SealError } from '../errors.ts'
import type { RandomBytes } from '../keys/random.ts'
import { dammDigit } from './damm.ts'
import { groupDigits, randomDigits, readDigits } from './digits.ts'
import { CURRENT_SERIES, isKnownSeries, type ReturnCodeSeries } from './series.ts'

export const RETURN_CODE_DIGITS = 28
const RANDOM_DIGITS = 26
// More than any way to write 28 digits needs; longer input is refused before it is looked at.
const MAX_INPUT_CHARACTERS = 500

/** A return code that was made here or read with its check digit: the key to a case, and to be treated so. */
export interface ReturnCode {
  /** 28 ASCII digits: series, 26 random ones, check digit. */
  readonly digits: string
  readonly series: ReturnCodeSeries
}

/** A new return code: 86.4 bits that nobody can guess. */
export function makeReturnCode(random: RandomBytes): ReturnCode {
  const body = `${CURRENT_SERIES}${randomDigits(RANDOM_DIGITS, random)}`
  return { digits: body + dammDigit(body), series: CURRENT_SERIES }
}

/**
 * Reads a return code as people type, paste and dictate it: digits of several scripts, with spaces, hyphens, dots and
 * characters of no width between them. Nothing is asked of anybody and nothing slow is computed. Errors: `RETURN_CODE_CHARS`
 * (letters and the like), `RETURN_CODE_LENGTH`, `RETURN_CODE_CHECK` (check digit, or series 0, which was never given out),
 * `RETURN_CODE_SERIES` (given out by a newer page). No error repeats what was typed.
 */
export function parseReturnCode(text: string): ReturnCode {
  if (text.length > MAX_INPUT_CHARACTERS) throw lengthError()
  const digits = readDigits(text)
  if (digits === null)
    throw new SealError('RETURN_CODE_CHARS', 'A return code has digits only; this holds something else.')
  if (digits.length !== RETURN_CODE_DIGITS) throw lengthError()
  const series = Number(digits.charAt(0))
  if (series === 0 || dammDigit(digits) !== '0')
    throw new SealError(
      'RETURN_CODE_CHECK',
      'This code was mistyped somewhere. Nothing was sent; compare it.',
    )
  if (!isKnownSeries(series))
    throw new SealError('RETURN_CODE_SERIES', 'This code needs a newer page. Load the page again.')
  return { digits, series }
}

/** The code as it is shown: seven groups of four digits. */
export function formatReturnCode(code: ReturnCode): string {
  return groupDigits(code.digits)
}

function lengthError(): SealError {
  return new SealError('RETURN_CODE_LENGTH', `A return code has ${RETURN_CODE_DIGITS} digits.`)
}

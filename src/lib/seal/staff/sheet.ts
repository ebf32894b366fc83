import { dammDigit } from '../codes/damm.ts'
import { groupDigits, randomDigits, readDigits } from '../codes/digits.ts'
import { SealError } from '../errors.ts'
import type { RandomBytes } from '../keys/random.ts'

const SHEET_DIGITS = 40
// More than any way to write 40 digits needs.
const MAX_INPUT_CHARACTERS = 500

/** What a recovery sheet says: it unlocks like a passphrase, and lies in the organisation's safe. */
export interface RecoverySheet {
  /** 39 random ASCII digits and a check digit. */
  readonly digits: string
}

/** A new sheet: 129 bits. */
export function makeSheet(random: RandomBytes): RecoverySheet {
  const body = randomDigits(SHEET_DIGITS - 1, random)
  return { digits: body + dammDigit(body) }
}

/** Ten groups of four digits. */
export function formatSheet({ digits }: RecoverySheet): string {
  return groupDigits(digits)
}

/** Reads a sheet as people type it, in any script whose digits a return code may have. Throws `STAFF_SHEET`. */
export function parseSheet(text: string): RecoverySheet {
  const digits = text.length > MAX_INPUT_CHARACTERS ? null : readDigits(text)
  if (digits?.length !== SHEET_DIGITS || dammDigit(digits) !== '0')
    throw new SealError('STAFF_SHEET', 'These are not the 40 digits of a recovery sheet. Compare them.')
  return { digits }
}

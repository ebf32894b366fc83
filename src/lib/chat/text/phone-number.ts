import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { validHomeNumber } from './home-plan.ts'
import { maskPhone } from './mask.ts'

export interface PhoneNumber {
  e164: string
  /** In a range that is assigned. */
  isValid: boolean
  /** Of a length that its country uses. */
  isPossible: boolean
  masked: string
}

/** What a number without country code is taken for. */
const HOME_COUNTRY = 'MY'
const MAX_DIGITS = 20

/**
 * Judges a number by libphonenumber's metadata; null when it cannot be a number at all. `text` is digits with an
 * optional leading `+`. Malaysian numbers take well under 1 µs, others some 7, so callers rule out what they can first.
 */
export function readPhone(text: string): PhoneNumber | null {
  if (text.length > MAX_DIGITS) return null
  const home = readHomePhone(text)
  if (home !== null) return home
  const parsed = parsePhoneNumberFromString(text, { defaultCountry: HOME_COUNTRY, extract: false })
  if (parsed === undefined) return null
  const isValid = parsed.isValid()
  return {
    e164: parsed.number,
    isValid,
    isPossible: isValid || parsed.isPossible(),
    masked: maskPhone(parsed.countryCallingCode, parsed.nationalNumber),
  }
}

/** A valid Malaysian number, trunk zero or +60 before it; null for any other. Costs some 0.2 µs. */
export function readHomePhone(text: string): PhoneNumber | null {
  const national = validHomeNumber(text)
  if (national === null) return null
  return { e164: `+60${national}`, isValid: true, isPossible: true, masked: maskPhone('60', national) }
}

/** Digits of a number as people or applications write it, the leading plus kept. */
export function phoneDigits(text: string): string {
  const digits = text.replace(/[^0-9]/g, '')
  return /^[^0-9]*\+/.test(text) ? `+${digits}` : digits
}

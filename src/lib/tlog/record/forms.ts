import { base64ToBytes, type CanonicalValue } from '../../bytes/index.ts'

/** A check of one value of a record. Forms leave no room for free text about people. */
export type Form = (value: CanonicalValue) => boolean

const matches =
  (pattern: RegExp): Form =>
  (value) =>
    typeof value === 'string' && pattern.test(value)

/** 32 lower-case hexadecimal digits: a random 128-bit id. */
export const id = matches(/^[0-9a-f]{32}$/)
/** 64 lower-case hexadecimal digits. */
export const sha256Hex = matches(/^[0-9a-f]{64}$/)
/** The first 16 hexadecimal digits of the SHA-256 of someone's public key. */
export const keyHex = matches(/^[0-9a-f]{16}$/)
/** A word of a fixed list: lower case, digits, hyphens, dots. */
export const code = matches(/^[a-z0-9][a-z0-9.-]{0,63}$/)
/** The name of an organisation, platform, format, version or file kind: visible ASCII without quotes or spaces. */
export const label = matches(/^[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,127}$/)
/** A decimal number as text. */
export const decimal = matches(/^(0|[1-9][0-9]{0,15})(\.[0-9]{1,16})?$/)

/** A whole number, not negative. */
export const count: Form = (value) => Number.isSafeInteger(value) && Number(value) >= 0

/** A whole number above 0 that is a power of two: what the items of a collection are filled up to. */
export const powerOfTwo: Form = (value) =>
  count(value) && Number(value) > 0 && Number.isInteger(Math.log2(Number(value)))

/** Base64 of 32 bytes. */
export const hashBase64: Form = (value) => typeof value === 'string' && base64ToBytes(value)?.length === 32

/** `YYYY-MM-DD` of a day that exists. */
export const day: Form = (value) =>
  typeof value === 'string' && /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(value) && isReal(`${value}T00:00:00Z`)

/** `YYYY-MM-DDTHH:MM:SSZ` of a second that exists. */
export const instant: Form = (value) =>
  typeof value === 'string' &&
  /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$/.test(value) &&
  isReal(value)

export const dayOrInstant: Form = (value) => day(value) || instant(value)

/** One of the given words. */
export const oneOf =
  (...words: string[]): Form =>
  (value) =>
    typeof value === 'string' && words.includes(value)

/** A list within the given lengths of values of one form. */
export const listOf =
  (form: Form, { min, max }: { min: number; max: number }): Form =>
  (value) =>
    Array.isArray(value) && value.length >= min && value.length <= max && value.every(form)

/** Dates that overflow, such as 30 February, are moved by the runtime and then read differently. */
function isReal(text: string): boolean {
  const time = Date.parse(text)
  return Number.isFinite(time) && new Date(time).toISOString() === text.replace('Z', '.000Z')
}

import { isWellFormed } from '../../bytes/index.ts'
import { base64urlToBytes } from '../keys/base64url.ts'
import { recipientKind } from '../keys/recipient.ts'
import { isDay } from './days.ts'

/** A check of a value that came from outside. What it lets through has the type, and no field that nobody knows. */
export type Form<T> = (value: unknown) => value is T

type Formed<F> = F extends Form<infer T> ? T : never
type Fields = Readonly<Record<string, Form<unknown>>>
type Shaped<Required extends Fields, Optional extends Fields> = {
  readonly [K in keyof Required]: Formed<Required[K]>
} & { readonly [K in keyof Optional]?: Formed<Optional[K]> }

/** An object with all required fields, any of the optional ones, and nothing else. */
export function shape<R extends Fields, O extends Fields = Record<never, never>>(
  required: R,
  optional?: O,
): Form<Shaped<R, O>> {
  const forms = new Map<string, Form<unknown>>(Object.entries({ ...required, ...optional }))
  return (value): value is Shaped<R, O> =>
    isObject(value) &&
    Object.keys(required).every((field) => Object.hasOwn(value, field)) &&
    Object.entries(value).every(([field, member]) => forms.get(field)?.(member) === true)
}

/** A list within the given lengths of values of one form. */
export function listOf<T>(form: Form<T>, least: number, most: number): Form<readonly T[]> {
  return (value): value is readonly T[] =>
    Array.isArray(value) && value.length >= least && value.length <= most && value.every(form)
}

/** An object of at most `most` members whose keys and values have one form each. */
export function tableOf<T>(
  keyForm: Form<string>,
  form: Form<T>,
  most: number,
): Form<Readonly<Record<string, T>>> {
  return (value): value is Readonly<Record<string, T>> =>
    isObject(value) &&
    Object.keys(value).length <= most &&
    Object.entries(value).every(([key, member]) => keyForm(key) && form(member))
}

/** One of the given words. */
export function oneOf<const Words extends readonly string[]>(words: Words): Form<Words[number]> {
  return (value): value is Words[number] => typeof value === 'string' && words.includes(value)
}

/** Exactly this number. */
export function exactly<const N extends number>(number: N): Form<N> {
  return (value): value is N => value === number
}

/** A whole number from `least` to `most`. */
export function whole(least: number, most = Number.MAX_SAFE_INTEGER): Form<number> {
  return (value): value is number =>
    Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most
}

const textOf =
  (isGood: (text: string) => boolean): Form<string> =>
  (value): value is string =>
    typeof value === 'string' && isGood(value)

/** 64 lower-case hexadecimal digits: a digest or an Ed25519 public key. */
export const hex32 = textOf((text) => /^[0-9a-f]{64}$/.test(text))
/** 16 bytes in base64url: an id or a slot address. */
export const id16 = textOf((text) => base64urlToBytes(text, 16) !== null)
/** 64 bytes in base64url: an Ed25519 signature. */
export const signature64 = textOf((text) => base64urlToBytes(text, 64) !== null)
/** `YYYY-MM-DD` of a day that exists. */
export const day = textOf(isDay)
/** The id of an organisation: what the names of its keys begin with. */
export const orgId = textOf((text) => /^[a-z0-9](?:[a-z0-9.-]{0,62}[a-z0-9])?$/.test(text))
/** A language tag, such as `ms` or `zh-Hans` (BCP 47). */
export const language = textOf((text) => /^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}$/.test(text))
/** An https address, or an http address of an onion service. */
export const webAddress = textOf((text) =>
  /^(?:https:\/\/[a-z0-9.-]+|http:\/\/[a-z2-7]{56}\.onion)(?::[0-9]{1,5})?\/[\x21-\x7e]{0,200}$/.test(text),
)

/** An age recipient with post-quantum protection: `age1pq1...`. */
export const hybridRecipient = textOf((text) => {
  try {
    return recipientKind(text) === 'hybrid'
  } catch {
    return false
  }
})

/** One line of text in normalisation form C, without what could make it look like another text. */
export function lineOfText(mostCharacters: number): Form<string> {
  return textOf(
    (text) =>
      text.length > 0 &&
      text.length <= mostCharacters &&
      isWellFormed(text) &&
      text === text.normalize('NFC') &&
      text === text.trim() &&
      !UNSEEN.test(text),
  )
}
// Joiners are needed to write Tamil and Malayalam; what turns the direction of writing is not.
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]/u

/** True for an object that is no array. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

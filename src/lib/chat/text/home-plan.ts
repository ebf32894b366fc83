import { Metadata, parsePhoneNumberFromString } from 'libphonenumber-js/max'

/** The part of libphonenumber's numbering plan that its typings leave out. */
interface PlanWithTypes {
  nationalNumberPattern(): string
  type(name: string): { pattern(): string; possibleLengths(): readonly number[] | undefined } | undefined
}

const TYPES = [
  'FIXED_LINE',
  'MOBILE',
  'PAGER',
  'TOLL_FREE',
  'PREMIUM_RATE',
  'SHARED_COST',
  'VOIP',
  'PERSONAL_NUMBER',
  'UAN',
  'VOICEMAIL',
]
const NATIONAL = /^(?:\+600?|0?)([1-9]\d{7,9})$/

interface Rule {
  pattern: RegExp
  lengths: readonly number[] | undefined
}

let rules: readonly Rule[] | null = null

/**
 * The national number in a Malaysian number with or without country code and trunk zero, when it lies in an assigned
 * range; null for everything else, foreign numbers included. The same patterns the library uses, compiled once: some
 * 0.2 µs instead of 7. A test holds both to the same answers.
 */
export function validHomeNumber(text: string): string | null {
  const national = NATIONAL.exec(text)?.[1]
  if (national === undefined) return null
  rules ??= compileRules()
  if (rules.length === 0) return askLibrary(text)
  for (const { pattern, lengths } of rules) {
    if ((lengths === undefined || lengths.includes(national.length)) && pattern.test(national))
      return national
  }
  return null
}

/** No rules when a later library keeps its patterns elsewhere: then every number goes the library's own, slower way. */
function compileRules(): Rule[] {
  const metadata = new Metadata()
  metadata.selectNumberingPlan('MY')
  const plan: unknown = metadata.numberingPlan
  if (!hasTypes(plan)) return []
  const general = plan.nationalNumberPattern()
  return TYPES.flatMap((name) => {
    const type = plan.type(name)
    const pattern = type?.pattern()
    if (pattern === undefined || pattern === '') return []
    return [{ pattern: new RegExp(`^(?=(?:${general})$)(?:${pattern})$`), lengths: type?.possibleLengths() }]
  })
}

function askLibrary(text: string): string | null {
  const parsed = parsePhoneNumberFromString(text, { defaultCountry: 'MY', extract: false })
  return parsed?.countryCallingCode === '60' && parsed.isValid() ? parsed.nationalNumber : null
}

function hasTypes(plan: unknown): plan is PlanWithTypes {
  if (typeof plan !== 'object' || plan === null) return false
  return 'type' in plan && typeof plan.type === 'function' && 'nationalNumberPattern' in plan
}

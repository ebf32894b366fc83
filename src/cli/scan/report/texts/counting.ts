/** Words around a number, by the plural category of the language; `#` is the number. `one` only where the language has it. */
export interface CountedForms {
  one?: string
  other: string
}

export interface Counting {
  number(count: number): string
  counted(count: number, forms: CountedForms): string
  /** "top, left and right" */
  listed(words: readonly string[]): string
}

/** Numbers, plurals and lists of a language as `Intl` knows them. `locale` is a BCP 47 tag. */
export function countingIn(locale: string): Counting {
  const numbers = new Intl.NumberFormat(locale)
  const plurals = new Intl.PluralRules(locale)
  const lists = new Intl.ListFormat(locale, { type: 'conjunction' })
  const number = (count: number): string => numbers.format(count)
  return {
    number,
    counted: (count, { one, other }) =>
      (plurals.select(count) === 'one' ? (one ?? other) : other).replaceAll('#', number(count)),
    listed: (words) => lists.format(words),
  }
}

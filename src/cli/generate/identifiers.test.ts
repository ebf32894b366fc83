import { describe, expect, it } from 'vitest'
import { identifierAt, inviteLink, type WrittenIdentifier } from './identifiers.ts'
import { randomFor } from './streams.ts'

const random = randomFor('identifiers', '')
const MANY = Array.from({ length: 900 }, (_, index) => identifierAt(index, random))

/** The digits of any spelling, as ASCII. */
function digitsOf({ part }: WrittenIdentifier): string {
  return part.text.normalize('NFKC').replace(/O/g, '0').replace(/\D/g, '')
}

describe('written identifiers', () => {
  it('use phone numbers from ranges kept for fiction only, whatever the spelling', () => {
    const phones = MANY.filter((each) => each.kind === 'phone')
    expect(new Set(phones.map((each) => each.spelling)).size).toBe(14)
    for (const phone of phones) {
      expect(phone.value).toMatch(/^(\+120255501\d\d|\+60120000\d{3})$/)
      // National spellings of Malaysian numbers start with 0 instead of 60.
      expect(`+${digitsOf(phone).replace(/^0/, '60')}`).toBe(phone.value)
    }
  })

  it('use handles, hosts and numbers that belong to nobody', () => {
    const matches: Record<string, RegExp> = {
      handle: /^@test_[a-z_]+$/,
      email: /^test_[a-z_]+@example\.(com|org|net)$/,
      url: /^example\.(com|org|net)\/test_[a-z_]+$/,
      mykad: /^010203-00-\d{4}$/,
    }
    for (const [kind, form] of Object.entries(matches)) {
      const values = MANY.filter((each) => each.kind === kind).map((each) => each.value)
      expect(values.length).toBeGreaterThan(0)
      for (const value of values) expect(value).toMatch(form)
    }
    expect(MANY.filter((each) => each.kind === 'mykad').every((each) => !each.isReal)).toBe(true)
    expect(inviteLink(random).value).toMatch(/^t\.me\/\+CONTOH[A-Za-z]{10}$/)
  })
})

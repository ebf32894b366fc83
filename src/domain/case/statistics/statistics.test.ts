import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Journal, stateOf } from '../testing/journal.ts'
import { publishCell, publishShare, refuseTable } from './release.ts'
import { statCard } from './stat-card.ts'

const cell = (counts: Record<string, number>, isStructurallyEmpty = false) => ({
  byOrganisation: new Map(Object.entries(counts)),
  isStructurallyEmpty,
})

it('shows counts below five as "<5", zero too unless the row is empty by its meaning', () => {
  expect([0, 1, 4].map((count) => publishCell(cell({ a: count })).shown)).toEqual(['<5', '<5', '<5'])
  expect(publishCell(cell({ a: 0 }, true)).shown).toBe(0)
  expect(publishCell(cell({ a: 3 }, true)).shown).toBe('<5')
})

it('rounds to five, and hides what is four fifths of one organisation', () => {
  expect(publishCell(cell({ a: 4, b: 8 })).shown).toBe(10)
  expect(publishCell(cell({ a: 4, b: 9 })).shown).toBe(15)
  expect(publishCell(cell({ a: 8, b: 2 })).shown).toBe(10)
  expect(publishCell(cell({ a: 9, b: 1 })).shown).toBe('hidden')
  expect(publishCell(cell({ a: Number.NaN, b: -3, c: 2 })).shown).toBe('<5')
})

it('publishes no table of fewer than thirty, nor a national one of a single organisation', () => {
  expect(refuseTable([cell({ a: 20, b: 9 })], true)).toBe('TOTAL_TOO_SMALL')
  expect(refuseTable([cell({ a: 20, b: 10 })], true)).toBe(null)
  expect(refuseTable([cell({ a: 40, b: 0 })], true)).toBe('TOO_FEW_ORGANISATIONS')
  expect(refuseTable([cell({ a: 40 })], false)).toBe(null)
})

it('takes shares from rounded counts, and none below a base of thirty', () => {
  expect([publishShare(7, 27), publishShare(7, 28), publishShare(2, 100)]).toEqual([null, 17, 0])
})

it('never shows a number that is not rounded to five', () => {
  const counts = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.nat({ max: 60 }))
  fc.assert(
    fc.property(counts, fc.boolean(), (byName, isEmpty) => {
      const { shown } = publishCell(cell(byName, isEmpty))
      const total = Object.values(byName).reduce((sum, count) => sum + count, 0)
      if (typeof shown !== 'number') return
      expect([shown % 5, Math.abs(shown - total) <= 2, total === 0 || total >= 5]).toEqual([0, true, true])
    }),
  )
})

const lists = {
  state: ['selangor'],
  platform: ['messenger'],
  harms: ['threat', 'shared'],
  source: ['phone'],
  outcome: ['removed'],
}
const choices = {
  quarter: '2026-Q1',
  state: 'selangor',
  platform: 'messenger',
  harms: ['shared'],
  source: 'phone',
  outcome: 'removed',
  days: '8-30',
}

it('counts a case only with her consent to statistics, and only in codes', () => {
  const journal = new Journal().activate()
  expect(statCard(stateOf(journal), 'analyst', choices, lists)).toBe('CONSENT_MISSING')
  journal.consent('c1', 'analyst', 'statistics')
  expect(statCard(stateOf(journal), 'analyst', choices, lists)).toEqual({ ...choices, ageBand: 'adult' })
  expect(statCard(stateOf(journal), 'somebody', choices, lists)).toBe('CONSENT_MISSING')
  for (const wrong of [
    { note: 'her name' },
    { state: 'her street' },
    { harms: ['shared', 'her words'] },
    { quarter: '2026-Q5' },
    { days: 12 },
  ])
    expect(statCard(stateOf(journal), 'analyst', { ...choices, ...wrong }, lists)).toBe('BODY_INVALID')
  expect(statCard(stateOf(journal), 'analyst', null, lists)).toBe('BODY_INVALID')
  expect(statCard(stateOf(journal.wait(91 * 1440)), 'analyst', choices, lists)).toBe('CONSENT_EXPIRED')
})

it('merges all minors into one band, without the state', () => {
  const journal = new Journal().activate().consent('c1', 'analyst', 'statistics')
  journal.say('survivor', 'minors.age-band', { ageBand: 'under-18-in-picture' })
  const card = statCard(stateOf(journal), 'analyst', choices, lists)
  expect(card).toMatchObject({ ageBand: 'minor', state: 'national', platform: 'messenger' })
})

import { expect, it } from 'vitest'
import { isoWeekOf, nextQuarter, weekAfter } from './time.ts'

it('names weeks as ISO 8601 does at the turn of years', () => {
  const weeks = [
    '2026-12-31',
    '2027-01-01',
    '2027-01-03',
    '2027-01-04',
    '2024-12-30',
    '2020-12-31',
    '2016-01-03',
  ]
  expect(weeks.map((day) => isoWeekOf(new Date(`${day}T23:59:59Z`)))).toEqual([
    '2026-W53',
    '2026-W53',
    '2026-W53',
    '2027-W01',
    '2025-W01',
    '2020-W53',
    '2015-W53',
  ])
})

it('goes on by weeks and to the next quarter', () => {
  const time = new Date('2026-11-24T08:31:00Z')
  expect(weekAfter(time, 13)).toBe('2027-W08')
  expect(nextQuarter(time)).toEqual(new Date('2026-11-24T08:45:00Z'))
  expect(nextQuarter(nextQuarter(time))).toEqual(new Date('2026-11-24T08:45:00Z'))
})

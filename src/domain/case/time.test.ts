import { expect, it } from 'vitest'
import { addWorkingDays, DAY, dayOf, momentOf, parseClock, parseDay, parseMoment, weekOf } from './time.ts'

const at = (text: string) => parseMoment(text) ?? Number.NaN

it('reads days that exist and nothing else', () => {
  expect(parseDay('2028-02-29')).toBe(at('2028-02-29T00:00Z'))
  for (const no of [
    '2026-02-29',
    '2026-13-01',
    '2026-1-1',
    '1999-12-31',
    '2200-01-01',
    ' 2026-01-01',
    '2026-01-01Z',
  ])
    expect([no, parseDay(no)]).toEqual([no, null])
  expect(dayOf(parseDay('2026-03-29') ?? 0)).toBe('2026-03-29')
})

it('reads times of day and moments, and writes them back', () => {
  expect([parseClock('00:00'), parseClock('23:59'), parseClock('24:00'), parseClock('1:00')]).toEqual([
    0,
    1439,
    null,
    null,
  ])
  expect(momentOf(at('2026-03-29T02:30Z'))).toBe('2026-03-29T02:30Z')
  expect([parseMoment('2026-03-29T02:30'), parseMoment('2026-03-29 02:30Z')]).toEqual([null, null])
})

it('names weeks as ISO 8601 does, over the turn of years', () => {
  const weeks = ['2026-11-24', '2024-12-30', '2027-01-01', '2027-01-04', '2020-12-31'].map((day) =>
    weekOf(parseDay(day) ?? 0),
  )
  expect(weeks).toEqual(['2026-W48', '2025-W01', '2026-W53', '2027-W01', '2020-W53'])
})

it('counts working days over week-ends, holidays and the leap day, and no daylight saving', () => {
  const friday = at('2026-03-27T15:00Z')
  expect(addWorkingDays(friday, 2, new Set())).toBe(friday + 4 * DAY)
  expect(addWorkingDays(friday, 2, new Set(['2026-03-30']))).toBe(friday + 5 * DAY)
  const beforeLeap = at('2028-02-28T15:00Z')
  expect(momentOf(addWorkingDays(beforeLeap, 2, new Set()))).toBe('2028-03-01T15:00Z')
  expect(addWorkingDays(friday, 0, new Set())).toBe(friday)
})

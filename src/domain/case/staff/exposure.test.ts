import { expect, it } from 'vitest'
import { DAY, HOUR } from '../time.ts'
import { DEFAULT_BUDGET, exposureBand, isLowering, openingStop } from './exposure.ts'

const NOW = 100 * DAY
const openings = (count: number, minutes = 0, ago = HOUR) =>
  Array.from({ length: count }, () => ({ at: NOW - ago, minutes }))
const stop = (list: ReturnType<typeof openings>, shiftEnds: number | null = null, isUrgent = false) =>
  openingStop(list, DEFAULT_BUDGET, NOW, shiftEnds, isUrgent)

it('stops softly at four fifths of a day or a week, and hard at the whole', () => {
  expect([stop([]), stop(openings(7)), stop(openings(8)), stop(openings(10))]).toEqual([
    'none',
    'none',
    'soft',
    'hard',
  ])
  expect([stop(openings(1, 7)), stop(openings(1, 8)), stop(openings(1, 10))]).toEqual([
    'none',
    'soft',
    'hard',
  ])
  const daysAgo = (count: number) => openings(count, 5, 2 * DAY)
  expect([stop(daysAgo(23)), stop(daysAgo(24)), stop(daysAgo(30))]).toEqual(['none', 'soft', 'hard'])
  expect(stop(openings(40, 5, 7 * DAY))).toBe('none')
})

it('opens nothing in the last half hour of the shift, urgent work excepted, and nothing without a budget', () => {
  expect([stop([], NOW + 29), stop([], NOW + 30), stop([], NOW + 29, true)]).toEqual([
    'end-of-shift',
    'none',
    'none',
  ])
  expect(stop(openings(10), NOW + 29, true)).toBe('hard')
  expect(openingStop([], { ...DEFAULT_BUDGET, openingsPerDay: 0 }, NOW, null, false)).toBe('hard')
})

it('shows a supervisor bands and lets a worker lower her budget only', () => {
  const bands = [0, 3, 4, 7, 8, 12].map((count) => exposureBand(openings(count), DEFAULT_BUDGET, NOW))
  expect(bands).toEqual(['low', 'low', 'medium', 'medium', 'high', 'high'])
  expect(isLowering(DEFAULT_BUDGET, { ...DEFAULT_BUDGET, openingsPerDay: 3 })).toBe(true)
  expect(isLowering(DEFAULT_BUDGET, { openingsPerDay: 3, minutesPerDay: 3, openingsPerWeek: 31 })).toBe(false)
})

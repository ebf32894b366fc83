import { expect, it } from 'vitest'
import type { Roster } from './model.ts'
import { formatRosterText, rosterDigest } from './roster-text.ts'
import { checkSuccession, type OpenCases } from './succession.ts'
import { codeOf, people, rosterOf } from './testing.ts'

const previous = rosterOf()
const text = formatRosterText(previous)
const { worker } = people
const gone = {
  id: worker.id,
  role: 'caseworker',
  sign: worker.entry.sign,
  from: '2026-01-01',
  to: '2026-11-24',
  reason: 'left',
} as const
const staying = previous.entries.filter(({ id }) => id !== worker.id)
const nextOf = (changes: Partial<Roster> = {}) =>
  rosterOf({ v: 2, prev: rosterDigest(text), entries: staying, retired: [gone], ...changes })
const none: OpenCases = { count: new Map() }
const verdict = (next: Roster, open: OpenCases = none) =>
  codeOf(() => checkSuccession(previous, text, next, open))

it('lets somebody leave whose key is listed as given up', () => {
  expect(verdict(nextOf())).toBeNull()
  expect(verdict(nextOf({ entries: previous.entries, retired: [] }))).toBeNull()
})

it('refuses a list that forgets a key, or does not continue the one before it', () => {
  expect(verdict(nextOf({ retired: [] }))).toBe('ROSTER_SUCCESSION')
  expect(verdict(nextOf({ v: 3 }))).toBe('ROSTER_SUCCESSION')
  expect(verdict(nextOf({ prev: 'ab'.repeat(32) }))).toBe('ROSTER_SUCCESSION')
  expect(verdict(nextOf({ iss: '2026-11-19' }))).toBe('ROSTER_SUCCESSION')
  const later = rosterOf({ v: 2, prev: rosterDigest(text), entries: staying, retired: [gone] })
  const laterText = formatRosterText(later)
  const forgetful = rosterOf({ v: 3, prev: rosterDigest(laterText), entries: staying })
  expect(codeOf(() => checkSuccession(later, laterText, forgetful, none))).toBe('ROSTER_SUCCESSION')
})

it('keeps somebody on the list while cases wait for a new epoch, unless two officers decide otherwise', () => {
  const count = new Map([[worker.id, 2]])
  expect(verdict(nextOf(), { count })).toBe('ROSTER_SUCCESSION')
  expect(
    verdict(nextOf(), { count, override: { reason: 'the laptop is lost', officers: [1, 3] } }),
  ).toBeNull()
  expect(verdict(nextOf(), { count, override: { reason: 'the laptop is lost', officers: [1, 1] } })).toBe(
    'ROSTER_SUCCESSION',
  )
  expect(verdict(nextOf(), { count, override: { reason: ' ', officers: [1, 3] } })).toBe('ROSTER_SUCCESSION')
  expect(verdict(nextOf({ entries: previous.entries, retired: [] }), { count })).toBeNull()
})

it('names every fault at once', () => {
  expect(() => checkSuccession(previous, text, nextOf({ v: 3, retired: [] }), none)).toThrow(
    /not the next version.*vanishes/,
  )
})

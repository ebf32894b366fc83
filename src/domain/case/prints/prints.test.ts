import { expect, it } from 'vitest'
import { Journal, lastCode, stateOf } from '../testing/journal.ts'

const SET = { id: 'set1', rows: 'A'.repeat(64), width: 640, height: 480, shorterSide: 480 }
const FOUND = { about: 'set1', sighting: 's1', matchRule: 'windows', distance: 4, votes: 3 }

const registered = () => new Journal().activate().say('survivor', 'prints.register', SET)

it('keeps which rows of the bank are hers, until she withdraws them', () => {
  const journal = registered()
  expect(lastCode(journal)).toBeNull()
  expect(stateOf(journal).prints.get('set1')).toEqual({
    id: 'set1',
    rows: SET.rows,
    scope: { width: 640, height: 480, shorterSide: 480 },
    isWithdrawn: false,
  })
  expect(lastCode(journal.say('survivor', 'prints.register', SET))).toBe('ID_TAKEN')
  expect(
    stateOf(journal.say('survivor', 'prints.withdraw', { about: 'set1' })).prints.get('set1'),
  ).toMatchObject({
    isWithdrawn: true,
  })
  expect(lastCode(journal.say('survivor', 'prints.withdraw', { about: 'set2' }))).toBe('UNKNOWN_ID')
})

it('feeds no bank from a case of somebody who is, or may be, under 18', () => {
  for (const ageBand of ['under-18-now', 'under-18-in-picture', 'prefer-not']) {
    const journal = new Journal().submit({ ageBand }).say('survivor', 'prints.register', SET)
    expect(lastCode(journal), ageBand).toBe('MINOR_PICTURE_REFUSED')
  }
})

it('is one match however many members write it, and is in what she can see', () => {
  const journal = registered().say('worker', 'match.found', FOUND)
  expect(lastCode(journal)).toBeNull()
  expect(lastCode(journal.say('chief', 'match.found', FOUND))).toBe('ID_TAKEN')
  expect(lastCode(journal.say('worker', 'match.found', FOUND))).toBe('ID_TAKEN')
  const { matches, access } = stateOf(journal)
  expect([...matches.keys()]).toEqual(['set1:s1'])
  expect(matches.get('set1:s1')).toMatchObject({
    rule: 'windows',
    votes: 3,
    isOnlyLikely: false,
    context: null,
  })
  expect(access.filter(({ what }) => what === 'match.found')).toHaveLength(1)
})

it('is two matches for two pictures or two sightings', () => {
  const journal = registered()
    .say('survivor', 'prints.register', { ...SET, id: 'set2' })
    .say('worker', 'match.found', FOUND)
    .say('worker', 'match.found', { ...FOUND, about: 'set2' })
    .say('worker', 'match.found', { ...FOUND, sighting: 's2' })
  expect(stateOf(journal).matches.size).toBe(3)
})

it('takes a match from members alone, and of nothing but a registered picture', () => {
  expect(lastCode(registered().say('outsider', 'match.found', FOUND))).toBe('NOT_A_MEMBER')
  expect(lastCode(registered().say('matcher', 'match.found', FOUND))).toBe('ROLE_NOT_ALLOWED')
  expect(lastCode(registered().say('survivor', 'match.found', FOUND))).toBe('ROLE_NOT_ALLOWED')
  expect(lastCode(registered().say('worker', 'match.found', { ...FOUND, about: 'set9' }))).toBe('UNKNOWN_ID')
  expect(lastCode(registered().say('worker', 'match.found', { ...FOUND, distance: -1 }))).toBe('BODY_INVALID')
  expect(lastCode(registered().say('worker', 'prints.register', { ...SET, id: 'x', rows: 'AAA' }))).toBe(
    'BODY_INVALID',
  )
})

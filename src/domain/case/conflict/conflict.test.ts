import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Author } from '../roles.ts'
import { Journal, stateOf } from '../testing/journal.ts'
import { journalFrom } from '../testing/random-journal.ts'
import { approversFor } from './approvers.ts'
import { boardOf, openCaseBand } from './board.ts'

const randomJournal = fc
  .tuple(fc.nat({ max: 99 }), fc.array(fc.array(fc.nat({ max: 999 }), { minLength: 24, maxLength: 24 })))
  .map(([beginning, steps]) => journalFrom(beginning, ['task', 'member', 'case'], steps))

it('shows somebody who is excluded exactly the world in which the case does not exist', () => {
  fc.assert(
    fc.property(
      fc.array(randomJournal, { maxLength: 4 }),
      randomJournal,
      fc.nat(),
      (others, journal, place) => {
        const name = (index: number) => `case-${index}`
        const cases = others.map((one, index) => ({ nickname: name(index), state: stateOf(one) }))
        journal.say('survivor', 'member.exclude', { entry: 'other' })
        const hidden = { nickname: 'amber-river-7kq2', state: stateOf(journal) }
        const withIt = cases.toSpliced(place % (cases.length + 1), 0, hidden)
        expect(boardOf({ id: 'other' }, withIt, journal.now)).toEqual(
          boardOf({ id: 'other' }, cases, journal.now),
        )
      },
    ),
    { numRuns: 50 },
  )
})

it('shows a member her cases by nickname, with her own tasks', () => {
  const journal = new Journal()
    .activate()
    .say('worker', 'task.create', { id: 't1', kind: 'call', owner: 'other' })
  const cases = ['river', 'amber'].map((nickname) => ({ nickname, state: stateOf(journal) }))
  const rows = boardOf({ id: 'other' }, cases, journal.now)
  expect(rows.map(({ nickname, tasks }) => [nickname, tasks.map(({ id }) => id)])).toEqual([
    ['amber', ['t1']],
    ['river', ['t1']],
  ])
  expect(rows[0]).toMatchObject({ status: 'active', risk: 'medium', overdue: 0 })
})

it('counts open cases for oversight alone, and in bands', () => {
  expect([0, 1, 4, 5, 9, 10].map((count) => openCaseBand('oversight', count))).toEqual([
    '0',
    '1-4',
    '1-4',
    '5-9',
    '5-9',
    '10+',
  ])
  expect(openCaseBand('supervisor', 3)).toBe(null)
})

it('sends an approval to a partner’s supervisor when those of the organisation are excluded or proposed it', () => {
  const person = (id: string, role: Author['role'] = 'supervisor'): Author => ({
    id,
    role,
    key: `key-of-${id}`,
  })
  const own = [person('chief'), person('deputy'), person('worker', 'caseworker')]
  const partners = [person('partner'), person('clerk', 'caseworker')]
  const ids = (excluded: string[], proposer: string, list = partners) => {
    const found = approversFor({ excluded: new Set(excluded) }, person(proposer), own, list)
    return [found.route, ...found.people.map(({ id }) => id)]
  }
  expect(ids([], 'worker')).toEqual(['own', 'chief', 'deputy'])
  expect(ids([], 'chief')).toEqual(['own', 'deputy'])
  expect(ids(['chief', 'deputy'], 'worker')).toEqual(['partner', 'partner'])
  expect(ids(['chief'], 'deputy')).toEqual(['partner', 'partner'])
  expect(ids(['chief', 'deputy', 'partner'], 'worker')).toEqual(['none'])
})

import { expect, it } from 'vitest'
import { Journal, stateOf } from '../testing/journal.ts'
import { DAY } from '../time.ts'
import { likelyDuplicates } from './events.ts'

it('asks about a second notice for the same place and type within a day, and blocks nothing', () => {
  const journal = new Journal().activate().say('worker', 'place.add', { id: 'p1' })
  journal.approvedNotice('n1', 'p1', 'c1').wait(DAY - 1)
  const first = stateOf(journal.approvedNotice('n2', 'p1', 'c1')).notices.get('n2')
  expect(first && likelyDuplicates(stateOf(journal), first, journal.now)).toEqual(['n1'])
  const later = stateOf(journal.wait(DAY).approvedNotice('n3', 'p1', 'c1')).notices.get('n3')
  expect(later && likelyDuplicates(stateOf(journal), later, journal.now)).toEqual([])
})

import { describe, expect, it } from 'vitest'
import { Journal, lastCode, stateOf } from '../testing/journal.ts'

describe('her log of what happened', () => {
  it('only grows: a correction stands beside what it corrects', () => {
    const line = { id: 'l1', date: '2026-02-14', description: 'a call at night' }
    const journal = new Journal().submit().say('survivor', 'log.add', line)
    expect(lastCode(journal.say('survivor', 'log.add', line))).toBe('ID_TAKEN')
    expect(lastCode(journal.say('survivor', 'log.add', { ...line, id: 'l2', replaces: 'none' }))).toBe(
      'UNKNOWN_ID',
    )
    journal.say('survivor', 'log.add', { ...line, id: 'l2', replaces: 'l1', description: 'two calls' })
    expect([...stateOf(journal).log.values()].map(({ id, corrects }) => [id, corrects])).toEqual([
      ['l1', null],
      ['l2', 'l1'],
    ])
  })
})

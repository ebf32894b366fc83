import { describe, expect, it } from 'vitest'
import { Journal, lastCode, stateOf } from '../testing/journal.ts'
import { logAsCsv } from './log-csv.ts'

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
  it('leaves as CSV by date, with corrections beside what they correct and nothing a spreadsheet would run', () => {
    const journal = new Journal()
      .submit()
      .say('survivor', 'log.add', {
        id: 'l1',
        date: '2026-02-15',
        description: '=cmd|x, "then"',
        time: '21:05',
      })
      .say('survivor', 'log.add', {
        id: 'l2',
        date: '2026-02-14',
        description: 'a call',
        exhibits: ['x1', 'x2'],
      })
      .say('survivor', 'log.add', { id: 'l3', date: '2026-02-15', description: 'two\nlines', replaces: 'l1' })
    expect(logAsCsv(stateOf(journal)).split('\r\n')).toEqual([
      'date,time,place,what happened,technology suspected,witnesses,officer or report number,exhibits,effect on me,note,line,corrects line',
      '2026-02-14,,,a call,,,,x1 x2,,,l2,',
      `2026-02-15,21:05,,"'=cmd|x, ""then""",,,,,,,l1,`,
      '2026-02-15,,,"two\nlines",,,,,,,l3,l1',
      '',
    ])
  })
})

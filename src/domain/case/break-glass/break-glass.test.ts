import { describe, expect, it } from 'vitest'
import { Journal, lastCode, stateOf } from '../testing/journal.ts'
import { DAY, HOUR, momentOf } from '../time.ts'

describe('break-glass', () => {
  const propose = (journal: Journal, hours: number) => ({
    id: 'b1',
    reason: 'he is at the door',
    receiver: 'the police station',
    dataClasses: ['identity', 'contact'],
    until: momentOf(journal.now + hours * HOUR),
  })

  it('takes a supervisor besides the proposer, both of whom have the case, and ends within a day', () => {
    const journal = new Journal().activate().risk('worker', 'urgent', 4)
    const said = propose(journal, 25)
    expect(lastCode(journal.say('outsider', 'breakglass.propose', said))).toBe('NOT_A_MEMBER')
    expect(lastCode(journal.say('chief', 'breakglass.propose', said))).toBe('ROLE_NOT_ALLOWED')
    journal.say('worker', 'breakglass.propose', said)
    expect(lastCode(journal.say('other', 'breakglass.approve', { about: 'b1' }))).toBe('ROLE_NOT_ALLOWED')
    expect(lastCode(journal.say('chief', 'breakglass.approve', { about: 'b1' }))).toBe('BREAK_GLASS_TOO_LONG')
    const again = { ...propose(journal, 24), id: 'b2' }
    journal
      .say('worker', 'breakglass.propose', again)
      .say('chief', 'breakglass.approve', { about: 'b2' }, { key: 'key-of-worker' })
    expect(lastCode(journal)).toBe('SELF_APPROVAL')
    expect(lastCode(journal.say('chief', 'breakglass.approve', { about: 'b2' }))).toBe(null)
    expect(stateOf(journal.wait(DAY - 1)).breakGlasses.get('b2')?.state).toBe('active')
    expect(stateOf(journal.wait(1)).breakGlasses.get('b2')?.state).toBe('ended')
  })

  it('is told to her when safe, and reviewed by oversight within seven days', () => {
    const journal = new Journal().activate()
    journal
      .say('worker', 'breakglass.propose', propose(journal, 3))
      .say('chief', 'breakglass.approve', { about: 'b1' })
    const tasks = () => [...stateOf(journal).tasks.values()]
    const review = tasks().find(({ kind }) => kind === 'break-glass-review')
    expect(tasks().map(({ kind }) => kind)).toContain('tell-survivor-when-safe')
    expect(review).toMatchObject({ due: journal.now + 7 * DAY, state: 'open' })
    expect(lastCode(journal.say('chief', 'task.done', { task: review?.id }))).toBe('TASK_LOCKED')
    expect(lastCode(journal.say('chief', 'breakglass.review', { about: 'b1', note: 'x' }))).toBe(
      'ROLE_NOT_ALLOWED',
    )
    journal
      .say('worker', 'breakglass.end', { about: 'b1' })
      .say('overseer', 'breakglass.review', { about: 'b1', note: 'right' })
    expect(stateOf(journal).breakGlasses.get('b1')?.state).toBe('reviewed')
    expect(tasks().find(({ kind }) => kind === 'break-glass-review')?.state).toBe('done')
  })
})

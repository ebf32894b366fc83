import { describe, expect, it } from 'vitest'
import { Journal, lastCode, riskBody, stateOf } from '../testing/journal.ts'
import { DAY, HOUR } from '../time.ts'
import { RISK_FACTORS } from '../vocabulary.ts'
import { deputyAlertAt, suggestRisk } from './risk-levels.ts'

describe('risk', () => {
  it('is reviewed within the time of its level, and never without a date that lies ahead', () => {
    const hours = { urgent: 4, high: 24, medium: 7 * 24, low: 30 * 24 }
    for (const [level, most] of Object.entries(hours)) {
      expect(lastCode(new Journal().activate().risk('worker', level, most))).toBe(null)
      expect(lastCode(new Journal().activate().risk('worker', level, most + 1))).toBe('REVIEW_TOO_LATE')
      expect(lastCode(new Journal().activate().risk('worker', level, 0))).toBe('REVIEW_TOO_LATE')
    }
  })

  it('keeps a review task that only the next setting does', () => {
    const journal = new Journal().activate().wait(3 * DAY)
    const review = [...stateOf(journal).tasks.values()].find(({ kind }) => kind === 'risk-review')
    expect(lastCode(journal.say('chief', 'task.done', { task: review?.id }))).toBe('TASK_LOCKED')
    journal.risk('worker', 'high', 24)
    const reviews = [...stateOf(journal).tasks.values()].filter(({ kind }) => kind === 'risk-review')
    expect(reviews.map((task) => [task.state, task.outcome])).toEqual([
      ['done', 'high'],
      ['open', null],
    ])
  })

  it('goes down from urgent by two people, one of whom may not be both', () => {
    const journal = new Journal().activate().risk('worker', 'urgent', 4)
    expect(lastCode(journal.risk('chief', 'high', 4))).toBe('SECOND_PERSON_NEEDED')
    expect(lastCode(journal.risk('chief', 'urgent', 4))).toBe(null)
    const lower = riskBody('medium', journal.now + DAY)
    expect(lastCode(journal.say('chief', 'risk.approve-lower'))).toBe('NO_PROPOSAL')
    journal.say('worker', 'risk.propose-lower', lower)
    expect(stateOf(journal).risk?.level).toBe('urgent')
    expect(lastCode(journal.say('worker', 'risk.approve-lower'))).toBe('SELF_APPROVAL')
    expect(lastCode(journal.say('other', 'risk.approve-lower'))).toBe(null)
    expect(stateOf(journal).risk).toMatchObject({ level: 'medium', setBy: { id: 'worker' } })
    expect(lastCode(journal.say('worker', 'risk.propose-lower', lower))).toBe('TRANSITION_REFUSED')
  })

  it('proposed lower is void once somebody sets it anew, and too late once its review has passed', () => {
    const journal = new Journal().activate().risk('worker', 'urgent', 4)
    journal.say('worker', 'risk.propose-lower', riskBody('medium', journal.now + HOUR))
    const late = new Journal().replaying(journal).wait(HOUR).say('other', 'risk.approve-lower')
    expect(lastCode(late)).toBe('REVIEW_TOO_LATE')
    journal.risk('chief', 'urgent', 2).say('other', 'risk.approve-lower')
    expect(lastCode(journal)).toBe('NO_PROPOSAL')
  })

  it('and triage name a lead; once the case is active the lead changes by handover', () => {
    const journal = new Journal().activate()
    expect(lastCode(journal.say('worker', 'triage.answer', { factors: [], lead: 'other' }))).toBe(
      'TRANSITION_REFUSED',
    )
    expect(lastCode(journal.say('worker', 'triage.answer', { factors: [], lead: 'worker' }))).toBe(null)
    journal.say('worker', 'member.recuse')
    expect(lastCode(journal.say('other', 'triage.answer', { factors: [], lead: 'other' }))).toBe(null)
  })

  it('is suggested by the answers: the worst set of factors that is there as a whole', () => {
    expect(suggestRisk([])).toBe('low')
    expect(suggestRisk(['address-known'])).toBe('low')
    expect(suggestRisk(['threat'])).toBe('medium')
    expect(suggestRisk(['address-known', 'threat'])).toBe('high')
    expect(suggestRisk(['minor'])).toBe('high')
    expect(suggestRisk(['spreading', 'deadline-within-24h'])).toBe('urgent')
    expect(suggestRisk([...RISK_FACTORS])).toBe('urgent')
  })

  it('alerts the deputy after half of the review time', () => {
    expect(deputyAlertAt(100, 100 + 4 * HOUR)).toBe(100 + 2 * HOUR)
  })
})

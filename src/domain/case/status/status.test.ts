import { describe, expect, it } from 'vitest'
import { closurePack } from '../closure/closure-pack.ts'
import { Journal, lastCode, RULES, SHA, stateOf } from '../testing/journal.ts'
import { DAY, dayOf, HOUR, momentOf } from '../time.ts'

const JUNK = { junkReason: 'empty' }

describe('a new case', () => {
  it('gives a first answer in two working days, in four hours when urgent', () => {
    const due = (journal: Journal) =>
      [...stateOf(journal).tasks.values()].find(({ kind }) => kind === 'first-answer')?.due
    // 2 March 2026 is a Monday.
    const plain = new Journal().submit().say('worker', 'case.open')
    expect(due(plain)).toBe(plain.now + 2 * DAY)
    const friday = new Journal()
      .wait(4 * DAY)
      .submit()
      .say('worker', 'case.open')
    expect(due(friday)).toBe(friday.now + 4 * DAY)
    const urgent = new Journal().submit({ factors: ['self-harm-plan'] }).say('worker', 'case.open')
    expect(due(urgent)).toBe(urgent.now + 4 * HOUR)
  })

  it('is erased when nobody opens it for 90 days', () => {
    const journal = new Journal().submit().wait(90 * DAY - 1)
    expect(stateOf(journal).status).toBe('new')
    expect(stateOf(journal.wait(1)).status).toBe('erased')
  })

  it('is put aside as junk by two people, after a day, and never with a word of the safety list', () => {
    const journal = new Journal().submit().wait(DAY - 1)
    expect(lastCode(journal.say('worker', 'case.propose-junk', JUNK))).toBe('TOO_EARLY')
    expect(lastCode(journal.wait(1).say('other', 'case.mark-junk', JUNK))).toBe('SECOND_PERSON_NEEDED')
    journal.say('worker', 'case.propose-junk', JUNK)
    expect(lastCode(journal.say('worker', 'case.mark-junk', JUNK))).toBe('SELF_APPROVAL')
    expect(lastCode(journal.say('other', 'case.mark-junk', { junkReason: 'unlikely' }))).toBe('BODY_INVALID')
    journal.say('survivor', 'message.write', { text: 'He has a KNIFE' })
    expect(lastCode(journal.say('other', 'case.mark-junk', JUNK))).toBe('SAFETY_WORD')
  })

  it('comes back from quarantine by one person, and is erased after 30 days there', () => {
    const journal = new Journal().submit().wait(DAY).say('worker', 'case.propose-junk', JUNK)
    journal.say('other', 'case.mark-junk', JUNK)
    expect(lastCode(journal.say('survivor', 'message.write', { text: 'are you there' }))).toBe(null)
    journal.wait(30 * DAY - 1)
    expect(stateOf(journal).status).toBe('quarantine')
    const restored = stateOf(new Journal().replaying(journal).say('worker', 'case.restore'))
    expect(restored).toMatchObject({ status: 'triage', expires: null })
    expect(stateOf(journal.wait(1)).status).toBe('erased')
  })

  it('is accepted with a safety answer, a risk and a lead, and not before', () => {
    const journal = new Journal().submit().say('worker', 'case.open').say('worker', 'case.accept')
    expect(lastCode(journal)).toBe('SAFETY_ANSWER_MISSING')
    journal.say('worker', 'triage.answer', { factors: [], safetyAnswer: 'could-not-reach' })
    expect(lastCode(journal.say('worker', 'case.accept'))).toBe('RISK_MISSING')
    expect(lastCode(journal.risk('worker', 'low', 24).say('worker', 'case.accept'))).toBe('LEAD_MISSING')
    const outside = { factors: [], lead: 'outsider' }
    expect(lastCode(journal.say('worker', 'triage.answer', outside))).toBe('LEAD_MISSING')
    journal.say('worker', 'triage.answer', { factors: [], lead: 'other' }).say('worker', 'case.accept')
    expect(stateOf(journal)).toMatchObject({ status: 'active', lead: 'other' })
  })

  it('goes to another organisation with consent for it, or on her own signature', () => {
    const start = () => new Journal().submit().say('worker', 'case.open')
    expect(lastCode(start().say('worker', 'case.refer-out', { recipient: 'shelter' }))).toBe(
      'CONSENT_MISSING',
    )
    const journal = start().consent('c1', 'shelter', 'shelter')
    const refer = { recipient: 'shelter', consent: 'c1' }
    expect(lastCode(journal.say('worker', 'case.refer-out', { ...refer, recipient: 'police' }))).toBe(
      'CONSENT_MISSING',
    )
    journal.say('worker', 'agency.block', { agency: 'shelter' }).say('worker', 'case.refer-out', refer)
    expect(lastCode(journal)).toBe('CONFLICT_AGENCY')
    const hers = start().say('survivor', 'case.refer-out', { recipient: 'shelter' })
    expect(stateOf(hers)).toMatchObject({ status: 'transferred', expires: hers.now + 90 * DAY })
  })
})

describe('closing', () => {
  const ready = () => new Journal().activate().say('worker', 'safety-plan.review')
  const propose = (journal: Journal, closeReason: string, more: object = {}) =>
    journal.say('worker', 'case.propose-close', { closeReason, ...more })

  it('waits for open clocks, for sends that are not left on purpose, and for the safety plan', () => {
    const journal = new Journal().activate()
    expect(lastCode(propose(journal, 'goals-met'))).toBe('SAFETY_PLAN_OLD')
    journal.say('survivor', 'safety-plan.review').wait(14 * DAY + 1)
    expect(lastCode(propose(journal, 'goals-met'))).toBe('SAFETY_PLAN_OLD')
    journal.say('worker', 'safety-plan.review').say('worker', 'place.add', { id: 'p1' })
    journal.approvedNotice('n1', 'p1', 'c1')
    expect(lastCode(propose(journal, 'goals-met'))).toBe('SENDS_OPEN')
    journal.say('worker', 'clock.start', { id: 'k1', kind: 'report', due: momentOf(journal.now + DAY) })
    expect(lastCode(propose(journal, 'goals-met', { left: ['n1'] }))).toBe('STATUTORY_CLOCK_OPEN')
    expect(lastCode(journal.say('chief', 'task.cancel', { task: 'k1', reason: 'x' }))).toBe(
      'CLOCK_NOT_CANCELLABLE',
    )
    journal.say('worker', 'clock.met', { task: 'k1', reference: 'report 7' })
    expect(lastCode(propose(journal, 'goals-met', { left: ['n1'] }))).toBe(null)
  })

  it('is not approved while a clock that started since is open', () => {
    const journal = propose(ready(), 'goals-met').say('survivor', 'case.agree-close')
    journal.say('worker', 'clock.start', { id: 'k1', kind: 'report', due: momentOf(journal.now + DAY) })
    expect(lastCode(journal.say('chief', 'case.approve-close'))).toBe('STATUTORY_CLOCK_OPEN')
  })

  it('takes 14 days of silence for an answer at low and medium risk, and nothing less', () => {
    const journal = propose(ready(), 'goals-met')
    expect(lastCode(journal.wait(14 * DAY - 1).say('chief', 'case.approve-close'))).toBe('SURVIVOR_NOT_ASKED')
    expect(lastCode(journal.wait(1).say('chief', 'case.approve-close'))).toBe(null)
    const high = propose(ready().risk('worker', 'high', 24), 'goals-met').wait(20 * DAY)
    expect(lastCode(high.say('chief', 'case.approve-close'))).toBe('SURVIVOR_NOT_ASKED')
    const merged = propose(ready(), 'duplicate').wait(20 * DAY)
    expect(lastCode(merged.say('chief', 'case.approve-close'))).toBe('SURVIVOR_NOT_ASKED')
    const wrote = propose(ready(), 'goals-met').say('survivor', 'message.write', { text: 'wait' })
    expect(lastCode(wrote.wait(20 * DAY).say('chief', 'case.approve-close'))).toBe('SURVIVOR_NOT_ASKED')
  })

  it('is approved by a supervisor who did not propose it, and stopped by her or a supervisor', () => {
    const journal = propose(ready(), 'goals-met').say('survivor', 'case.agree-close')
    expect(lastCode(journal.say('other', 'case.approve-close'))).toBe('ROLE_NOT_ALLOWED')
    expect(lastCode(journal.say('overseer', 'case.approve-close'))).toBe('ROLE_NOT_ALLOWED')
    expect(lastCode(journal.say('other', 'case.object'))).toBe('ROLE_NOT_ALLOWED')
    expect(lastCode(journal.say('survivor', 'case.object'))).toBe(null)
    expect(stateOf(journal)).toMatchObject({ status: 'active', closing: null })
    expect(lastCode(journal.say('chief', 'case.approve-close'))).toBe('TRANSITION_REFUSED')
  })

  it('as a false report takes a listed reason, two people, and a supervisor who is a third', () => {
    expect(lastCode(propose(ready(), 'false-report'))).toBe('REASON_UNKNOWN')
    expect(lastCode(propose(ready(), 'goals-met', { falseReportReason: 'proven-copy' }))).toBe(
      'REASON_UNKNOWN',
    )
    const journal = propose(ready(), 'false-report', { falseReportReason: 'proven-copy' }).wait(14 * DAY)
    expect(lastCode(journal.say('chief', 'case.approve-close'))).toBe('SECOND_PERSON_NEEDED')
    expect(lastCode(journal.say('worker', 'case.second-close'))).toBe('SELF_APPROVAL')
    journal.say('other', 'case.second-close').say('chief', 'case.approve-close', {}, { key: 'key-of-other' })
    expect(lastCode(journal)).toBe('SELF_APPROVAL')
    expect(lastCode(journal.say('chief', 'case.approve-close'))).toBe(null)
    expect(lastCode(propose(ready(), 'goals-met').say('other', 'case.second-close'))).toBe(
      'TRANSITION_REFUSED',
    )
  })

  it('after her death takes the signature of oversight, and no other', () => {
    const journal = propose(ready(), 'survivor-died').say('chief', 'case.approve-close')
    expect(lastCode(journal)).toBe('OVERSIGHT_NEEDED')
    expect(lastCode(journal.say('overseer', 'case.approve-close'))).toBe(null)
  })

  it('gives her what was done, what is open, her receipts and until when things are kept', () => {
    const journal = ready().say('worker', 'place.add', { id: 'p1' }).approvedNotice('n1', 'p1', 'c1')
    expect(closurePack(stateOf(journal))).toBe(null)
    propose(journal, 'goals-met', { left: ['n1'] }).say('survivor', 'case.agree-close')
    journal.say('chief', 'case.approve-close')
    expect(closurePack(stateOf(journal))).toEqual({
      reason: 'goals-met',
      done: [],
      stillOpen: ['n1'],
      openTasks: ['first-answer', 'plan', 'new-epoch'],
      receipts: [],
      keptUntil: dayOf(journal.now + 90 * DAY),
    })
  })

  it('ends with erasure when nothing is kept any more, later while a hold stands', () => {
    const close = () =>
      propose(ready(), 'goals-met').say('survivor', 'case.agree-close').say('chief', 'case.approve-close')
    expect(stateOf(close().wait(90 * DAY - 1)).status).toBe('closed')
    expect(stateOf(close().wait(90 * DAY)).status).toBe('erased')
    const held = close().wait(60 * DAY)
    held.say('chief', 'hold.place', { id: 'h1', authority: 'court', untilDay: dayOf(held.now + 40 * DAY) })
    expect(stateOf(held.wait(40 * DAY)).status).toBe('closed')
    expect(stateOf(held.wait(DAY)).status).toBe('erased')
  })

  it('is undone by a new sighting or the reason of a supervisor', () => {
    const journal = propose(ready(), 'goals-met')
      .say('survivor', 'case.agree-close')
      .say('chief', 'case.approve-close')
    expect(lastCode(journal.say('worker', 'case.reopen'))).toBe('REASON_UNKNOWN')
    const reason = { reopenCause: 'supervisor-reason', reason: 'she called' }
    expect(lastCode(journal.say('worker', 'case.reopen', reason))).toBe('ROLE_NOT_ALLOWED')
    expect(lastCode(journal.say('worker', 'case.reopen', { reopenCause: 'new-sighting' }))).toBe(null)
    const review = [...stateOf(journal).tasks.values()].find(
      ({ kind, state: at }) => kind === 'risk-review' && at === 'open',
    )
    expect(review).toMatchObject({ due: journal.now + 7 * DAY, closedBy: 'risk.set' })
  })
})

describe('her withdrawal', () => {
  it('stops the work until the day she names, and is hers to take back', () => {
    const journal = new Journal().activate()
    expect(lastCode(journal.say('survivor', 'case.withdraw-keep', { keepUntil: '2026-01-01' }))).toBe(
      'TOO_EARLY',
    )
    journal.say('survivor', 'case.withdraw-keep', { keepUntil: dayOf(journal.now + 10 * DAY) })
    expect(lastCode(journal.say('worker', 'case.resume'))).toBe('ROLE_NOT_ALLOWED')
    expect(lastCode(journal.say('worker', 'place.add', { id: 'p' }))).toBe('CASE_STATE')
    const resumed = stateOf(new Journal().replaying(journal).say('survivor', 'case.resume'))
    expect(resumed).toMatchObject({ status: 'triage', expires: null })
    expect(stateOf(journal.wait(11 * DAY)).status).toBe('erased')
  })

  it('erases whatever holds stand, unless a law of the country pack says otherwise', () => {
    const hold = (journal: Journal) =>
      journal.say('chief', 'hold.place', { id: 'h', authority: 'court', untilDay: dayOf(journal.now + DAY) })
    const journal = hold(new Journal().activate()).say('survivor', 'case.erase')
    expect(stateOf(journal).status).toBe('erased')
    const lawful = { ...RULES, erasureStoppingAuthorities: new Set(['court']) }
    expect(lastCode(journal, lawful)).toBe('ERASURE_HELD')
    const lifted = hold(new Journal().activate())
      .say('deputy', 'hold.lift', { about: 'h' })
      .say('survivor', 'case.erase')
    expect(lastCode(lifted, lawful)).toBe(null)
    expect(lastCode(lifted.say('survivor', 'message.write', { text: 'x' }))).toBe('CASE_STATE')
  })

  it('is not held up by holds of others than supervisors, or longer than 90 days', () => {
    const journal = new Journal().activate()
    const hold = { id: 'h', authority: 'court', untilDay: dayOf(journal.now + 91 * DAY) }
    expect(lastCode(journal.say('chief', 'hold.place', hold))).toBe('HOLD_TOO_LONG')
    const short = { ...hold, untilDay: dayOf(journal.now + 89 * DAY) }
    expect(lastCode(journal.say('worker', 'hold.place', short))).toBe('ROLE_NOT_ALLOWED')
    expect(lastCode(journal.say('chief', 'hold.place', short))).toBe(null)
    expect(lastCode(journal.say('chief', 'hold.place', short))).toBe('ID_TAKEN')
    journal.say('chief', 'hold.lift', { about: 'h' }).say('chief', 'hold.lift', { about: 'h' })
    expect(lastCode(journal)).toBe('TRANSITION_REFUSED')
    expect(lastCode(journal.say('chief', 'hold.lift', { about: 'none' }))).toBe('UNKNOWN_ID')
  })

  it('is used up by nothing a member can write', () => {
    expect(lastCode(new Journal().activate().say('chief', 'case.erase'))).toBe('ROLE_NOT_ALLOWED')
    expect(lastCode(new Journal().activate().say('worker', 'exhibit.erase', { about: SHA }))).toBe(
      'ROLE_NOT_ALLOWED',
    )
  })
})

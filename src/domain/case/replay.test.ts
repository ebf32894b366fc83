import { expect, it } from 'vitest'
import { replayCase, whyNot } from './replay.ts'
import type { CaseState } from './state.ts'
import { Journal, RULES, SHA } from './testing/journal.ts'
import { DAY, HOUR } from './time.ts'

function replay(journal: Journal, rules = RULES) {
  return replayCase(journal.entries, journal.now, rules)
}

function codes(journal: Journal, rules = RULES): string[] {
  return replay(journal, rules).notAccepted.map(({ type, code }) => `${type} ${code}`)
}

function state(journal: Journal): Readonly<CaseState> {
  expect(codes(journal)).toEqual([])
  return replay(journal).state
}

it('follows a case from the report to its closure and back', () => {
  const journal = new Journal().activate().consent('c1', 'platform', 'takedown')
  journal
    .say('worker', 'place.add', { id: 'p1' })
    .say('worker', 'place.preserved', { place: 'p1', record: SHA })
  journal.say('survivor', 'place.preservation-request', { place: 'p1', outcome: 'declined' })
  journal.approvedNotice('n1', 'p1', 'c1').say('worker', 'notice.send', { about: 'n1', copySha256: SHA })
  expect(state(journal).notices.get('n1')).toMatchObject({
    state: 'sent',
    clockEnds: journal.now + 48 * HOUR,
  })

  journal.wait(DAY).say('worker', 'notice.removed', { about: 'n1' }).say('worker', 'safety-plan.review')
  journal
    .say('worker', 'case.propose-close', { closeReason: 'goals-met' })
    .say('survivor', 'case.agree-close')
  journal.say('chief', 'case.approve-close')
  const closed = state(journal)
  expect(closed.status).toBe('closed')
  expect(closed.closed).toMatchObject({ reason: 'goals-met', keptUntil: journal.now + 90 * DAY })
  expect([...closed.members.keys()]).toEqual(['worker', 'chief', 'deputy'])

  journal.wait(DAY).say('survivor', 'message.write', { text: 'it is back' })
  expect(state(journal)).toMatchObject({ status: 'active', closed: null, expires: null })
  journal.say('survivor', 'case.erase')
  const erased = state(journal)
  expect(erased.status).toBe('erased')
  expect([erased.notices.size, erased.members.size, erased.consents.size, erased.tasks.size]).toEqual([
    0, 0, 0, 0,
  ])
})

it('lists an entry whose guard fails with its reason, and lets it change nothing', () => {
  const journal = new Journal().activate()
  const before = state(journal)
  journal
    .say('chief', 'case.approve-close')
    .say('outsider', 'case.propose-close', { closeReason: 'goals-met' })
  journal.say('worker', 'case.propose-close', { closeReason: 'because' })
  journal.say('worker', 'case.erase').say('worker', 'notice.draft', { id: 'n' })
  expect(codes(journal)).toEqual([
    'case.approve-close TRANSITION_REFUSED',
    'case.propose-close NOT_A_MEMBER',
    'case.propose-close BODY_INVALID',
    'case.erase ROLE_NOT_ALLOWED',
    'notice.draft BODY_INVALID',
  ])
  expect(replay(journal).state).toEqual(before)
})

it('tells before signing what would become of an entry', () => {
  const journal = new Journal().activate()
  const [erase] = new Journal().say('worker', 'case.erase').entries
  expect(erase && whyNot(journal.entries, { ...erase, id: 'x', seq: 9 }, journal.now, RULES)).toBe(
    'ROLE_NOT_ALLOWED',
  )
})

it('lets an entry from the future wait for its time', () => {
  const journal = new Journal().activate()
  journal.wait(11).say('worker', 'safety-plan.review')
  const early = replayCase(journal.entries, journal.now - 11, RULES)
  expect(early.notAccepted).toMatchObject([{ code: 'TIME_AHEAD' }])
  expect(replay(journal).notAccepted).toEqual([])
})

it('refuses one person with two keys or two roster entries the approval of her own proposal', () => {
  const journal = new Journal().activate().say('worker', 'safety-plan.review')
  journal
    .say('worker', 'case.propose-close', { closeReason: 'goals-met' })
    .say('survivor', 'case.agree-close')
  journal.say('chief', 'case.approve-close', {}, { key: 'key-of-worker' })
  expect(codes(journal)).toEqual(['case.approve-close SELF_APPROVAL'])
})

it('reads what is no entry as nothing, and counts it', () => {
  const junk = [null, 7, 'x', [], {}, { ...new Journal().submit().entries[0], seq: 0 }]
  // What arrives is whatever a hostile member sealed.
  const read = replayCase(junk as never[], 0, RULES)
  expect(read).toMatchObject({ unreadable: 6, notAccepted: [], state: { status: 'unopened' } })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canSendNotice, refuseNotice, type SendQuestion } from './order/can-send-notice.ts'
import { replayCase } from './replay.ts'
import type { Place } from './state.ts'
import { Journal, lastCode, noticeBody, OTHER_SHA, RULES, SHA, stateOf } from './testing/journal.ts'
import { DAY, HOUR } from './time.ts'

const send = { about: 'n1', copySha256: SHA }

function ready(): Journal {
  return new Journal()
    .activate()
    .consent('c1', 'platform', 'takedown')
    .say('worker', 'place.add', { id: 'p1' })
    .approvedNotice('n1', 'p1', 'c1')
}

describe('the ordering rule', () => {
  it('waits on the default plan for the quorum and for a word about the preservation request, 72 hours at most', () => {
    const journal = ready().say('worker', 'notice.send', send)
    expect(lastCode(journal)).toBe('EVIDENCE_NOT_PRESERVED')
    journal.say('worker', 'place.recorded', { place: 'p1', record: SHA }).say('worker', 'notice.send', send)
    expect(lastCode(journal)).toBe('EVIDENCE_NOT_PRESERVED')
    journal.say('worker', 'place.preserved', { place: 'p1', record: SHA }).say('worker', 'notice.send', send)
    expect(lastCode(journal)).toBe('ORDER_WAITING_CHOICE')
    journal.wait(72 * HOUR - 1).say('worker', 'notice.send', send)
    expect(lastCode(journal)).toBe('ORDER_WAITING_CHOICE')
    journal.wait(1).say('worker', 'notice.send', send)
    expect(lastCode(journal)).toBe(null)
  })

  it.each(['sent', 'declined', 'not-applicable'])(
    'goes on when the preservation request is %s',
    (outcome) => {
      const journal = ready().say('worker', 'place.preserved', { place: 'p1', record: SHA })
      journal.say('survivor', 'place.preservation-request', { place: 'p1', outcome })
      expect(lastCode(journal.say('worker', 'notice.send', send))).toBe(null)
    },
  )

  it('sends on her choice as soon as the place is recorded; the rest of the plan becomes optional', () => {
    const journal = ready().say('survivor', 'place.choose-now', { place: 'p1', costSeen: true })
    expect(lastCode(journal.say('worker', 'notice.send', send))).toBe('EVIDENCE_NOT_PRESERVED')
    journal.say('worker', 'place.recorded', { place: 'p1', record: SHA }).say('survivor', 'notice.send', send)
    expect(lastCode(journal)).toBe(null)
    const kinds = [...stateOf(journal).tasks.values()].map(({ kind }) => kind)
    expect(kinds).toEqual(expect.arrayContaining(['optional-fingerprint', 'optional-preservation-request']))
  })

  it('takes the choice from nobody but her, and lets her alone take it back', () => {
    const chosen = { place: 'p1', costSeen: true }
    for (const author of ['worker', 'chief', 'minors'] as const)
      expect(lastCode(ready().say(author, 'place.choose-now', chosen))).toBe('ROLE_NOT_ALLOWED')
    const journal = ready().say('survivor', 'place.choose-now', { place: 'p1', costSeen: false })
    expect(lastCode(journal)).toBe('BODY_INVALID')
    journal.say('survivor', 'place.choose-now', chosen).say('chief', 'place.choose-plan', { place: 'p1' })
    expect(lastCode(journal)).toBe('ROLE_NOT_ALLOWED')
    journal.say('survivor', 'place.choose-plan', { place: 'p1' })
    expect(stateOf(journal).places.get('p1')?.chosenNowAt).toBe(null)
  })

  it('goes out on her word 15 minutes after recording failed, at once when the risk is urgent', () => {
    const failed = () =>
      ready()
        .say('survivor', 'place.choose-now', { place: 'p1', costSeen: true })
        .say('worker', 'place.recording-failed', { place: 'p1', reason: 'the log is down' })
    expect(lastCode(failed().wait(14).say('worker', 'notice.send', send))).toBe('EVIDENCE_NOT_PRESERVED')
    expect(lastCode(failed().wait(15).say('worker', 'notice.send', send))).toBe(null)
    expect(lastCode(failed().risk('worker', 'urgent', 4).say('worker', 'notice.send', send))).toBe(null)
    const silent = ready().say('survivor', 'place.choose-now', { place: 'p1', costSeen: true })
    expect(lastCode(silent.wait(15).say('survivor', 'notice.send', send))).toBe(null)
    const onPlan = ready().say('worker', 'place.recording-failed', { place: 'p1', reason: 'the log is down' })
    expect(lastCode(onPlan.wait(DAY).say('worker', 'notice.send', send))).toBe('EVIDENCE_NOT_PRESERVED')
  })

  it('lets her send though staff set her report aside', () => {
    const journal = new Journal().submit().consentOfHers('c1').wait(DAY)
    journal.say('worker', 'case.propose-junk', { junkReason: 'empty' })
    journal.say('other', 'case.mark-junk', { junkReason: 'empty' })
    expect(stateOf(journal).status).toBe('quarantine')
    journal.say('survivor', 'place.choose-now', { place: 'p1', costSeen: true })
    journal.say('survivor', 'place.recorded', { place: 'p1', record: SHA })
    journal
      .say('survivor', 'notice.draft', noticeBody('n1', 'p1', 'c1'))
      .say('survivor', 'notice.check', { about: 'n1' })
    journal.say('survivor', 'notice.approve', { about: 'n1', textSha256: SHA, nameSeenBy: 'nobody' })
    expect(lastCode(journal.say('survivor', 'notice.send', send))).toBe(null)
    expect(lastCode(journal.say('worker', 'notice.draft', noticeBody('n2', 'p1', 'c1')))).toBe('CASE_STATE')
  })

  it('lets nobody hold up by other means what she chose to send now', () => {
    const journal = ready().say('survivor', 'place.choose-now', { place: 'p1', costSeen: true })
    const end = { about: 'c1', how: 'spoken', reason: 'she said so' }
    expect(lastCode(journal.say('chief', 'consent.end', end))).toBe('SURVIVOR_ONLY')
    expect(lastCode(journal.say('chief', 'notice.cancel', { about: 'n1' }))).toBe('SURVIVOR_ONLY')
    const narrower = { id: 'c2', recipient: 'platform', purpose: 'takedown', dataClasses: [], replaces: 'c1' }
    const wording = { language: 'ms', wordingVersion: 'v1', wordingSha256: SHA }
    journal
      .say('chief', 'consent.draft', { ...narrower, ...wording })
      .say('chief', 'consent.offer', { about: 'c2' })
    journal.say('chief', 'consent.record', { ...end, about: 'c2' })
    expect(stateOf(journal).consents.get('c1')?.state).toBe('given')
    const edit = { about: 'n1', content: {}, textSha256: OTHER_SHA }
    expect(lastCode(journal.say('chief', 'notice.edit', edit))).toBe('SURVIVOR_ONLY')
    journal.say('worker', 'place.recorded', { place: 'p1', record: SHA }).say('worker', 'notice.send', send)
    expect(lastCode(journal)).toBe(null)
    expect(lastCode(journal.say('chief', 'consent.end', { about: 'c1' }))).toBe('BODY_INVALID')
    expect(lastCode(journal.say('chief', 'consent.end', end))).toBe(null)
    const onPlan = ready().say('worker', 'notice.cancel', { about: 'n1' })
    expect(lastCode(onPlan)).toBe(null)
  })

  it('needs a supervisor besides the proposer to override it for imminent harm', () => {
    const propose = { place: 'p1', reason: 'he said tonight' }
    const journal = ready().say('worker', 'place.recorded', { place: 'p1', record: SHA })
    expect(lastCode(journal.say('chief', 'place.approve-override', { place: 'p1' }))).toBe('NO_PROPOSAL')
    journal
      .say('chief', 'place.propose-override', propose)
      .say('chief', 'place.approve-override', { place: 'p1' })
    expect(lastCode(journal)).toBe('SELF_APPROVAL')
    expect(lastCode(journal.say('other', 'place.approve-override', { place: 'p1' }))).toBe('ROLE_NOT_ALLOWED')
    expect(lastCode(journal.say('worker', 'notice.send', send))).toBe('EVIDENCE_NOT_PRESERVED')
    journal.say('deputy', 'place.approve-override', { place: 'p1' }).say('worker', 'notice.send', send)
    expect(lastCode(journal)).toBe(null)
  })

  const minute = fc.option(fc.nat({ max: 10_000 }))
  const anyPlace: fc.Arbitrary<Place> = fc.record({
    id: fc.constant('p'),
    recordedAt: minute,
    preservedAt: minute,
    recordingFailedAt: minute,
    fingerprint: fc.constantFrom('open', 'did', 'declined'),
    preservationRequest: fc.constantFrom('open', 'sent', 'declined', 'not-applicable'),
    chosenNowAt: minute,
    override: fc.constant(null),
  })
  const anyQuestion: fc.Arbitrary<SendQuestion> = fc.record({
    consent: fc.constantFrom(null, null, 'CONSENT_MISSING', 'CONSENT_EXPIRED', 'CONSENT_FIELDS'),
    missing: fc.constantFrom([], [], ['url']),
    isUrgent: fc.boolean(),
    at: fc.nat({ max: 20_000 }),
  })

  it('has no refusal but its own, and none once she chose "now" and the place is recorded', () => {
    fc.assert(
      fc.property(anyPlace, anyQuestion, (place, question) => {
        const refused = refuseNotice(place, question)
        expect([
          null,
          'CONSENT_MISSING',
          'CONSENT_EXPIRED',
          'CONSENT_FIELDS',
          'NOTICE_INCOMPLETE',
          'EVIDENCE_NOT_PRESERVED',
          'ORDER_WAITING_CHOICE',
        ]).toContain(refused)
        const complete = { ...question, consent: null, missing: [] }
        expect(canSendNotice({ ...place, chosenNowAt: 1, recordedAt: 1 }, complete)).toBe(true)
        const isRecorded = place.recordedAt !== null || place.preservedAt !== null
        if (place.chosenNowAt === null && refused === null) expect(place.preservedAt).not.toBe(null)
        if (!isRecorded && place.chosenNowAt === null)
          expect(refuseNotice(place, complete)).toBe('EVIDENCE_NOT_PRESERVED')
      }),
      { numRuns: 1000 },
    )
  })
})

describe('a notice', () => {
  it('is sent only as it was seen, complete, and with the consent that covers it', () => {
    const journal = ready().say('survivor', 'place.choose-now', { place: 'p1', costSeen: true })
    journal.say('worker', 'place.recorded', { place: 'p1', record: SHA })
    journal.say('survivor', 'notice.edit', { about: 'n1', content: {}, textSha256: OTHER_SHA })
    expect(lastCode(journal.say('worker', 'notice.send', send))).toBe('TRANSITION_REFUSED')
    journal.say('worker', 'notice.check', { about: 'n1' })
    expect(stateOf(journal).notices.get('n1')).toMatchObject({ state: 'draft', missing: ['url'] })
    journal.say('worker', 'notice.edit', {
      about: 'n1',
      content: { isComplete: true },
      textSha256: OTHER_SHA,
    })
    journal.say('worker', 'notice.check', { about: 'n1' })
    const approve = { about: 'n1', textSha256: SHA, nameSeenBy: 'nobody' }
    expect(lastCode(journal.say('survivor', 'notice.approve', approve))).toBe('TEXT_CHANGED')
    const seen = { ...approve, textSha256: OTHER_SHA }
    expect(lastCode(journal.say('worker', 'notice.approve', seen))).toBe('BODY_INVALID')
    expect(lastCode(journal.say('worker', 'notice.approve', { ...seen, how: 'spoken' }))).toBe(null)
    journal.say('survivor', 'consent.end', { about: 'c1' }).say('worker', 'notice.send', send)
    expect(lastCode(journal)).toBe('CONSENT_MISSING')
  })

  it('is incomplete where the linter itself fails', () => {
    const lintNotice = () => {
      throw new Error('a linter that chokes')
    }
    const journal = new Journal().activate().say('worker', 'place.add', { id: 'p1' })
    journal
      .say('worker', 'notice.draft', noticeBody('n1', 'p1', 'c1'))
      .say('worker', 'notice.check', { about: 'n1' })
    expect(
      replayCase(journal.entries, journal.now, { ...RULES, lintNotice }).state.notices.get('n1')?.missing,
    ).toEqual(['linter'])
  })

  it('keeps a clock that only the platform, or its end, answers', () => {
    const journal = ready().say('survivor', 'place.choose-now', { place: 'p1', costSeen: true })
    journal.say('worker', 'place.recorded', { place: 'p1', record: SHA }).say('worker', 'notice.send', send)
    const clock = [...stateOf(journal).tasks.values()].find(({ kind }) => kind === 'notice-clock')
    expect(clock).toMatchObject({ isStatutory: true, due: journal.now + 48 * HOUR, state: 'open' })
    const cancel = { task: clock?.id, reason: 'no use' }
    expect(lastCode(journal.say('chief', 'task.cancel', cancel))).toBe('CLOCK_NOT_CANCELLABLE')
    expect(lastCode(journal.say('chief', 'task.done', { task: clock?.id }))).toBe('CLOCK_NOT_CANCELLABLE')
    expect(lastCode(journal.say('chief', 'clock.met', { task: clock?.id, reference: 'x' }))).toBe(
      'TASK_LOCKED',
    )
    journal.wait(48 * HOUR - 1)
    expect(stateOf(journal).notices.get('n1')?.state).toBe('sent')
    journal.wait(1)
    expect(stateOf(journal).notices.get('n1')?.state).toBe('overdue')
    expect(stateOf(journal).tasks.get(clock?.id ?? '')).toMatchObject({ state: 'done', outcome: 'ran-out' })
    const next = { about: 'n1', id: 'n2', recipient: 'regulator', consent: 'c2' }
    expect(lastCode(journal.say('worker', 'notice.escalate', { ...next, id: 'n1' }))).toBe('ID_TAKEN')
    journal.say('worker', 'notice.escalate', next)
    expect(stateOf(journal).notices.get('n1')?.state).toBe('escalated')
    expect(stateOf(journal).notices.get('n2')).toMatchObject({
      state: 'draft',
      recipient: 'regulator',
      place: 'p1',
    })
    expect([...stateOf(journal).tasks.values()].find(({ kind }) => kind === 'escalate')?.state).toBe('done')
  })

  it('is answered late as well, and comes back as a new draft when the picture does', () => {
    const journal = ready().say('survivor', 'place.choose-now', { place: 'p1', costSeen: true })
    journal.say('worker', 'place.recorded', { place: 'p1', record: SHA }).say('worker', 'notice.send', send)
    journal.wait(3 * DAY).say('worker', 'notice.removed', { about: 'n1' })
    expect(stateOf(journal).notices.get('n1')?.state).toBe('removed')
    journal.say('worker', 'notice.reappeared', { about: 'n1', id: 'n2' })
    expect(stateOf(journal).notices.get('n1')?.state).toBe('reappeared')
    expect(stateOf(journal).notices.get('n2')).toMatchObject({
      state: 'draft',
      sentAt: null,
      clockEnds: null,
    })
  })

  it('is not sent after she has withdrawn; what was sent before stays sent', () => {
    const journal = ready().say('survivor', 'place.choose-now', { place: 'p1', costSeen: true })
    journal.say('worker', 'place.recorded', { place: 'p1', record: SHA }).say('worker', 'notice.send', send)
    journal
      .approvedNotice('n2', 'p1', 'c1')
      .say('survivor', 'case.withdraw-keep', { keepUntil: '2026-06-01' })
    const { notices, tasks } = stateOf(journal)
    expect([notices.get('n1')?.state, notices.get('n2')?.state]).toEqual(['sent', 'cancelled'])
    expect([...tasks.values()].filter(({ state: at }) => at === 'open')).toEqual([])
    expect(lastCode(journal.say('worker', 'notice.send', { ...send, about: 'n2' }))).toBe('CASE_STATE')
  })
})

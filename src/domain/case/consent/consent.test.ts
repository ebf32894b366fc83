import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Consent } from '../state.ts'
import { Journal, lastCode, RULES, SHA, stateOf } from '../testing/journal.ts'
import { DAY, dayOf } from '../time.ts'
import { DATA_CLASSES, PURPOSES } from '../vocabulary.ts'
import { refuseConsent } from './enforce.ts'

describe('consent', () => {
  const draft = {
    id: 'c1',
    recipient: 'police',
    purpose: 'investigate',
    dataClasses: ['story', 'exhibits'],
    exhibits: ['x1'],
    language: 'ta',
    wordingVersion: 'v2',
    wordingSha256: SHA,
  }
  const offered = (more: object = {}) =>
    new Journal()
      .activate()
      .say('worker', 'consent.draft', { ...draft, ...more })
      .say('worker', 'consent.offer', { about: 'c1' })

  it('is hers to give, or a member’s to write down with how she said it, until she confirms it', () => {
    expect(lastCode(offered().say('worker', 'consent.give', { about: 'c1' }))).toBe('ROLE_NOT_ALLOWED')
    expect(lastCode(offered().say('worker', 'consent.record', { about: 'c1', how: 'spoken' }))).toBe(
      'BODY_INVALID',
    )
    const journal = offered().say('worker', 'consent.record', {
      about: 'c1',
      how: 'spoken',
      reason: 'by telephone',
    })
    expect(stateOf(journal).consents.get('c1')).toMatchObject({
      state: 'given',
      isConfirmed: false,
      givenBy: 'self',
    })
    expect(lastCode(journal.say('worker', 'consent.confirm', { about: 'c1' }))).toBe('ROLE_NOT_ALLOWED')
    journal.say('survivor', 'consent.confirm', { about: 'c1' })
    expect(stateOf(journal).consents.get('c1')?.isConfirmed).toBe(true)
  })

  it('holds 90 days unless a day is named, a year at most, and through the day that is named', () => {
    const journal = offered().say('survivor', 'consent.give', { about: 'c1' })
    expect(stateOf(journal).consents.get('c1')?.ends).toBe(journal.now + 90 * DAY)
    expect(stateOf(journal.wait(90 * DAY - 1)).consents.get('c1')?.state).toBe('given')
    expect(stateOf(journal.wait(1)).consents.get('c1')?.state).toBe('expired')
    const { now } = new Journal()
    const named = (expires: string) =>
      new Journal().activate().say('worker', 'consent.draft', { ...draft, expires })
    expect(lastCode(named(dayOf(now + 366 * DAY)))).toBe('CONSENT_TOO_LONG')
    expect(lastCode(named(dayOf(now + 365 * DAY)))).toBe(null)
    expect(lastCode(named(dayOf(now - DAY)))).toBe('CONSENT_EXPIRED')
    expect(stateOf(named(dayOf(now))).consents.get('c1')?.ends).toBe(Math.floor(now / DAY) * DAY + DAY)
  })

  it('ends at once, with a task to ask for deletion; silence and "no" give nothing', () => {
    const journal = offered().say('survivor', 'consent.decline', { about: 'c1' })
    expect(lastCode(journal.say('survivor', 'consent.give', { about: 'c1' }))).toBe('TRANSITION_REFUSED')
    const given = offered()
      .say('survivor', 'consent.give', { about: 'c1' })
      .say('worker', 'consent.end', { about: 'c1', how: 'spoken', reason: 'she changed her mind' })
    expect(stateOf(given).consents.get('c1')?.state).toBe('ended')
    expect([...stateOf(given).tasks.values()].map(({ kind }) => kind)).toContain('ask-deletion')
    expect(stateOf(offered().wait(300 * DAY)).consents.get('c1')?.state).toBe('offered')
  })

  it('of a guardian counts only where the country requires it, in a minor’s case, where it is safe', () => {
    const give = { about: 'c1', givenBy: 'guardian', isGuardianSafe: true }
    const required = { ...RULES, isGuardianConsentRequired: true }
    const journal = () => offered().say('survivor', 'minors.age-band', { ageBand: 'under-18-now' })
    expect(lastCode(journal().say('survivor', 'consent.give', give))).toBe('GUARDIAN_NOT_ALLOWED')
    expect(lastCode(journal().say('survivor', 'consent.give', give), required)).toBe(null)
    expect(lastCode(offered().say('survivor', 'consent.give', give), required)).toBe('GUARDIAN_NOT_ALLOWED')
    const unsafe = { ...give, isGuardianSafe: false }
    expect(lastCode(journal().say('survivor', 'consent.give', unsafe), required)).toBe('GUARDIAN_NOT_ALLOWED')
  })

  it('to escrow is not open to minors unless the country pack says so', () => {
    const journal = offered({ purpose: 'escrow' }).say('survivor', 'minors.age-band', {
      ageBand: 'under-18-now',
    })
    journal.say('survivor', 'consent.give', { about: 'c1' })
    expect(lastCode(journal)).toBe('ESCROW_NOT_FOR_MINORS')
    expect(lastCode(journal, { ...RULES, isEscrowOpenToMinors: true })).toBe(null)
  })

  it('replaces the one before it for the same recipient and purpose, and no other', () => {
    const journal = offered().say('survivor', 'consent.give', { about: 'c1' })
    journal.consent('c2', 'police', 'investigate', { replaces: 'c1' })
    expect(stateOf(journal).consents.get('c1')?.state).toBe('replaced')
    journal.consent('c3', 'clinic', 'health', { replaces: 'c2' })
    expect(stateOf(journal).consents.get('c2')?.state).toBe('given')
  })

  it('covers its recipient, purpose, data and exhibits, while it is given and not expired, and nothing else', () => {
    const consents = fc.record({
      state: fc.constantFrom<Consent['state']>(
        'given',
        'given',
        'offered',
        'ended',
        'expired',
        'declined',
        'replaced',
      ),
      recipient: fc.constantFrom('a', 'b'),
      purpose: fc.constantFrom(...PURPOSES.slice(0, 2)),
      dataClasses: fc.subarray([...DATA_CLASSES.slice(2, 4)]),
      exhibits: fc.subarray(['x', 'y']),
      ends: fc.nat({ max: 3 }),
    })
    const requests = fc.record({
      recipient: fc.constantFrom('a', 'b'),
      purpose: fc.constantFrom(...PURPOSES.slice(0, 2)),
      dataClasses: fc.subarray([...DATA_CLASSES.slice(2, 4)]),
      exhibits: fc.subarray(['x', 'y']),
    })
    const rest = {
      id: 'c',
      wording: { language: 'en', version: 'v', sha256: SHA },
      givenBy: null,
      conditions: null,
      isConfirmed: true,
      replaces: null,
    }
    fc.assert(
      fc.property(consents, requests, fc.nat({ max: 3 }), (said, request, at) => {
        const covers =
          said.state === 'given' &&
          at < said.ends &&
          said.recipient === request.recipient &&
          said.purpose === request.purpose &&
          request.dataClasses.every((name) => said.dataClasses.includes(name)) &&
          request.exhibits.every((id) => said.exhibits.includes(id)) &&
          (request.exhibits.length === 0 || request.dataClasses.includes('exhibits'))
        expect(refuseConsent({ ...rest, ...said }, request, at) === null).toBe(covers)
      }),
      { numRuns: 2000 },
    )
  })
})

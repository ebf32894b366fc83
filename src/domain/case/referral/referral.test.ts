import { describe, expect, it } from 'vitest'
import { accessView } from '../access/access-view.ts'
import { replayCase } from '../replay.ts'
import { Journal, lastCode, OTHER_SHA, RULES, SHA, stateOf } from '../testing/journal.ts'
import { DAY } from '../time.ts'

describe('a referral', () => {
  const referral = {
    id: 'r1',
    agency: 'police',
    consent: 'c1',
    purpose: 'investigate',
    dataClasses: ['places'],
  }
  const preview = { about: 'r1', previewSha256: SHA }
  const send = { ...preview, channel: 'sealed' }
  const drafted = (more: object = {}) =>
    new Journal()
      .activate()
      .consent('c1', 'police', 'investigate')
      .say('worker', 'referral.draft', { ...referral, ...more })

  it('needs consent at the preview and again when it is sent', () => {
    const none = new Journal().activate().say('worker', 'referral.draft', referral)
    expect(lastCode(none.say('worker', 'referral.preview', preview))).toBe('CONSENT_MISSING')
    const wide = drafted({ dataClasses: ['places', 'identity'] }).say('worker', 'referral.preview', preview)
    expect(lastCode(wide)).toBe('CONSENT_FIELDS')
    expect(
      lastCode(
        drafted()
          .wait(91 * DAY)
          .say('worker', 'referral.preview', preview),
      ),
    ).toBe('CONSENT_EXPIRED')
    const journal = drafted()
      .say('worker', 'referral.preview', preview)
      .say('survivor', 'referral.confirm-preview', preview)
    journal.say('survivor', 'consent.end', { about: 'c1' }).say('worker', 'referral.send', send)
    expect(lastCode(journal)).toBe('CONSENT_MISSING')
  })

  it('is sent in exactly the bytes she confirmed, never by open e-mail', () => {
    const journal = drafted().say('worker', 'referral.preview', preview).say('worker', 'referral.send', send)
    expect(lastCode(journal)).toBe('PREVIEW_NOT_CONFIRMED')
    expect(lastCode(journal.say('worker', 'referral.confirm-preview', preview))).toBe('ROLE_NOT_ALLOWED')
    const other = { ...preview, previewSha256: OTHER_SHA }
    expect(lastCode(journal.say('survivor', 'referral.confirm-preview', other))).toBe('TEXT_CHANGED')
    journal.say('survivor', 'referral.confirm-preview', { ...preview, isWaived: true })
    expect(lastCode(journal.say('worker', 'referral.send', { ...send, previewSha256: OTHER_SHA }))).toBe(
      'TEXT_CHANGED',
    )
    expect(lastCode(journal.say('worker', 'referral.send', { ...send, channel: 'open-email' }))).toBe(
      'CHANNEL_REFUSED',
    )
    journal
      .say('worker', 'referral.preview', other)
      .say('worker', 'referral.send', { ...send, previewSha256: OTHER_SHA })
    expect(lastCode(journal)).toBe('PREVIEW_NOT_CONFIRMED')
  })

  it('goes without consent only by a duty of the country pack, with no more than that names, and in her view', () => {
    const duties = new Map([
      ['report-minors', { agencies: new Set(['police']), dataClasses: ['places' as const] }],
    ])
    const lawful = { ...RULES, statutoryDuties: duties }
    const { consent: _, ...rest } = referral
    const bare = new Journal().activate().say('worker', 'referral.draft', rest)
    expect(lastCode(bare)).toBe('BODY_INVALID')
    expect(lastCode(bare.say('worker', 'referral.draft', { ...referral, duty: 'report-minors' }))).toBe(
      'BODY_INVALID',
    )
    const by = (more: object) =>
      new Journal()
        .activate()
        .say('worker', 'referral.draft', { ...rest, duty: 'report-minors', ...more })
        .say('worker', 'referral.preview', preview)
    expect(lastCode(by({}))).toBe('DUTY_UNKNOWN')
    expect(lastCode(by({ dataClasses: ['places', 'story'] }), lawful)).toBe('DUTY_UNKNOWN')
    expect(lastCode(by({ agency: 'clinic' }), lawful)).toBe('DUTY_UNKNOWN')
    expect(lastCode(by({ exhibits: ['x1'] }), lawful)).toBe('DUTY_UNKNOWN')
    const journal = by({}).say('worker', 'referral.send', send)
    expect(lastCode(journal, lawful)).toBe(null)
    expect(accessView(stateOf(journal, lawful), journal.now).at(-1)).toMatchObject({ what: 'referral.send' })
  })

  it('is sealed only to a key that was compared by voice, with a task to compare it again after a year', () => {
    const confirmed = () =>
      drafted()
        .say('worker', 'referral.preview', preview)
        .say('survivor', 'referral.confirm-preview', preview)
    const journal = confirmed().say('worker', 'referral.send', send)
    expect(lastCode(journal, { ...RULES, agencyKeys: new Map() })).toBe('AGENCY_KEY_MISSING')
    const kinds = (rules = RULES) => [...stateOf(journal, rules).tasks.values()].map(({ kind }) => kind)
    expect(kinds()).toContain('recheck-agency-key')
    const fresh = { ...RULES, agencyKeys: new Map([['police', journal.now - 365 * DAY]]) }
    expect(kinds(fresh)).not.toContain('recheck-agency-key')
    const printed = confirmed().say('worker', 'referral.send', { ...send, channel: 'printed' })
    expect(lastCode(printed, { ...RULES, agencyKeys: new Map() })).toBe(null)
  })

  it('uses exhibits that are preserved, and no agency that she took out of her case', () => {
    const journal = new Journal()
      .activate()
      .consent('c1', 'police', 'investigate', { dataClasses: ['places', 'exhibits'], exhibits: ['x1'] })
      .say('worker', 'referral.draft', { ...referral, dataClasses: ['places', 'exhibits'], exhibits: ['x1'] })
      .say('worker', 'referral.preview', preview)
      .say('survivor', 'referral.confirm-preview', preview)
    expect(lastCode(journal.say('worker', 'referral.send', send))).toBe('UNKNOWN_ID')
    journal.say('worker', 'exhibit.reference', { id: 'x1' }).say('worker', 'referral.send', send)
    expect(lastCode(journal)).toBe('EVIDENCE_NOT_PRESERVED')
    journal.say('worker', 'exhibit.capture', { about: 'x1', contentClass: 'page', sha256: SHA })
    journal.say('worker', 'exhibit.preserve', { about: 'x1', record: SHA })
    const blocked = new Journal().replaying(journal).say('survivor', 'agency.block', { agency: 'police' })
    expect(lastCode(blocked.say('worker', 'referral.send', send))).toBe('CONFLICT_AGENCY')
    journal.say('worker', 'referral.send', send)
    expect(stateOf(journal).exhibits.get('x1')?.state).toBe('used')
  })

  it('goes its way to the end, is booked again after a missed date, and can be revoked', () => {
    const journal = drafted()
      .say('worker', 'referral.preview', preview)
      .say('survivor', 'referral.confirm-preview', preview)
    journal.say('worker', 'referral.send', send).say('worker', 'referral.bounced', { about: 'r1' })
    expect(stateOf(journal).referrals.get('r1')).toMatchObject({ state: 'draft', previewSha256: null })
    journal.say('worker', 'referral.preview', preview).say('survivor', 'referral.confirm-preview', preview)
    journal.say('worker', 'referral.send', send).say('worker', 'referral.acknowledged', { about: 'r1' })
    journal
      .say('worker', 'referral.accepted', { about: 'r1' })
      .say('worker', 'referral.booked', { about: 'r1', date: '2026-03-09' })
    journal
      .say('worker', 'referral.did-not-attend', { about: 'r1' })
      .say('worker', 'referral.done', { about: 'r1' })
    journal
      .say('survivor', 'referral.feedback', { about: 'r1' })
      .say('survivor', 'referral.revoke', { about: 'r1' })
    expect(replayCase(journal.entries, journal.now, RULES).notAccepted).toEqual([])
    expect(stateOf(journal).referrals.get('r1')?.state).toBe('revoked')
    expect([...stateOf(journal).tasks.values()].map(({ kind }) => kind)).toContain('deletion-receipt')
    expect(lastCode(journal.say('worker', 'referral.accepted', { about: 'r1' }))).toBe('TRANSITION_REFUSED')
  })
})

import { describe, expect, it } from 'vitest'
import { Journal, lastCode, SHA, stateOf } from '../testing/journal.ts'

describe('an exhibit', () => {
  const captured = () =>
    new Journal()
      .activate()
      .say('worker', 'exhibit.reference', { id: 'x1' })
      .say('worker', 'exhibit.capture', { about: 'x1', contentClass: 'picture', sha256: SHA })
  const open = { about: 'x1', openingReason: 'notice-needs-it', description: 'a room, two people' }

  it('is opened once, with a reason; again only for whom a supervisor allows it', () => {
    const journal = captured().say('worker', 'exhibit.open', open)
    expect(lastCode(journal)).toBe(null)
    expect(lastCode(journal.say('other', 'exhibit.open', open))).toBe('PICTURE_SEEN')
    const allow = { about: 'x1', entry: 'other', reason: 'court order' }
    expect(lastCode(journal.say('worker', 'exhibit.allow-open', allow))).toBe('ROLE_NOT_ALLOWED')
    expect(lastCode(journal.say('chief', 'exhibit.allow-open', { ...allow, entry: 'chief' }))).toBe(
      'SELF_APPROVAL',
    )
    journal
      .say('chief', 'exhibit.allow-open', allow)
      .say('other', 'exhibit.open', { ...open, description: 'y' })
    expect(lastCode(journal)).toBe(null)
    expect(stateOf(journal).exhibits.get('x1')).toMatchObject({
      openings: 2,
      description: 'a room, two people',
    })
    expect(lastCode(journal.say('other', 'exhibit.open', open))).toBe('PICTURE_SEEN')
    expect(lastCode(captured().say('worker', 'exhibit.open', { ...open, openingReason: 'other' }))).toBe(
      'REASON_UNKNOWN',
    )
    expect(
      lastCode(
        captured()
          .say('survivor', 'minors.age-band', { ageBand: 'prefer-not' })
          .say('worker', 'exhibit.open', open),
      ),
    ).toBe('MINOR_PICTURE_REFUSED')
  })

  it('that turns out to be of a minor is withheld: nothing that describes it is kept, and nobody opens it', () => {
    const journal = captured()
      .say('worker', 'exhibit.open', open)
      .say('worker', 'exhibit.withhold', { about: 'x1' })
    expect(stateOf(journal).exhibits.get('x1')).toMatchObject({
      state: 'withheld',
      sha256: null,
      description: null,
    })
    expect([...stateOf(journal).tasks.values()].map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['withheld-pointer', 'debrief']),
    )
    expect(lastCode(journal.say('worker', 'exhibit.open', open))).toBe('TRANSITION_REFUSED')
    expect(lastCode(journal.say('worker', 'exhibit.preserve', { about: 'x1', record: SHA }))).toBe(
      'TRANSITION_REFUSED',
    )
  })

  it('is erased by her', () => {
    const journal = captured().say('survivor', 'exhibit.erase', { about: 'x1' })
    expect(stateOf(journal).exhibits.get('x1')).toMatchObject({ state: 'erased', sha256: null })
    expect(lastCode(journal.say('survivor', 'exhibit.erase', { about: 'none' }))).toBe('UNKNOWN_ID')
  })
})

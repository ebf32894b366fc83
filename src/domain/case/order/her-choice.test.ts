import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { EventType } from '../events.ts'
import { HER_SENDING } from '../states.ts'
import { type Journal, lastCode, noticeBody, type Person, SHA, stateOf } from '../testing/journal.ts'
import { journalFrom, TOPICS } from '../testing/random-journal.ts'
import { DAY, HOUR, momentOf } from '../time.ts'

type Move = readonly [author: Person, type: EventType, body: object]

const ID = 'hers'
const said = { how: 'spoken', reason: 'she said so' }
const wording = { language: 'ms', wordingVersion: 'v1', wordingSha256: SHA }
const consent = { id: ID, recipient: 'platform', purpose: 'takedown', dataClasses: ['places'], ...wording }

/** What she does, alone, from "take it down now" to the notice that is sent. */
const HERS: readonly Move[] = [
  ['survivor', 'place.choose-now', { place: ID, costSeen: true }],
  ['survivor', 'consent.draft', consent],
  ['survivor', 'consent.offer', { about: ID }],
  ['survivor', 'consent.give', { about: ID }],
  ['survivor', 'notice.draft', noticeBody(ID, ID, ID)],
  ['survivor', 'notice.check', { about: ID }],
  ['survivor', 'notice.approve', { about: ID, textSha256: SHA, nameSeenBy: 'nobody' }],
  ['survivor', 'place.recorded', { place: ID, record: SHA }],
  ['survivor', 'notice.send', { about: ID, copySha256: SHA }],
]

/** What staff who want to stop her could write in between. */
const AGAINST: readonly ((now: number) => Move)[] = [
  () => ['chief', 'notice.cancel', { about: ID }],
  () => ['chief', 'consent.end', { about: ID, ...said }],
  () => ['chief', 'consent.draft', { ...consent, id: 'narrow', dataClasses: [], replaces: ID }],
  () => ['chief', 'consent.offer', { about: 'narrow' }],
  () => ['chief', 'consent.record', { about: 'narrow', ...said }],
  () => ['chief', 'place.choose-plan', { place: ID }],
  () => ['chief', 'place.add', { id: ID }],
  () => ['chief', 'place.recording-failed', { place: ID, reason: 'gone' }],
  () => ['worker', 'place.propose-override', { place: ID, reason: 'x' }],
  () => ['chief', 'member.exclude', { entry: 'survivor' }],
  (now) => ['chief', 'member.add', { entry: 'survivor', entryRole: 'interpreter', until: momentOf(now + 1) }],
  () => ['chief', 'agency.block', { agency: 'platform' }],
  () => ['chief', 'hold.place', { id: ID, authority: 'court', untilDay: '2026-04-01' }],
  () => ['worker', 'case.propose-junk', { junkReason: 'empty' }],
  () => ['other', 'case.mark-junk', { junkReason: 'empty' }],
  () => ['worker', 'minors.age-band', { ageBand: 'under-18-now' }],
  () => ['worker', 'case.minors-confirmed', {}],
  () => ['worker', 'epoch.new', { epoch: 2, epochReason: 'routine' }],
  () => ['chief', 'case.object', {}],
  (now) => ['chief', 'clock.start', { id: ID, kind: 'stop', due: momentOf(now + HOUR) }],
  () => ['chief', 'case.erase', {}],
]

function act(journal: Journal, [author, type, body]: Move): void {
  journal.say(author, type, body)
}

it('is carried out whatever staff wrote before and write in between', () => {
  let carriedOut = 0
  fc.assert(
    fc.property(
      fc.nat({ max: 99 }),
      fc.subarray(TOPICS, { minLength: 1, maxLength: 3 }),
      fc.array(fc.array(fc.nat({ max: 999 }), { minLength: 24, maxLength: 24 }), {
        maxLength: 15,
        size: 'max',
      }),
      fc.array(fc.array(fc.nat({ max: AGAINST.length - 1 }), { maxLength: 4 }), {
        minLength: HERS.length,
        maxLength: HERS.length,
      }),
      (beginning, topics, steps, against) => {
        const journal = journalFrom(beginning, topics, steps)
        const { status } = stateOf(journal)
        fc.pre(HER_SENDING.some((open) => open === status))
        for (const [index, move] of HERS.entries()) {
          act(journal, move)
          expect([move[1], lastCode(journal)]).toEqual([move[1], null])
          for (const attack of against[index] ?? []) act(journal, AGAINST[attack]?.(journal.now) ?? move)
        }
        expect(stateOf(journal).notices.get(ID)?.sentAt).toBe(journal.now)
        carriedOut++
      },
    ),
    { numRuns: 150 },
  )
  expect(carriedOut).toBeGreaterThanOrEqual(100)
})

it('is carried out 15 minutes later when nobody records the place at all', () => {
  const journal = journalFrom(1, [], [])
  for (const move of HERS) if (move[1] !== 'place.recorded' && move[1] !== 'notice.send') act(journal, move)
  journal.wait(14).say('survivor', 'notice.send', { about: ID, copySha256: SHA })
  expect(lastCode(journal)).toBe('EVIDENCE_NOT_PRESERVED')
  journal.wait(1).say('survivor', 'notice.send', { about: ID, copySha256: SHA })
  expect(lastCode(journal)).toBe(null)
  expect(stateOf(journal.wait(DAY)).notices.get(ID)?.state).toBe('sent')
})

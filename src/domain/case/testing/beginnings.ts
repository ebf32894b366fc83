import { DAY, HOUR, momentOf } from '../time.ts'
import { type Journal, riskBody, SHA } from './journal.ts'

/** Where random journals set out from: what it takes many steps to reach. */
export const BEGINNINGS: readonly ((journal: Journal) => Journal)[] = [
  (journal) => journal,
  (journal) => journal.submit(),
  (journal) => journal.activate(),
  (journal) => journal.activate().say('worker', 'safety-plan.review'),
  (journal) =>
    journal
      .activate()
      .consent('x1', 'platform', 'takedown')
      .say('worker', 'place.add', { id: 'x1' })
      .approvedNotice('x1', 'x1', 'x1'),
  (journal) =>
    journal
      .activate()
      .say('worker', 'safety-plan.review')
      .say('worker', 'case.propose-close', { closeReason: 'goals-met' }),
  (journal) =>
    journal
      .activate()
      .say('worker', 'safety-plan.review')
      .say('worker', 'case.propose-close', { closeReason: 'goals-met' })
      .say('survivor', 'case.agree-close')
      .say('chief', 'case.approve-close'),
  (journal) => journal.submit().wait(DAY).say('worker', 'case.propose-junk', { junkReason: 'empty' }),
  (journal) =>
    journal
      .submit()
      .wait(DAY)
      .say('worker', 'case.propose-junk', { junkReason: 'empty' })
      .say('other', 'case.mark-junk', { junkReason: 'empty' }),
  (journal) =>
    journal.submit().say('worker', 'case.open').say('survivor', 'case.refer-out', { recipient: 'police' }),
  (journal) =>
    journal
      .activate()
      .risk('worker', 'urgent', 4)
      .say('worker', 'risk.propose-lower', riskBody('low', journal.now + DAY))
      .say('worker', 'breakglass.propose', {
        id: 'x1',
        reason: 'danger to life',
        receiver: 'the police station',
        dataClasses: ['identity'],
        until: momentOf(journal.now + 20 * HOUR),
      }),
  (journal) =>
    journal
      .activate()
      .consent('x1', 'police', 'investigate')
      .say('worker', 'referral.draft', {
        id: 'x1',
        agency: 'police',
        consent: 'x1',
        purpose: 'investigate',
        dataClasses: ['places'],
      })
      .say('worker', 'referral.preview', { about: 'x1', previewSha256: SHA })
      .say('survivor', 'referral.confirm-preview', { about: 'x1', previewSha256: SHA }),
  (journal) =>
    journal
      .activate()
      .say('survivor', 'minors.age-band', { ageBand: 'under-18-now' })
      .say('worker', 'member.add', {
        entry: 'minors',
        entryRole: 'minors-team',
      }),
  (journal) => sentNotice(journal),
  (journal) => sentNotice(journal).say('worker', 'notice.acknowledged', { about: 'x1', reference: 'ticket' }),
  (journal) => sentReferral(journal),
  (journal) =>
    sentReferral(journal)
      .say('worker', 'referral.acknowledged', { about: 'x1' })
      .say('worker', 'referral.accepted', { about: 'x1' }),
  (journal) =>
    journal
      .activate()
      .say('worker', 'safety-plan.review')
      .say('worker', 'case.propose-close', { closeReason: 'false-report', falseReportReason: 'proven-copy' }),
  (journal) =>
    journal
      .activate()
      .say('worker', 'exhibit.reference', { id: 'x1' })
      .say('worker', 'exhibit.capture', { about: 'x1', contentClass: 'picture', sha256: SHA }),
]

function sentNotice(journal: Journal): Journal {
  return journal
    .activate()
    .consent('x1', 'platform', 'takedown')
    .say('worker', 'place.add', { id: 'x1' })
    .say('worker', 'place.recorded', { place: 'x1', record: SHA })
    .approvedNotice('x1', 'x1', 'x1')
    .say('survivor', 'place.choose-now', { place: 'x1', costSeen: true })
    .say('worker', 'notice.send', { about: 'x1', copySha256: SHA })
}

function sentReferral(journal: Journal): Journal {
  return journal
    .activate()
    .consent('x1', 'police', 'investigate')
    .say('worker', 'referral.draft', {
      id: 'x1',
      agency: 'police',
      consent: 'x1',
      purpose: 'investigate',
      dataClasses: ['places'],
    })
    .say('worker', 'referral.preview', { about: 'x1', previewSha256: SHA })
    .say('survivor', 'referral.confirm-preview', { about: 'x1', previewSha256: SHA })
    .say('worker', 'referral.send', { about: 'x1', previewSha256: SHA, channel: 'sealed' })
}

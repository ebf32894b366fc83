import { refuseConsent } from '../consent/enforce.ts'
import type { Context } from '../event.ts'
import { moveExhibit } from '../exhibit/events.ts'
import { type Effect, type Guard, machine } from '../machine.ts'
import { refusePicture } from '../minors/picture-rule.ts'
import type { RefusalCode } from '../refusals.ts'
import { TIMES } from '../rules.ts'
import type { Referral } from '../state.ts'
import { REFERRAL_STATES, type ReferralState } from '../states.ts'
import { change } from '../subject.ts'
import { openTask } from '../task/tasks.ts'

export const REFERRAL_TABLE_EVENTS = [
  'preview',
  'confirm-preview',
  'send',
  'acknowledged',
  'bounced',
  'accepted',
  'declined',
  'booked',
  'needs-more',
  'done',
  'did-not-attend',
  'revoke',
  'feedback',
] as const
export type ReferralEvent = (typeof REFERRAL_TABLE_EVENTS)[number]

/** A step of one referral. */
export interface ReferralContext extends Context {
  readonly referral: Referral
}

type Guards =
  | 'agency-key'
  | 'consent'
  | 'no-conflict'
  | 'preview-confirmed'
  | 'same-bytes'
  | 'preserved'
  | 'channel'
type Effects =
  | 'recheck-key'
  | 'keep-preview'
  | 'confirm'
  | 'use-exhibits'
  | 'new-preview'
  | 'note-date'
  | 'ask-deletion'

const guards: Readonly<Record<Guards, Guard<ReferralContext>>> = {
  consent: {
    says: 'consent given for this agency and purpose, not expired, covering every field and exhibit; or a statutory duty',
    refuses: refuseWithout,
  },
  'no-conflict': {
    says: 'she has not taken the agency out of her case',
    refuses: ({ draft, referral }) => (draft.blockedAgencies.has(referral.agency) ? 'CONFLICT_AGENCY' : null),
  },
  'preview-confirmed': {
    says: 'survivor confirmed the preview, unless she waived it or a law demands the report',
    refuses: ({ referral }) =>
      referral.isPreviewConfirmed || referral.duty !== null ? null : 'PREVIEW_NOT_CONFIRMED',
  },
  'same-bytes': {
    says: 'exactly the bytes of the preview',
    refuses: ({ referral, body }) => (body.previewSha256 === referral.previewSha256 ? null : 'TEXT_CHANGED'),
  },
  preserved: { says: 'its exhibits are preserved, and no pictures of a minor', refuses: refuseExhibits },
  'agency-key': {
    says: 'sealed only to a key of the agency that was compared by voice',
    refuses: ({ body, rules, referral }) =>
      body.channel === 'sealed' && !rules.agencyKeys.has(referral.agency) ? 'AGENCY_KEY_MISSING' : null,
  },
  channel: {
    says: 'sealed, printed, or an archive with a passphrase told by telephone; never open e-mail',
    refuses: ({ body }) => (body.channel === 'open-email' ? 'CHANNEL_REFUSED' : null),
  },
}

const effects: Readonly<Record<Effects, Effect<ReferralContext>>> = {
  'keep-preview': {
    says: 'the digest of the preview is kept; it has to be confirmed',
    run: ({ draft, referral, body }) =>
      change(draft.referrals, referral.id, {
        previewSha256: body.previewSha256 ?? null,
        isPreviewConfirmed: false,
      }),
  },
  confirm: {
    says: 'she has seen it, or waived that',
    run: ({ draft, referral }) => change(draft.referrals, referral.id, { isPreviewConfirmed: true }),
  },
  'use-exhibits': {
    says: 'its exhibits are used',
    run: (context) => {
      for (const exhibit of context.referral.exhibits) moveExhibit(context, exhibit, 'use')
    },
  },
  'recheck-key': {
    says: 'task "recheck the key" when it was compared more than a year ago',
    run: (context) => {
      const { rules, referral, at } = context
      const checkedAt = rules.agencyKeys.get(referral.agency)
      if (checkedAt !== undefined && at - checkedAt > TIMES.agencyKeyFresh)
        openTask(context, { kind: 'recheck-agency-key', link: referral.agency })
    },
  },
  'new-preview': {
    says: 'it needs a new preview',
    run: ({ draft, referral }) =>
      change(draft.referrals, referral.id, { previewSha256: null, isPreviewConfirmed: false }),
  },
  'note-date': {
    says: 'the date is kept',
    run: ({ draft, referral, body }) => change(draft.referrals, referral.id, { date: body.date ?? null }),
  },
  'ask-deletion': {
    says: 'task "deletion receipt"',
    run: (context) => openTask(context, { kind: 'deletion-receipt', link: context.referral.id }),
  },
}

function refuseWithout({ draft, referral, rules, at }: ReferralContext): RefusalCode | null {
  const { agency, duty, consent, purpose, dataClasses, exhibits } = referral
  if (duty === null)
    return refuseConsent(
      draft.consents.get(consent ?? ''),
      { recipient: agency, purpose, dataClasses, exhibits },
      at,
    )
  const law = rules.statutoryDuties.get(duty)
  const isCovered =
    law?.agencies.has(agency) === true &&
    dataClasses.every((name) => law.dataClasses.includes(name)) &&
    (exhibits.length === 0 || dataClasses.includes('exhibits'))
  return isCovered ? null : 'DUTY_UNKNOWN'
}

function refuseExhibits({ draft, referral }: ReferralContext): RefusalCode | null {
  for (const id of referral.exhibits) {
    const exhibit = draft.exhibits.get(id)
    if (!exhibit) return 'UNKNOWN_ID'
    if (exhibit.state !== 'preserved' && exhibit.state !== 'used') return 'EVIDENCE_NOT_PRESERVED'
    const refused = exhibit.contentClass === 'picture' ? refusePicture(draft) : null
    if (refused) return refused
  }
  return null
}

/** The states of a referral to an agency. */
export const REFERRAL_TABLE = machine<ReferralContext, ReferralState, ReferralEvent, Guards, Effects>({
  name: 'referral',
  states: REFERRAL_STATES,
  events: REFERRAL_TABLE_EVENTS,
  transitions: [
    {
      from: ['draft'],
      event: 'preview',
      guards: ['no-conflict', 'consent'],
      to: 'previewed',
      effects: ['keep-preview'],
    },
    {
      from: ['previewed'],
      event: 'preview',
      guards: ['no-conflict', 'consent'],
      to: 'previewed',
      effects: ['keep-preview'],
    },
    {
      from: ['previewed'],
      event: 'confirm-preview',
      guards: ['same-bytes'],
      to: 'same',
      effects: ['confirm'],
    },
    {
      from: ['previewed'],
      event: 'send',
      guards: [
        'no-conflict',
        'consent',
        'preview-confirmed',
        'same-bytes',
        'preserved',
        'channel',
        'agency-key',
      ],
      to: 'sent',
      effects: ['use-exhibits', 'recheck-key'],
    },
    { from: ['sent'], event: 'acknowledged', guards: [], to: 'acknowledged', effects: [] },
    { from: ['sent'], event: 'bounced', guards: [], to: 'draft', effects: ['new-preview'] },
    { from: ['acknowledged'], event: 'accepted', guards: [], to: 'accepted', effects: [] },
    { from: ['acknowledged'], event: 'declined', guards: [], to: 'declined', effects: [] },
    { from: ['accepted'], event: 'booked', guards: [], to: 'booked', effects: ['note-date'] },
    { from: ['accepted'], event: 'needs-more', guards: [], to: 'accepted', effects: [] },
    { from: ['booked'], event: 'done', guards: [], to: 'done', effects: [] },
    { from: ['booked'], event: 'did-not-attend', guards: [], to: 'booked', effects: [] },
    {
      from: ['sent', 'acknowledged', 'accepted', 'declined', 'booked', 'done', 'closed'],
      event: 'revoke',
      guards: [],
      to: 'revoked',
      effects: ['ask-deletion'],
    },
    { from: ['done', 'declined'], event: 'feedback', guards: [], to: 'closed', effects: [] },
  ],
  guards,
  effects,
})

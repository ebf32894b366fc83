import { type Context, event } from '../event.ts'
import type { Fields } from '../fields.ts'
import type { RefusalCode } from '../refusals.ts'
import type { Referral } from '../state.ts'
import { ALIVE, HER_SENDING, OPEN } from '../states.ts'
import { step } from '../subject.ts'
import { REFERRAL_TABLE, type ReferralEvent } from './table.ts'

const STAFF = ['yes', 'with-consent'] as const
const EITHER = ['approve', ...STAFF] as const
const REPORTED = { action: 'send', permits: STAFF, statuses: ALIVE } as const

/** Referrals to agencies. */
export const REFERRAL_EVENTS = {
  'referral.draft': event({
    action: 'send',
    permits: STAFF,
    statuses: OPEN,
    needs: ['id', 'agency', 'purpose', 'dataClasses'],
    may: ['consent', 'duty', 'exhibits'],
    run: ({ draft, body }) => {
      if (draft.referrals.has(body.id)) return 'ID_TAKEN'
      if (draft.blockedAgencies.has(body.agency)) return 'CONFLICT_AGENCY'
      const { id, agency, consent = null, duty = null, purpose, dataClasses, exhibits = [] } = body
      if ((consent === null) === (duty === null)) return 'BODY_INVALID'
      const nothingYet = { previewSha256: null, isPreviewConfirmed: false, date: null }
      const said = { id, agency, consent, duty, purpose, dataClasses, exhibits }
      draft.referrals.set(id, { ...said, ...nothingYet, state: 'draft' })
      return null
    },
  }),
  'referral.preview': event({
    action: 'send',
    permits: STAFF,
    statuses: OPEN,
    needs: ['about', 'previewSha256'],
    run: (context) => move(context, 'preview'),
  }),
  // Hers alone; `isWaived` says that she did not want to see it.
  'referral.confirm-preview': event({
    action: 'send',
    permits: ['approve'],
    statuses: [],
    herStatuses: HER_SENDING,
    needs: ['about', 'previewSha256'],
    may: ['isWaived'],
    run: (context) => move(context, 'confirm-preview'),
  }),
  'referral.send': event({
    action: 'send',
    permits: STAFF,
    statuses: OPEN,
    needs: ['about', 'previewSha256', 'channel'],
    run: (context) => move(context, 'send'),
  }),
  'referral.acknowledged': report(['about'], 'acknowledged'),
  'referral.bounced': report(['about'], 'bounced'),
  'referral.accepted': report(['about'], 'accepted'),
  'referral.declined': report(['about', 'reason'], 'declined'),
  'referral.booked': report(['about', 'date'], 'booked'),
  'referral.needs-more': report(['about', 'reason'], 'needs-more'),
  'referral.done': report(['about'], 'done'),
  'referral.did-not-attend': report(['about'], 'did-not-attend'),
  'referral.revoke': event({
    action: 'send',
    permits: EITHER,
    statuses: ALIVE,
    needs: ['about'],
    may: ['reason'],
    run: (context) => move(context, 'revoke'),
  }),
  'referral.feedback': event({
    action: 'send',
    permits: EITHER,
    statuses: ALIVE,
    needs: ['about'],
    may: ['note'],
    run: (context) => move(context, 'feedback'),
  }),
} as const

function report<const N extends 'about' | 'reason' | 'date'>(
  needs: readonly ('about' | N)[],
  moved: ReferralEvent,
) {
  return event({ ...REPORTED, needs, run: (context) => move(context, moved) })
}

function move(
  context: Context<Pick<Fields, 'about'> & Partial<Fields>>,
  moved: ReferralEvent,
): RefusalCode | null {
  const { draft, body } = context
  return step(draft.referrals, REFERRAL_TABLE, body.about, moved, (referral) => ({ ...context, referral }))
}

/** A referral nothing more is expected of. */
export function isFinalReferral({ state }: Referral): boolean {
  return state === 'done' || state === 'declined' || state === 'revoked' || state === 'closed'
}

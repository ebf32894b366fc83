import { type Context, event } from '../event.ts'
import type { Fields } from '../fields.ts'
import type { RefusalCode } from '../refusals.ts'
import { TIMES } from '../rules.ts'
import type { Consent } from '../state.ts'
import { ALIVE, HER_SENDING, OPEN } from '../states.ts'
import { step } from '../subject.ts'
import { DAY } from '../time.ts'
import { CONSENT_TABLE, type ConsentEvent } from './table.ts'

const RECORD = ['yes', 'record', 'minors-path'] as const

/** Consent: one recipient, one purpose, one page each. */
export const CONSENT_EVENTS = {
  'consent.draft': event({
    action: 'consent',
    permits: RECORD,
    statuses: OPEN,
    herStatuses: HER_SENDING,
    needs: ['id', 'recipient', 'purpose', 'dataClasses', 'language', 'wordingVersion', 'wordingSha256'],
    may: ['exhibits', 'expires', 'conditions', 'replaces'],
    run: draftConsent,
  }),
  'consent.offer': event({
    action: 'consent',
    permits: RECORD,
    statuses: OPEN,
    herStatuses: HER_SENDING,
    needs: ['about'],
    run: (context) => move(context, 'offer'),
  }),
  'consent.give': event({
    action: 'consent',
    permits: ['yes'],
    statuses: [],
    herStatuses: HER_SENDING,
    needs: ['about'],
    may: ['givenBy', 'isGuardianSafe'],
    run: (context) => move(context, 'give'),
  }),
  'consent.record': event({
    action: 'consent',
    permits: ['record', 'minors-path'],
    statuses: OPEN,
    needs: ['about', 'how', 'reason'],
    may: ['givenBy', 'isGuardianSafe'],
    run: (context) => move(context, 'record'),
  }),
  'consent.confirm': event({
    action: 'consent',
    permits: ['yes'],
    statuses: [],
    herStatuses: HER_SENDING,
    needs: ['about'],
    run: (context) => move(context, 'confirm'),
  }),
  'consent.decline': event({
    action: 'consent',
    permits: RECORD,
    statuses: ALIVE,
    needs: ['about'],
    run: (context) => move(context, 'decline'),
  }),
  'consent.end': event({
    action: 'consent',
    permits: RECORD,
    statuses: ALIVE,
    needs: ['about'],
    may: ['how', 'reason'],
    run: (context) => move(context, 'end'),
  }),
} as const

type DraftBody = Pick<
  Fields,
  'id' | 'recipient' | 'purpose' | 'dataClasses' | 'language' | 'wordingVersion' | 'wordingSha256'
>

function draftConsent({ draft, body, at }: Context<DraftBody & Partial<Fields>>): RefusalCode | null {
  if (draft.consents.has(body.id)) return 'ID_TAKEN'
  // The day that is named is the last on which it holds.
  const ends = body.expires === undefined ? at + TIMES.consentDefault : body.expires + DAY
  if (ends <= at) return 'CONSENT_EXPIRED'
  if (ends > at + TIMES.consentLongest + DAY) return 'CONSENT_TOO_LONG'
  const consent: Consent = {
    id: body.id,
    state: 'draft',
    recipient: body.recipient,
    purpose: body.purpose,
    dataClasses: body.dataClasses,
    exhibits: body.exhibits ?? [],
    ends,
    wording: { language: body.language, version: body.wordingVersion, sha256: body.wordingSha256 },
    givenBy: null,
    conditions: body.conditions ?? null,
    isConfirmed: false,
    replaces: body.replaces ?? null,
  }
  draft.consents.set(body.id, consent)
  return null
}

function move(
  context: Context<Pick<Fields, 'about'> & Partial<Fields>>,
  moved: ConsentEvent,
): RefusalCode | null {
  const { draft, body } = context
  return step(draft.consents, CONSENT_TABLE, body.about, moved, (consent) => ({ ...context, consent }))
}

/** Consents whose date has passed have expired. */
export function expireConsents(context: Context): void {
  const { draft, at } = context
  for (const { id, state, ends } of draft.consents.values())
    if (state === 'given' && at >= ends)
      step(draft.consents, CONSENT_TABLE, id, 'expire', (consent) => ({ ...context, consent }))
}

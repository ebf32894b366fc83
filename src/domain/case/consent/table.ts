import type { Context } from '../event.ts'
import { type Effect, type Guard, machine } from '../machine.ts'
import { isAwaitedByHerChoice } from '../order/her-choice.ts'
import type { Consent } from '../state.ts'
import { CONSENT_STATES, type ConsentState } from '../states.ts'
import { change } from '../subject.ts'
import { openTask } from '../task/tasks.ts'

export const CONSENT_TABLE_EVENTS = [
  'offer',
  'give',
  'record',
  'confirm',
  'decline',
  'end',
  'expire',
] as const
export type ConsentEvent = (typeof CONSENT_TABLE_EVENTS)[number]

/** A step of one consent. */
export interface ConsentContext extends Context {
  readonly consent: Consent
}

type Guards =
  | 'hers-if-chosen'
  | 'her-signature'
  | 'in-words-of-hers'
  | 'not-past'
  | 'giver'
  | 'escrow'
  | 'date-passed'
type Effects = 'note-giver' | 'confirm' | 'ask-deletion' | 'replace-older'

const guards: Readonly<Record<Guards, Guard<ConsentContext>>> = {
  'her-signature': {
    says: 'survivor signature',
    refuses: ({ by }) => (by.role === 'survivor' ? null : 'SURVIVOR_ONLY'),
  },
  'in-words-of-hers': {
    says: 'a member writes down how she said it',
    refuses: ({ by, body }) => (by.role !== 'survivor' && body.how && body.reason ? null : 'BODY_INVALID'),
  },
  'not-past': {
    says: 'its date lies ahead',
    refuses: ({ consent, at }) => (at < consent.ends ? null : 'CONSENT_EXPIRED'),
  },
  giver: {
    says: 'a guardian only where the country requires it, in a case of a minor, and where it is safe',
    refuses: ({ body, draft, rules }) =>
      body.givenBy !== 'guardian' ||
      (rules.isGuardianConsentRequired && draft.isMinorsPath && body.isGuardianSafe === true)
        ? null
        : 'GUARDIAN_NOT_ALLOWED',
  },
  escrow: {
    says: 'escrow not for minors unless the country pack opens it',
    refuses: ({ consent, draft, rules }) =>
      consent.purpose === 'escrow' && draft.isMinorsPath && !rules.isEscrowOpenToMinors
        ? 'ESCROW_NOT_FOR_MINORS'
        : null,
  },
  'hers-if-chosen': {
    says: 'by her alone while her choice "now" may need it; else a member writes down how she said it',
    refuses: ({ by, body, consent, draft }) => {
      if (by.role === 'survivor') return null
      if (body.how === undefined || body.reason === undefined) return 'BODY_INVALID'
      return isAwaitedByHerChoice(draft, consent) ? 'SURVIVOR_ONLY' : null
    },
  },
  'date-passed': {
    says: 'its date has passed',
    refuses: ({ consent, at }) => (at >= consent.ends ? null : 'TOO_EARLY'),
  },
}

const effects: Readonly<Record<Effects, Effect<ConsentContext>>> = {
  'note-giver': {
    says: 'who gave it is kept; what a member wrote down awaits her confirmation',
    run: ({ draft, consent, body, by }) =>
      change(draft.consents, consent.id, {
        givenBy: body.givenBy ?? 'self',
        isConfirmed: by.role === 'survivor',
      }),
  },
  confirm: {
    says: 'confirmed in her mailbox',
    run: ({ draft, consent }) => change(draft.consents, consent.id, { isConfirmed: true }),
  },
  'ask-deletion': {
    says: 'sending stops at once; task "ask the agency to delete, obtain receipt"',
    run: (context) => openTask(context, { kind: 'ask-deletion', link: context.consent.id }),
  },
  'replace-older': {
    says: 'the consent it replaces, for the same recipient and purpose, is replaced',
    run: ({ draft, consent, by }) => {
      const older = draft.consents.get(consent.replaces ?? '')
      if (older?.state !== 'given') return
      if (by.role !== 'survivor' && isAwaitedByHerChoice(draft, older)) return
      if (older.recipient === consent.recipient && older.purpose === consent.purpose)
        change(draft.consents, older.id, { state: 'replaced' })
    },
  },
}

/**
 * The states of a consent. Silence is no: nothing but her own `give`, or her words written down by a member, leads to `given`.
 * `declined` is final for that offer and blocks nothing else.
 */
export const CONSENT_TABLE = machine<ConsentContext, ConsentState, ConsentEvent, Guards, Effects>({
  name: 'consent',
  states: CONSENT_STATES,
  events: CONSENT_TABLE_EVENTS,
  transitions: [
    { from: ['draft'], event: 'offer', guards: ['not-past'], to: 'offered', effects: [] },
    {
      from: ['offered'],
      event: 'give',
      guards: ['her-signature', 'not-past', 'giver', 'escrow'],
      to: 'given',
      effects: ['note-giver', 'replace-older'],
    },
    {
      from: ['offered'],
      event: 'record',
      guards: ['in-words-of-hers', 'not-past', 'giver', 'escrow'],
      to: 'given',
      effects: ['note-giver', 'replace-older'],
    },
    { from: ['given'], event: 'confirm', guards: ['her-signature'], to: 'same', effects: ['confirm'] },
    { from: ['offered'], event: 'decline', guards: [], to: 'declined', effects: [] },
    {
      from: ['given'],
      event: 'end',
      guards: ['hers-if-chosen'],
      to: 'ended',
      effects: ['ask-deletion'],
    },
    { from: ['given'], event: 'expire', guards: ['date-passed'], to: 'expired', effects: [] },
  ],
  guards,
  effects,
})

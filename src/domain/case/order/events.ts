import { event } from '../event.ts'
import type { RefusalCode } from '../refusals.ts'
import { isSamePerson } from '../roles.ts'
import type { CaseState, Place } from '../state.ts'
import { ALIVE, HER_SENDING, OPEN } from '../states.ts'
import { change } from '../subject.ts'
import { meetTasks, openTask } from '../task/tasks.ts'

const BOTH = ['own', 'yes'] as const

/** Places and the steps of the take-down plan: preserve, fingerprint, preservation request, notice; and her choice "now". */
export const ORDER_EVENTS = {
  'place.add': event({
    action: 'evidence',
    permits: BOTH,
    statuses: OPEN,
    herStatuses: ALIVE,
    needs: ['id'],
    run: ({ draft, body }) => {
      if (draft.places.has(body.id)) return 'ID_TAKEN'
      draft.places.set(body.id, newPlace(body.id))
      return null
    },
  }),
  'place.recorded': event({
    action: 'evidence',
    permits: BOTH,
    statuses: ALIVE,
    needs: ['place', 'record'],
    run: ({ draft, body, at }) =>
      update(draft, body.place, ({ recordedAt }) => ({ recordedAt: recordedAt ?? at })),
  }),
  'place.preserved': event({
    action: 'evidence',
    permits: BOTH,
    statuses: ALIVE,
    needs: ['place', 'record'],
    run: ({ draft, body, at, since }) =>
      update(draft, body.place, ({ recordedAt, preservedAt }) => ({
        recordedAt: recordedAt ?? at,
        preservedAt: preservedAt ?? since,
      })),
  }),
  'place.recording-failed': event({
    action: 'evidence',
    permits: BOTH,
    statuses: ALIVE,
    needs: ['at', 'place', 'reason'],
    run: (context) => {
      const { draft, body, at } = context
      const refused = update(draft, body.place, ({ recordingFailedAt }) => ({
        recordingFailedAt: recordingFailedAt ?? at,
      }))
      if (refused === null) openTask(context, { kind: 'record-later', link: body.place })
      return refused
    },
  }),
  'place.fingerprint': event({
    action: 'evidence',
    permits: BOTH,
    statuses: ALIVE,
    needs: ['place', 'outcome'],
    run: ({ draft, body }) => {
      const { outcome } = body
      if (outcome !== 'did' && outcome !== 'declined') return 'REASON_UNKNOWN'
      return update(draft, body.place, () => ({ fingerprint: outcome }))
    },
  }),
  'place.preservation-request': event({
    action: 'evidence',
    permits: BOTH,
    statuses: ALIVE,
    needs: ['place', 'outcome'],
    may: ['reference'],
    run: ({ draft, body }) => {
      const { outcome } = body
      if (outcome !== 'sent' && outcome !== 'declined' && outcome !== 'not-applicable')
        return 'REASON_UNKNOWN'
      meetTasks(draft, 'optional-preservation-request', body.place, outcome)
      return update(draft, body.place, () => ({ preservationRequest: outcome }))
    },
  }),
  'place.choose-now': event({
    action: 'choose-now',
    permits: ['own'],
    statuses: [],
    herStatuses: HER_SENDING,
    needs: ['at', 'place', 'costSeen'],
    run: (context) => {
      const { draft, body, at } = context
      if (!body.costSeen) return 'BODY_INVALID'
      const place = draft.places.get(body.place) ?? newPlace(body.place)
      draft.places.set(place.id, { ...place, chosenNowAt: place.chosenNowAt ?? at })
      // What the plan had before the notice goes on beside it, and holds nothing back.
      if (place.fingerprint === 'open') openTask(context, { kind: 'optional-fingerprint', link: place.id })
      if (place.preservationRequest === 'open')
        openTask(context, { kind: 'optional-preservation-request', link: place.id })
      return null
    },
  }),
  'place.choose-plan': event({
    action: 'choose-now',
    permits: ['own'],
    statuses: [],
    herStatuses: HER_SENDING,
    needs: ['place'],
    run: ({ draft, body }) => update(draft, body.place, () => ({ chosenNowAt: null })),
  }),
  'place.propose-override': event({
    action: 'override-order',
    permits: ['propose', 'approve'],
    statuses: OPEN,
    needs: ['place', 'reason'],
    run: ({ draft, body, by, since }) =>
      update(draft, body.place, ({ override }) =>
        override?.isApproved ? {} : { override: { by, since, isApproved: false } },
      ),
  }),
  'place.approve-override': event({
    action: 'override-order',
    permits: ['approve'],
    statuses: OPEN,
    needs: ['place'],
    run: ({ draft, body, by }) => {
      const override = draft.places.get(body.place)?.override
      if (!override) return draft.places.has(body.place) ? 'NO_PROPOSAL' : 'UNKNOWN_ID'
      if (isSamePerson(override.by, by)) return 'SELF_APPROVAL'
      return update(draft, body.place, () => ({ override: { ...override, isApproved: true } }))
    },
  }),
} as const

function newPlace(id: string): Place {
  return {
    id,
    recordedAt: null,
    preservedAt: null,
    recordingFailedAt: null,
    fingerprint: 'open',
    preservationRequest: 'open',
    chosenNowAt: null,
    override: null,
  }
}

function update(draft: CaseState, id: string, fields: (place: Place) => Partial<Place>): RefusalCode | null {
  const place = draft.places.get(id)
  if (!place) return 'UNKNOWN_ID'
  change(draft.places, id, fields(place))
  return null
}

import { event } from '../event.ts'
import { isSamePerson } from '../roles.ts'
import { TIMES } from '../rules.ts'
import type { AccessNote, CaseState } from '../state.ts'
import { ALIVE } from '../states.ts'
import { DAY } from '../time.ts'

/** Delaying a line of her access view: two people, 30 days at most. */
export const ACCESS_EVENTS = {
  'access.propose-delay': event({
    action: 'delay-view',
    permits: ['propose', 'approve'],
    statuses: ALIVE,
    needs: ['about', 'untilDay', 'reason'],
    run: ({ draft, body, by, at, since }) => {
      const until = body.untilDay + DAY
      if (until <= at || body.untilDay > at + TIMES.viewDelayLongest) return 'DELAY_TOO_LONG'
      return update(draft, body.about, { delay: { by, since, until } })
    },
  }),
  'access.approve-delay': event({
    action: 'delay-view',
    permits: ['approve'],
    statuses: ALIVE,
    needs: ['about'],
    run: ({ draft, body, by, at }) => {
      const line = draft.access.find(({ id }) => id === body.about)
      if (!line) return 'UNKNOWN_ID'
      if (!line.delay) return 'NO_PROPOSAL'
      if (isSamePerson(line.delay.by, by)) return 'SELF_APPROVAL'
      // Once: a line that was delayed is not delayed again, so that 30 days are 30 days.
      if (line.delayedUntil !== null || line.delay.until <= at) return 'TRANSITION_REFUSED'
      return update(draft, body.about, { delayedUntil: line.delay.until })
    },
  }),
} as const

function update(draft: CaseState, id: string, fields: Partial<AccessNote>): 'UNKNOWN_ID' | null {
  const index = draft.access.findIndex((line) => line.id === id)
  const line = draft.access[index]
  if (!line) return 'UNKNOWN_ID'
  draft.access[index] = { ...line, ...fields }
  return null
}

import { event } from '../event.ts'
import { TIMES } from '../rules.ts'
import type { CaseState, Hold } from '../state.ts'
import { ALIVE } from '../states.ts'
import { change } from '../subject.ts'
import { DAY, type Minute } from '../time.ts'

/** A hold keeps the expiry job away, never the survivor's own erasure unless a law of the country pack says so. */
export const HOLD_EVENTS = {
  'hold.place': event({
    action: 'hold',
    permits: ['yes'],
    statuses: ALIVE,
    needs: ['id', 'authority', 'untilDay'],
    run: ({ draft, body, at }) => {
      if (draft.holds.has(body.id)) return 'ID_TAKEN'
      const until = body.untilDay + DAY
      if (until <= at || body.untilDay > at + TIMES.holdLongest) return 'HOLD_TOO_LONG'
      draft.holds.set(body.id, { id: body.id, authority: body.authority, until, isLifted: false })
      return null
    },
  }),
  'hold.lift': event({
    action: 'hold',
    permits: ['yes'],
    statuses: ALIVE,
    needs: ['about'],
    run: ({ draft, body }) => {
      const hold = draft.holds.get(body.about)
      if (!hold) return 'UNKNOWN_ID'
      if (hold.isLifted) return 'TRANSITION_REFUSED'
      change(draft.holds, hold.id, { isLifted: true })
      return null
    },
  }),
} as const

/** The holds that stand at a minute. */
export function standingHolds(state: Pick<CaseState, 'holds'>, at: Minute): Hold[] {
  return [...state.holds.values()].filter(({ until, isLifted }) => !isLifted && at < until)
}

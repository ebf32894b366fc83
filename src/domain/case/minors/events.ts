import { event } from '../event.ts'
import { ALIVE, OPEN } from '../states.ts'
import { meetTasks } from '../task/tasks.ts'
import { enterMinorsPath } from './minors-path.ts'
import { isUnder18 } from './picture-rule.ts'

/** Age and the minors path; `case.minors-confirmed` is in the table of the case. */
export const MINORS_EVENTS = {
  'minors.age-band': event({
    action: 'evidence',
    permits: ['own', 'yes'],
    statuses: OPEN,
    herStatuses: ALIVE,
    needs: ['ageBand'],
    run: (context) => {
      const { draft, body, by } = context
      // Her own answer that a minor is concerned is enough by itself; a member confirms it.
      if (by.role === 'survivor' && isUnder18(body.ageBand)) enterMinorsPath(context)
      draft.ageBand = body.ageBand
      return null
    },
  }),
  'minors.notice-shown': event({
    action: 'evidence',
    permits: ['own', 'yes'],
    statuses: ALIVE,
    needs: ['wordingVersion'],
    run: ({ draft, body }) => {
      meetTasks(draft, 'statutory-notice', null, body.wordingVersion)
      return null
    },
  }),
} as const

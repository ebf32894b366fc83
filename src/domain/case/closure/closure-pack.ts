import { isFinalNotice } from '../notice/events.ts'
import { isFinalReferral } from '../referral/events.ts'
import type { CaseState } from '../state.ts'
import { openTasks } from '../task/tasks.ts'
import { dayOf } from '../time.ts'

/** What she is given when her case is closed. Ids, for the page that words it. */
export interface ClosurePack {
  readonly reason: string
  readonly done: readonly string[]
  readonly stillOpen: readonly string[]
  readonly openTasks: readonly string[]
  /** Notices and referrals that left the house: she holds a receipt for each. */
  readonly receipts: readonly string[]
  /** `YYYY-MM-DD`, the last day on which anything is kept. */
  readonly keptUntil: string
}

/** The closure pack of a closed case, null for any other. */
export function closurePack(state: CaseState): ClosurePack | null {
  if (state.status !== 'closed' || !state.closed) return null
  const notices = [...state.notices.values()]
  const referrals = [...state.referrals.values()]
  const finished = [...notices.filter(isFinalNotice), ...referrals.filter(isFinalReferral)]
  const done = new Set(finished.map(({ id }) => id))
  const all = [...notices, ...referrals].map(({ id }) => id)
  return {
    reason: state.closed.reason,
    done: [...done],
    stillOpen: all.filter((id) => !done.has(id)),
    openTasks: openTasks(state).map(({ kind }) => kind),
    receipts: [
      ...notices.filter(({ sentAt }) => sentAt !== null).map(({ id }) => id),
      ...referrals.filter(({ state: at }) => at !== 'draft' && at !== 'previewed').map(({ id }) => id),
    ],
    keptUntil: dayOf(state.closed.keptUntil),
  }
}

import { DAY, type Minute } from '../time.ts'

/** One opening of a picture, as it is counted on the worker's own device. */
export interface Opening {
  readonly at: Minute
  readonly minutes: number
}

/** What a worker is spared. She may lower it herself; a supervisor alone raises it, until a date. */
export interface Budget {
  readonly openingsPerDay: number
  readonly minutesPerDay: number
  readonly openingsPerWeek: number
}

export const DEFAULT_BUDGET: Budget = { openingsPerDay: 10, minutesPerDay: 10, openingsPerWeek: 30 }

const WEEK = 7 * DAY
const LAST_HALF_HOUR = 30
const SOFT_STOP = 0.8

/** `soft`: the page asks whether it has to be now. `hard`: it does not open. */
export type Stop = 'none' | 'soft' | 'hard' | 'end-of-shift'

/**
 * Whether one more opening is within the budget: a soft stop at 80 %, a hard one at 100 %, counted over the last 24 hours and
 * seven days; and none in the last half hour of the shift. Urgent work is excepted from the end of the shift, not from the
 * budget. `shiftEnds` null: no shift is set.
 */
export function openingStop(
  openings: readonly Opening[],
  budget: Budget,
  now: Minute,
  shiftEnds: Minute | null,
  isUrgent: boolean,
): Stop {
  const load = exposure(openings, budget, now)
  if (load >= 1) return 'hard'
  const isLate = shiftEnds !== null && now > shiftEnds - LAST_HALF_HOUR && now <= shiftEnds
  if (isLate && !isUrgent) return 'end-of-shift'
  return load >= SOFT_STOP ? 'soft' : 'none'
}

/** What a supervisor sees of a worker's openings: never a number. */
export function exposureBand(
  openings: readonly Opening[],
  budget: Budget,
  now: Minute,
): 'low' | 'medium' | 'high' {
  const load = exposure(openings, budget, now)
  return load >= SOFT_STOP ? 'high' : load >= SOFT_STOP / 2 ? 'medium' : 'low'
}

/** Whether a change of the budget is the worker's to make: only downward. */
export function isLowering(from: Budget, to: Budget): boolean {
  return (
    to.openingsPerDay <= from.openingsPerDay &&
    to.minutesPerDay <= from.minutesPerDay &&
    to.openingsPerWeek <= from.openingsPerWeek
  )
}

/** The part of the budget that is used, of whichever limit is nearest. */
function exposure(openings: readonly Opening[], budget: Budget, now: Minute): number {
  const within = (minutes: Minute) => openings.filter(({ at }) => at <= now && at > now - minutes)
  const today = within(DAY)
  const minutes = today.reduce((sum, opening) => sum + opening.minutes, 0)
  return Math.max(
    part(today.length, budget.openingsPerDay),
    part(minutes, budget.minutesPerDay),
    part(within(WEEK).length, budget.openingsPerWeek),
  )
}

function part(used: number, limit: number): number {
  return limit > 0 ? used / limit : 1
}

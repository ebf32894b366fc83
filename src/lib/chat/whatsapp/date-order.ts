import type { LineHeader } from './line-header.ts'

/** Which of the three numbers is what. */
export type DateLayout = 'day-first' | 'month-first' | 'year-first'

export interface Day {
  year: number
  month: number
  day: number
}

const LAYOUTS: readonly DateLayout[] = ['day-first', 'month-first', 'year-first']
const DAY_MS = 86_400_000
/** No WhatsApp message is older. */
const FIRST_MS = Date.UTC(2009, 0, 1)
/** How many times worse the second best layout must be, when none is without fault. */
const CLEARLY_WORSE = 4

/** The day a header names under a layout; null when there is no such day. Two-digit years are 2000 to 2099. */
export function dayOf(date: LineHeader['date'], layout: DateLayout): Day | null {
  const [a, b, c] = date
  const [year, month, day] =
    layout === 'year-first' ? [a, b, c] : layout === 'day-first' ? [c, b, a] : [c, a, b]
  if (year.digits === 3 || year.digits === 1 || day.digits > 2 || month.digits > 2) return null
  const fullYear = year.digits === 2 ? 2000 + year.value : year.value
  const check = new Date(Date.UTC(fullYear, month.value - 1, day.value))
  const isReal = check.getUTCMonth() === month.value - 1 && check.getUTCDate() === day.value
  return isReal ? { year: fullYear, month: month.value, day: day.value } : null
}

/**
 * Finds the date layout of a file from all its headers: a layout is wrong where it gives no real day, a day before
 * WhatsApp or after now, or where time runs backwards. One line proves nothing, since anybody can write one.
 */
export class DateOrderSurvey {
  readonly #latestMs: number
  readonly #faults = LAYOUTS.map((layout) => ({ layout, faults: 0, previousMs: 0 }))
  #headers = 0
  #hasLongFirst = false

  /** `nowMs`: days more than two past it do not count as real. */
  constructor(nowMs: number) {
    this.#latestMs = nowMs + 2 * DAY_MS
  }

  add(header: LineHeader): void {
    this.#headers++
    if (header.date[0].digits > 2) this.#hasLongFirst = true
    for (const entry of this.#faults) {
      const day = dayOf(header.date, entry.layout)
      const ms = day ? Date.UTC(day.year, day.month - 1, day.day) : Number.NaN
      if (!(ms >= FIRST_MS && ms <= this.#latestMs)) entry.faults++
      else {
        if (ms < entry.previousMs) entry.faults++
        entry.previousMs = ms
      }
    }
  }

  /** The layouts the file allows, the best first: one when it is certain, two when a person has to say. */
  layouts(): DateLayout[] {
    const ranked = this.#faults
      .filter((entry) => entry.faults < Math.max(1, this.#headers))
      .sort((a, b) => a.faults - b.faults)
    const best = ranked[0]
    if (!best) return ['day-first', 'month-first']
    const possible = ranked
      .filter((entry) => entry.faults <= best.faults * CLEARLY_WORSE)
      .map((entry) => entry.layout)
    // Two-digit years in front are written in Korea only: they count when nothing else explains the file.
    const others = possible.filter((layout) => layout !== 'year-first' || this.#hasLongFirst)
    return others.length > 0 ? others : possible
  }
}

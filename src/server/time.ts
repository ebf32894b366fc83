const DAY_MS = 24 * 60 * 60_000
const QUARTER_MS = 15 * 60_000

/** The ISO 8601 week of a moment in UTC: `2026-W48`. */
export function isoWeekOf(time: Date): string {
  const day = Math.floor(time.getTime() / DAY_MS)
  // 1970-01-01 was a Thursday, and the year of a week is that of its Thursday.
  const thursday = Math.floor((day + 3) / 7) * 7
  const year = new Date(thursday * DAY_MS).getUTCFullYear()
  const firstDay = Date.UTC(year, 0, 1) / DAY_MS
  const week = Math.floor((thursday - firstDay) / 7) + 1
  return `${year}-W${String(week).padStart(2, '0')}`
}

/** The week so many weeks after that of `time`. */
export function weekAfter(time: Date, weeks: number): string {
  return isoWeekOf(new Date(time.getTime() + weeks * 7 * DAY_MS))
}

/** The end of the quarter hour that `time` is in; `time` itself when a quarter begins there. */
export function nextQuarter(time: Date): Date {
  return new Date(Math.ceil(time.getTime() / QUARTER_MS) * QUARTER_MS)
}

/** Whole quarters of an hour since 1970. */
export function quarterOf(time: Date): number {
  return Math.floor(time.getTime() / QUARTER_MS)
}

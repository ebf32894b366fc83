/** Whole minutes since 1970-01-01T00:00Z. All rules count in UTC, so that no daylight saving shifts a deadline. */
export type Minute = number

export const HOUR = 60
export const DAY = 24 * HOUR
const MS = 60_000

const FIRST = Date.UTC(2000, 0, 1) / MS
const LAST = Date.UTC(2200, 0, 1) / MS

/** The first minute of `YYYY-MM-DD`, or null when there is no such day between 2000 and 2199. */
export function parseDay(text: string): Minute | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return null
  const minute = Date.parse(`${text}T00:00:00Z`) / MS
  // Some engines roll 30 February over into March; the way back shows it.
  if (!Number.isInteger(minute) || minute < FIRST || minute >= LAST || dayOf(minute) !== text) return null
  return minute
}

/** Minutes after midnight of `HH:MM`, or null. */
export function parseClock(text: string): number | null {
  const parts = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text)
  return parts ? Number(parts[1]) * HOUR + Number(parts[2]) : null
}

/** The minute of `YYYY-MM-DDTHH:MMZ`, or null. */
export function parseMoment(text: string): Minute | null {
  const parts = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})Z$/.exec(text)
  const day = parseDay(parts?.[1] ?? '')
  const clock = parseClock(parts?.[2] ?? '')
  return day === null || clock === null ? null : day + clock
}

/** `YYYY-MM-DD` of a minute. */
export function dayOf(minute: Minute): string {
  return new Date(minute * MS).toISOString().slice(0, 10)
}

/** `YYYY-MM-DDTHH:MMZ` of a minute: what `parseMoment` reads. */
export function momentOf(minute: Minute): string {
  return `${new Date(minute * MS).toISOString().slice(0, 16)}Z`
}

/** ISO 8601 week, as in `2026-W47`: the precision in which a survivor sees what was done. */
export function weekOf(minute: Minute): string {
  const day = Math.floor(minute / DAY)
  // 1970-01-01 was a Thursday, and the Thursday of a week decides which year it belongs to.
  const thursday = day - ((day + 3) % 7) + 3
  const year = new Date(thursday * DAY * MS).getUTCFullYear()
  const week = Math.floor((thursday - Date.UTC(year, 0, 1) / MS / DAY) / 7) + 1
  return `${year}-W${String(week).padStart(2, '0')}`
}

/** `count` working days later: Saturdays, Sundays and `holidays` (`YYYY-MM-DD`) do not count. */
export function addWorkingDays(from: Minute, count: number, holidays: ReadonlySet<string>): Minute {
  let minute = from
  for (let left = count; left > 0; ) {
    minute += DAY
    const weekday = new Date(minute * MS).getUTCDay()
    if (weekday !== 0 && weekday !== 6 && !holidays.has(dayOf(minute))) left--
  }
  return minute
}

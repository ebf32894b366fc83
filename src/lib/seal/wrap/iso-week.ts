const DAY_MS = 86_400_000

/** The ISO 8601 week in UTC of a time in seconds since 1970, such as `2026-W48`: as exact as a server may know a time. */
export function isoWeekOf(seconds: number): string {
  const dayMs = Math.floor((seconds * 1000) / DAY_MS) * DAY_MS
  // The week belongs to the year of its Thursday.
  const weekday = (new Date(dayMs).getUTCDay() + 6) % 7
  const thursdayMs = dayMs + (3 - weekday) * DAY_MS
  const year = new Date(thursdayMs).getUTCFullYear()
  const number = Math.floor((thursdayMs - Date.UTC(year, 0, 1)) / (7 * DAY_MS)) + 1
  return `${year}-W${String(number).padStart(2, '0')}`
}

/** True for `YYYY-Www` of a week that exists. */
export function isIsoWeek(text: string): boolean {
  const [, year = '', number = ''] = /^([0-9]{4})-W([0-9]{2})$/.exec(text) ?? []
  if (year === '' || year === '0000') return false
  // 4 January is in week 1 of its year, and the Thursday of the week decides its year.
  const firstMs = Date.parse(`${year}-01-04T00:00:00Z`)
  return isoWeekOf((firstMs + (Number(number) - 1) * 7 * DAY_MS) / 1000) === text
}

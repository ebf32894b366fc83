export const DAY_SECONDS = 86_400

/** True for `YYYY-MM-DD` of a day that exists. */
export function isDay(text: string): boolean {
  return (
    /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text) &&
    Number.isFinite(startOfDay(text)) &&
    dayOf(startOfDay(text)) === text
  )
}

/** Seconds since 1970 of 00:00 UTC on the day; not a number when there is no such day. */
export function startOfDay(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / 1000
}

/** The day in UTC, `YYYY-MM-DD`, of a time in seconds since 1970. */
export function dayOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 10)
}

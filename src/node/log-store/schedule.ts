const MINUTE_MS = 60_000
const MERGE_GRACE_MS = 24 * 60 * MINUTE_MS

/** The last moment, at or before `now`, at which a checkpoint was due: multiples of the interval since 1970 in UTC. */
export function lastTick(now: Date, intervalMinutes: number): Date {
  const intervalMs = intervalMinutes * MINUTE_MS
  return new Date(Math.floor(now.getTime() / intervalMs) * intervalMs)
}

export function nextTick(now: Date, intervalMinutes: number): Date {
  return new Date(lastTick(now, intervalMinutes).getTime() + intervalMinutes * MINUTE_MS)
}

/** Until when a commitment that is accepted now is promised to be in the log: the next checkpoint, and a day. */
export function mergeBy(now: Date, intervalMinutes: number): Date {
  return new Date(nextTick(now, intervalMinutes).getTime() + MERGE_GRACE_MS)
}

/** `YYYY-MM-DDTHH:MM:SSZ` */
export function instantText(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`
}

/** `YYYY-MM-DD` */
export function dayText(time: Date): string {
  return time.toISOString().slice(0, 10)
}

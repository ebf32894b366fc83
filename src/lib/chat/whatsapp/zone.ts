import { ChatError } from '../errors.ts'
import type { Day } from './date-order.ts'

const DAY_MS = 86_400_000

/** Turns wall clock time into UTC. */
export interface Zone {
  /**
   * Every instant (milliseconds UTC) at which clocks there showed this: one as a rule, two when they were set back over
   * it, none when they were set forward past it.
   */
  instants(day: Day, minuteOfDay: number, second: number): number[]
}

/** A zone by its IANA name. Throws `ChatError` `ZONE_UNKNOWN`. */
export function openZone(name: string): Zone {
  const offsetAt = offsetsOf(name)
  const offsetsByDay = new Map<number, readonly number[]>()
  const offsetsOn = (midnight: number) => {
    const known = offsetsByDay.get(midnight)
    if (known) return known
    // No zone is more than a day from UTC: these two instants enclose the whole local day.
    const offsets = [...new Set([offsetAt(midnight - DAY_MS), offsetAt(midnight + 2 * DAY_MS)])]
    if (offsetsByDay.size > 4096) offsetsByDay.clear()
    offsetsByDay.set(midnight, offsets)
    return offsets
  }
  return {
    instants: ({ year, month, day }, minuteOfDay, second) => {
      const midnight = Date.UTC(year, month - 1, day)
      const wallMs = midnight + minuteOfDay * 60_000 + second * 1000
      const offsets = offsetsOn(midnight)
      const only = offsets[0]
      if (offsets.length === 1 && only !== undefined) return [wallMs - only]
      return offsets
        .filter((offset) => offsetAt(wallMs - offset) === offset)
        .map((offset) => wallMs - offset)
        .sort((a, b) => a - b)
    },
  }
}

function offsetsOf(name: string): (utcMs: number) => number {
  let format: Intl.DateTimeFormat
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  } catch (cause) {
    throw new ChatError(
      'ZONE_UNKNOWN',
      `${JSON.stringify(name)} is not a time zone such as Asia/Kuala_Lumpur.`,
      {
        cause,
      },
    )
  }
  return (utcMs) => {
    const at = new Map(format.formatToParts(utcMs).map((part) => [part.type, Number(part.value)]))
    const value = (type: Intl.DateTimeFormatPartTypes) => at.get(type) ?? 0
    const wallMs = Date.UTC(
      value('year'),
      value('month') - 1,
      value('day'),
      value('hour'),
      value('minute'),
      value('second'),
    )
    return wallMs - Math.floor(utcMs / 1000) * 1000
  }
}

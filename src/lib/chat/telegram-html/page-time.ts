import type { Moment } from '../model.ts'
import type { Zone } from '../whatsapp/index.ts'

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000

/**
 * Offsets, in minutes, at which no place has set its clocks forward since 2017. Elsewhere a printed offset leaves two
 * readings, because Telegram prints the zone's standard offset in summer too.
 */
const OFFSETS_WITHOUT_SUMMER_TIME: ReadonlySet<number> = new Set([
  240, 300, 330, 345, 360, 390, 420, 480, 525, 540,
])

/** `DD.MM.YYYY HH:MM:SS UTC+08:00`; exports before 2022 have no offset. */
const TITLE = /^(\d{2})\.(\d{2})\.(\d{4}) (\d{2}):(\d{2}):(\d{2})(?: UTC([+-])(\d{2}):(\d{2}))?$/

/**
 * Reads the time in a `title` attribute; null when it is none. With a stated zone, a reading that zone does not know is
 * dropped. `utcMs` is set when exactly one reading is left.
 */
export function readPageTime(title: string, zone: Zone | null): Moment | null {
  const match = TITLE.exec(title)
  if (!match) return null
  const [day, month, year, hour, minute, second] = match.slice(1, 7).map(Number)
  if (day === undefined || month === undefined || year === undefined) return null
  if (hour === undefined || minute === undefined || second === undefined) return null
  const wallMs = Date.UTC(year, month - 1, day, hour, minute, second)
  const check = new Date(wallMs)
  if (check.getUTCDate() !== day || check.getUTCMonth() !== month - 1 || hour > 23) return null
  const printed = readingsAtOffset(wallMs, match)
  const stated = zone?.instants({ year, month, day }, hour * 60 + minute, second) ?? null
  const agreed = printed && stated ? printed.filter((ms) => stated.includes(ms)) : []
  if (printed && agreed.length === 0) return momentOf(title, 'offset', printed)
  if (agreed.length > 0) return momentOf(title, printed?.length === 1 ? 'offset' : 'stated', agreed)
  return stated ? momentOf(title, 'stated', stated) : momentOf(title, 'unknown', [])
}

function readingsAtOffset(wallMs: number, match: RegExpExecArray): number[] | null {
  if (match[7] === undefined) return null
  const minutes = (Number(match[8]) * 60 + Number(match[9])) * (match[7] === '-' ? -1 : 1)
  const standard = wallMs - minutes * MINUTE_MS
  return OFFSETS_WITHOUT_SUMMER_TIME.has(minutes) ? [standard] : [standard - HOUR_MS, standard]
}

function momentOf(local: string, zone: Moment['zone'], readings: number[]): Moment {
  const only = readings.length === 1 ? readings[0] : undefined
  const moment: Moment = { utcMs: only ?? null, local, precision: 's', zone }
  if (readings.length > 1) moment.candidatesMs = readings
  return moment
}

import type { Moment } from '../model.ts'
import type { Tally } from '../tally.ts'
import { nameOf, type RawMessage } from './raw-message.ts'

/** Largest distance from 1970 a date can have in ECMAScript. */
const LARGEST_MS = 8.64e15
const KNOWN_OFFSETS = 2

/**
 * Times of one export. The exporter writes each twice: `…_unixtime` in UTC and the local time without zone. The first
 * counts. Their difference is the exporter's offset; a zone has two at most (summer time), so a third says that the
 * file was edited or put together: `TZ_INCONSISTENT`.
 */
export class Moments {
  readonly #tally: Tally
  readonly #offsetsMs: number[] = []
  #lastOffsetMs = Number.NaN

  constructor(tally: Tally) {
    this.#tally = tally
  }

  /** `raw` names the message in warnings. An impossible `unixSeconds` gives `utcMs: null` and `DATE_RANGE`. */
  moment(date: unknown, unixSeconds: number, isOdd: boolean, raw: RawMessage): Moment {
    const local = typeof date === 'string' ? date : null
    const utcMs = unixSeconds * 1000
    if (!(Math.abs(utcMs) <= LARGEST_MS)) {
      if (isOdd || !Number.isNaN(utcMs)) this.#tally.warn('DATE_RANGE', nameOf(raw))
      return { utcMs: null, local, precision: 's', zone: 'unknown' }
    }
    if (local !== null) this.#checkOffset(localMs(local) - utcMs, raw)
    return { utcMs, local, precision: 's', zone: 'utc' }
  }

  #checkOffset(offsetMs: number, raw: RawMessage): void {
    if (offsetMs === this.#lastOffsetMs || Number.isNaN(offsetMs)) return
    if (!this.#offsetsMs.includes(offsetMs)) {
      if (this.#offsetsMs.length === KNOWN_OFFSETS) {
        this.#tally.warn('TZ_INCONSISTENT', nameOf(raw))
        return
      }
      this.#offsetsMs.push(offsetMs)
    }
    this.#lastOffsetMs = offsetMs
  }
}

/** `2026-01-15T17:59:43` as milliseconds since 1970 as if it were UTC; NaN for other forms. */
export function localMs(text: string): number {
  if (text.length !== 19 || text.charCodeAt(10) !== 84) return Number.NaN
  const year = digits(text, 0, 4)
  const month = digits(text, 5, 2)
  const day = digits(text, 8, 2)
  const seconds = digits(text, 11, 2) * 3600 + digits(text, 14, 2) * 60 + digits(text, 17, 2)
  return (daysSince1970(year, month, day) * 86_400 + seconds) * 1000
}

function digits(text: string, start: number, count: number): number {
  let value = 0
  for (let i = start; i < start + count; i++) {
    const digit = text.charCodeAt(i) - 48
    if (digit < 0 || digit > 9) return Number.NaN
    value = value * 10 + digit
  }
  return value
}

/** Days of the proleptic Gregorian calendar, counted in years that begin in March so that leap days come last. */
function daysSince1970(year: number, month: number, day: number): number {
  const marchYear = month > 2 ? year : year - 1
  const marchMonth = (month + 9) % 12
  const leapDays = Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400)
  return marchYear * 365 + leapDays + Math.floor((marchMonth * 153 + 2) / 5) + day - 719_469
}

import type { Moment, ReadOptions } from '../model.ts'
import { type DateLayout, type Day, dayOf } from './date-order.ts'
import type { LineHeader } from './line-header.ts'
import type { SurveyResult } from './survey.ts'
import { hourOfDay } from './time-markers.ts'
import { openZone, type Zone } from './zone.ts'

export interface ReadTime {
  moment: Moment
  /** Wall clock as a number that grows with time; null when day or hour is not certain. */
  wallMs: number | null
  /** Codes of everything that is uncertain about it. */
  warnings: string[]
}

/**
 * Reads the times of one file. `utcMs` is set only when exactly one instant is possible; else it is null, and every
 * possible one is in `candidatesMs` if the zone was stated.
 */
export class Clock {
  readonly #survey: SurveyResult
  readonly #layouts: readonly DateLayout[]
  readonly #zone: Zone | null

  /** Throws `ChatError` `ZONE_UNKNOWN` for a stated zone that does not exist. */
  constructor(survey: SurveyResult, options: Pick<ReadOptions, 'statedZone' | 'dateOrder'>) {
    this.#survey = survey
    const isChosen = options.dateOrder !== undefined && !survey.layouts.includes('year-first')
    this.#layouts = isChosen && options.dateOrder ? [options.dateOrder] : survey.layouts
    this.#zone = options.statedZone === undefined ? null : openZone(options.statedZone)
  }

  read(header: LineHeader): ReadTime {
    const warnings: string[] = []
    const days = this.#days(header, warnings)
    const { hours, isUnknown } = this.#hours(header, warnings)
    const minutes = hours.map((hour) => hour * 60 + header.minute)
    const second = header.second ?? 0
    const instants = this.#zone ? instantsOf(this.#zone, { days, minutes, second }, warnings) : []
    const only = instants.length === 1 && !isUnknown ? instants[0] : undefined
    const moment: Moment = {
      utcMs: only ?? null,
      local: header.local,
      precision: header.second === null ? 'min' : 's',
      zone: this.#zone ? 'stated' : 'unknown',
    }
    if (only === undefined && instants.length > 0) moment.candidatesMs = instants
    return { moment, wallMs: wallOf(days, minutes, second), warnings }
  }

  #days(header: LineHeader, warnings: string[]): Day[] {
    const days = new Map<number, Day>()
    for (const layout of this.#layouts) {
      const day = dayOf(header.date, layout)
      if (day) days.set(Date.UTC(day.year, day.month - 1, day.day), day)
    }
    if (days.size === 0) warnings.push('DATE_RANGE')
    if (days.size > 1) warnings.push('DATE_ORDER_AMBIGUOUS')
    return [...days.values()]
  }

  #hours(header: LineHeader, warnings: string[]): { hours: number[]; isUnknown: boolean } {
    const { marker, hour } = header
    const either = hour > 12 ? [hour] : [hour % 12, (hour % 12) + 12]
    if (marker === null) {
      const isCertain = hour === 0 || hour > 12 || !(this.#survey.hasMarkers || this.#survey.isHalfDayUnknown)
      if (isCertain) return { hours: [hour], isUnknown: false }
      warnings.push(this.#survey.hasMarkers ? 'TIME_MARKER_UNKNOWN' : 'HOUR12_UNMARKED')
      return { hours: either, isUnknown: true }
    }
    const known = marker === 'unknown' ? null : hourOfDay(hour, marker)
    if (known !== null) return { hours: [known], isUnknown: false }
    warnings.push('TIME_MARKER_UNKNOWN')
    return { hours: either, isUnknown: true }
  }
}

function instantsOf(
  zone: Zone,
  wall: { days: readonly Day[]; minutes: readonly number[]; second: number },
  warnings: string[],
): number[] {
  const all = new Set<number>()
  for (const day of wall.days) {
    for (const minute of wall.minutes) {
      const instants = zone.instants(day, minute, wall.second)
      if (instants.length === 0) warnings.push('TIME_SKIPPED')
      if (instants.length > 1) warnings.push('TIME_REPEATED')
      for (const instant of instants) all.add(instant)
    }
  }
  return [...all].sort((a, b) => a - b)
}

function wallOf(days: readonly Day[], minutes: readonly number[], second: number): number | null {
  const day = days[0]
  const minute = minutes[0]
  if (days.length !== 1 || minutes.length !== 1 || !day || minute === undefined) return null
  return Date.UTC(day.year, day.month - 1, day.day) + minute * 60_000 + second * 1000
}

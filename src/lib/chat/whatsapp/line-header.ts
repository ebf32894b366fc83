import { foldMarker, type MarkerRule, markerRule, TIME_PREPOSITIONS } from './time-markers.ts'

/** The beginning of a message: `[date, time] ` of iOS or `date, time - ` of Android. */
export interface LineHeader {
  style: 'ios' | 'android'
  /** The three numbers of the date as they stand; which is the day is not known from one line. */
  date: readonly [DateField, DateField, DateField]
  hour: number
  minute: number
  second: number | null
  /** The rule of the word beside the time; `unknown` when there is a word in no table; null without one. */
  marker: MarkerRule | 'unknown' | null
  /** Date and time as written. */
  local: string
  /** Where `name: text` or a system line begins, in UTF-16 units. */
  restAt: number
}

export interface DateField {
  value: number
  digits: number
}

const LONGEST_HEADER = 90
const LONGEST_WORD = 24

const LEADING_MARKS = /^[\u200e\u200f\u202a-\u202e\ufeff]*/
const DATE = /^(\d{1,4})[\s]?([./\-年])\s?(\d{1,2})\s?[./\-月]\s?(\d{1,4})(?:\.(?=[\s,])|日)?,?/
const BEFORE_TIME = /^([^\d[\]:]*)(?=\d)/
const TIME = /^(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?![\d:])/

/** Reads the beginning of a line; null when it is not the beginning of a message. Looks at the first 90 units only. */
export function parseLineHeader(line: string): LineHeader | null {
  const head = line.slice(0, LONGEST_HEADER)
  let at = LEADING_MARKS.exec(head)?.[0].length ?? 0
  const style = head[at] === '[' ? 'ios' : 'android'
  if (style === 'ios') at++
  const start = at
  const date = DATE.exec(head.slice(at))
  if (!date) return null
  at += date[0].length
  const before = BEFORE_TIME.exec(head.slice(at))
  if (!before) return null
  at += before[0].length
  const time = TIME.exec(head.slice(at))
  if (!time) return null
  at += time[0].length
  const end = endOfHeader(head, at, style)
  if (!end) return null
  const marker = markerOf(before[0], head.slice(at, end.wordEnd))
  const hour = Number(time[1])
  const minute = Number(time[2])
  const second = time[3] === undefined ? null : Number(time[3])
  if (marker === 'none-of-these' || hour > 24 || minute > 59 || (second ?? 0) > 59) return null
  return {
    style,
    date: [field(date[1]), field(date[3]), field(date[4])],
    hour: hour % 24,
    minute,
    second,
    marker,
    local: head.slice(start, end.wordEnd).trim(),
    restAt: end.restAt,
  }
}

function field(digits: string | undefined): DateField {
  return { value: Number(digits), digits: digits?.length ?? 0 }
}

function endOfHeader(
  head: string,
  at: number,
  style: 'ios' | 'android',
): { wordEnd: number; restAt: number } | null {
  if (style === 'ios') {
    const wordEnd = head.indexOf(']', at)
    if (wordEnd < 0) return null
    return { wordEnd, restAt: head[wordEnd + 1] === ' ' ? wordEnd + 2 : wordEnd + 1 }
  }
  const found = /\s[-\u2013]\s/.exec(head.slice(at))
  if (!found) return null
  const wordEnd = at + found.index
  return { wordEnd, restAt: wordEnd + found[0].length }
}

/** `none-of-these`: what surrounds the time is too long, or holds what no marker holds, so this is ordinary text. */
function markerOf(before: string, after: string): LineHeader['marker'] | 'none-of-these' {
  const said = before
    .split(/[\s,]+/)
    .filter((word) => !TIME_PREPOSITIONS.has(foldMarker(word)))
    .join(' ')
  const words = [foldMarker(said), foldMarker(after)].filter((word) => word !== '')
  const word = words[0]
  if (word === undefined) return null
  if (words.length > 1 || word.length > LONGEST_WORD || !/^[\p{L}\p{M}]+$/u.test(word)) return 'none-of-these'
  return markerRule(word) ?? 'unknown'
}

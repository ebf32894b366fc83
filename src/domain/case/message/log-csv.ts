import type { CaseState, LogLine } from '../state.ts'
import { dayOf, HOUR } from '../time.ts'

const COLUMNS = [
  ['date', ({ date }) => dayOf(date)],
  ['time', ({ fields }) => clock(fields['time'])],
  ['place', text('place')],
  ['what happened', text('description')],
  ['technology suspected', text('kind')],
  ['witnesses', text('receiver')],
  ['officer or report number', text('reference')],
  ['exhibits', ({ fields }) => (Array.isArray(fields['exhibits']) ? fields['exhibits'].join(' ') : '')],
  ['effect on me', text('summary')],
  ['note', text('note')],
  ['line', ({ id }) => id],
  ['corrects line', ({ corrects }) => corrects ?? ''],
] as const satisfies readonly (readonly [string, (line: LogLine) => string])[]

/**
 * Her log of what happened as CSV (RFC 4180), by date, then in the order it was written; corrections are lines of their own that
 * name what they correct. A cell that a spreadsheet would run as a formula starts with an apostrophe.
 */
export function logAsCsv({ log }: Pick<CaseState, 'log'>): string {
  const lines = [...log.values()].toSorted((a, b) => a.date - b.date)
  const rows = [COLUMNS.map(([name]) => name), ...lines.map((line) => COLUMNS.map(([, read]) => read(line)))]
  return rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('')
}

function text(name: string): (line: LogLine) => string {
  return ({ fields }) => {
    const value = fields[name]
    return typeof value === 'string' ? value : ''
  }
}

function clock(value: unknown): string {
  if (typeof value !== 'number') return ''
  const two = (part: number) => String(part).padStart(2, '0')
  return `${two(Math.floor(value / HOUR))}:${two(value % HOUR)}`
}

function cell(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

import { visibleText } from './visible-text.ts'

const STARTS_FORMULA = /^[=+\-@\t\r]/

/**
 * RFC 4180 with LF: every cell in quotes, one row per line whatever a cell holds. A cell that a spreadsheet would take
 * for a formula begins with an apostrophe.
 */
export function formatCsv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(cell).join(',')}\n`).join('')
}

function cell(text: string): string {
  const guarded = STARTS_FORMULA.test(text) ? `'${text}` : text
  return `"${visibleText(guarded).replaceAll('"', '""')}"`
}

import { displayWidth } from './display-width.ts'
import { wrapText } from './wrap.ts'

export interface Column {
  title: string
  align?: 'left' | 'right'
}

/**
 * An aligned table as lines of text. Where it would not fit `columns`, every row is told on lines of its own instead; null
 * (a pipe) always gives the table. Cells are already safe for a terminal and hold no line breaks.
 */
export function formatTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  terminalColumns: number | null = null,
): string[] {
  const lines = alignedLines(columns, rows)
  const isTooWide = terminalColumns !== null && lines.some((line) => displayWidth(line) > terminalColumns)
  return isTooWide ? stackedLines(columns, rows, terminalColumns) : lines
}

function alignedLines(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const widths = columns.map((column, i) =>
    Math.max(displayWidth(column.title), ...rows.map((row) => displayWidth(row[i] ?? ''))),
  )
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => pad(cell, widths[i] ?? 0, columns[i]?.align ?? 'left'))
      .join('  ')
      .trimEnd()
  return [
    line(columns.map((column) => column.title)),
    line(widths.map((w) => '─'.repeat(w))),
    ...rows.map(line),
  ]
}

/** The first cell is a heading; below it as many of the others on a line as fit. Empty cells are left out. */
function stackedLines(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  terminalColumns: number,
): string[] {
  return rows.flatMap(([heading = '', ...cells]) => {
    const told = cells.flatMap((cell, i) => {
      const title = columns[i + 1]?.title ?? ''
      return cell === '' ? [] : [title === '' ? cell : `${title}: ${cell}`]
    })
    return [heading, ...packed(told, terminalColumns)]
  })
}

function packed(parts: readonly string[], terminalColumns: number): string[] {
  const lines: string[] = []
  for (const part of parts) {
    const last = lines.at(-1)
    const longer = `${last} · ${part}`
    if (last !== undefined && displayWidth(longer) <= terminalColumns) lines[lines.length - 1] = longer
    else lines.push(`  ${part}`)
  }
  return lines.flatMap((line) => wrapText(line, terminalColumns, 2))
}

function pad(text: string, width: number, align: 'left' | 'right'): string {
  const space = ' '.repeat(Math.max(0, width - displayWidth(text)))
  return align === 'right' ? space + text : text + space
}

import { displayWidth } from './display-width.ts'

/** Longer lines are hard to read, however wide the window is. */
const MOST_COLUMNS = 100
/** In a narrower window, breaking at words does more harm than the terminal's own breaks. */
const FEWEST_COLUMNS = 20

/**
 * A text broken at spaces into lines of at most `columns`, 100 at most; further lines begin with the spaces the text begins
 * with and `hanging` more. Line feeds stay. Null columns (a pipe) and words longer than a line are left whole.
 */
export function wrapText(text: string, columns: number | null, hanging = 0): string[] {
  const lines = text.split('\n')
  if (columns === null || columns < FEWEST_COLUMNS) return lines
  return lines.flatMap((line) => wrapLine(line, Math.min(columns, MOST_COLUMNS), hanging))
}

function wrapLine(line: string, columns: number, hanging: number): string[] {
  if (displayWidth(line) <= columns) return [line]
  const indent = /^ */.exec(line)?.[0] ?? ''
  const wrapped: string[] = []
  let current = ''
  for (const word of line.slice(indent.length).split(' ')) {
    const start = indent + ' '.repeat(wrapped.length > 0 ? hanging : 0)
    const longer = current === '' ? start + word : `${current} ${word}`
    if (current === '' || displayWidth(longer) <= columns) {
      current = longer
      continue
    }
    wrapped.push(current.trimEnd())
    current = indent + ' '.repeat(hanging) + word
  }
  return [...wrapped, current]
}

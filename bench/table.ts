/** Rows of a report: a label, then one cell per column. */
export interface Table {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly (string | number)[])[]
}

/** Prints an aligned table; with `--json` among the arguments also `figures` as one JSON object on the last line. */
export function printReport(title: string, table: Table, figures: Readonly<Record<string, number>>): void {
  printTable(title, table)
  if (process.argv.includes('--json')) console.log(JSON.stringify(figures))
}

export function printTable(title: string, table: Table): void {
  const lines = [table.columns, ...table.rows].map((row) => row.map(String))
  const widths = table.columns.map((_, c) => Math.max(...lines.map((line) => (line[c] ?? '').length)))
  console.log(title)
  for (const line of lines) {
    const cells = line.map((cell, c) =>
      c === 0 ? cell.padEnd(widths[c] ?? 0) : cell.padStart(widths[c] ?? 0),
    )
    console.log(`  ${cells.join('  ').trimEnd()}`)
  }
}

/** Median milliseconds of one call, over `rounds` calls after some to warm up. */
export function medianMs(call: () => unknown, rounds: number): number {
  for (let warmUp = 0; warmUp < Math.max(2, rounds / 5); warmUp++) call()
  const times = Array.from({ length: rounds }, () => {
    const start = performance.now()
    call()
    return performance.now() - start
  }).sort((a, b) => a - b)
  return times[Math.floor(rounds / 2)] ?? Number.NaN
}

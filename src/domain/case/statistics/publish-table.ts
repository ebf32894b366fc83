import { isPossible, type Known, NO_LIMIT, type Range } from './flow.ts'
import {
  type CountedCell,
  type PublishedCell,
  publishCell,
  publishTotal,
  refuseTable,
  type TableRefusal,
} from './release.ts'

/** A table of two dimensions as it may be published. Every row has the same number of cells. */
export interface PublishedTable {
  readonly cells: readonly (readonly PublishedCell[])[]
  readonly rows: readonly PublishedCell[]
  readonly columns: readonly PublishedCell[]
  readonly total: PublishedCell
}

interface Draft {
  readonly cells: PublishedCell[][]
  readonly rows: PublishedCell[]
  readonly columns: PublishedCell[]
  total: PublishedCell
}

const HIDDEN: PublishedCell = { shown: 'hidden' }

/**
 * A table with its totals, small counts hidden, and as many further cells and totals hidden as it takes that no cell shown as
 * `<5` can be told from 0 or from 4 by anybody who has the whole table (`unsafeCells`). The smallest counts are given up first,
 * totals last. A table that has too little behind it is refused as a whole.
 */
export function publishTable(
  counted: readonly (readonly CountedCell[])[],
  isNational: boolean,
): PublishedTable | TableRefusal {
  const refused = refuseTable(counted.flat(), isNational)
  if (refused) return refused
  const width = Math.max(0, ...counted.map((row) => row.length))
  const column = (index: number) => counted.flatMap((row) => row[index] ?? [])
  const table: Draft = {
    cells: counted.map((row) => row.map(publishCell)),
    rows: counted.map((row) => publishTotal(row)),
    columns: Array.from({ length: width }, (_, index) => publishTotal(column(index))),
    total: publishTotal(counted.flat()),
  }
  for (let [unsafe] = unsafeCells(table); unsafe; [unsafe] = unsafeCells(table))
    if (!hideOneMore(table, unsafe)) break
  return table
}

/** The cells shown as `<5` of which the rest of the table tells more than that they are 0 to 4, as [row, column]. */
export function unsafeCells(table: PublishedTable): [number, number][] {
  const known = knownOf(table)
  const unsafe: [number, number][] = []
  table.cells.forEach((line, row) => {
    line.forEach(({ shown }, column) => {
      if (shown === '<5' && !(couldBe(known, row, column, 0) && couldBe(known, row, column, 4)))
        unsafe.push([row, column])
    })
  })
  return unsafe
}

function couldBe(known: Known, row: number, column: number, value: number): boolean {
  const cells = known.cells.map((line, at) =>
    line.map((range, index) => (at === row && index === column ? { low: value, high: value } : range)),
  )
  return isPossible({ ...known, cells })
}

function knownOf({ cells, rows, columns, total }: PublishedTable): Known {
  return {
    cells: cells.map((line) => line.map(rangeOf)),
    rows: rows.map(rangeOf),
    columns: columns.map(rangeOf),
    total: rangeOf(total),
  }
}

/** What a published number says: rounding to five leaves two on either side, and nothing below five is shown as a number. */
function rangeOf({ shown }: PublishedCell): Range {
  if (shown === 'hidden') return { low: 0, high: NO_LIMIT }
  if (shown === '<5') return { low: 0, high: 4 }
  return shown === 0 ? { low: 0, high: 0 } : { low: Math.max(5, shown - 2), high: shown + 2 }
}

/** Hides one thing more that an unsafe cell lies in a line with; false when there is nothing left. */
function hideOneMore(table: Draft, [row, column]: [number, number]): boolean {
  const inLine = [
    ...(table.cells[row] ?? []).map((cell, at) => ({ cell, row, column: at })),
    ...table.cells.flatMap((line, at) => {
      const cell = line[column]
      return cell ? [{ cell, row: at, column }] : []
    }),
  ]
  const shown = inLine.flatMap(({ cell, ...place }) =>
    typeof cell.shown === 'number' && cell.shown > 0 ? { ...place, count: cell.shown } : [],
  )
  const [smallest] = shown.toSorted((a, b) => a.count - b.count || a.row - b.row || a.column - b.column)
  const line = table.cells[smallest?.row ?? -1]
  if (smallest && line) line[smallest.column] = HIDDEN
  else if (table.rows[row]?.shown !== 'hidden') table.rows[row] = HIDDEN
  else if (table.columns[column]?.shown !== 'hidden') table.columns[column] = HIDDEN
  else if (table.total.shown !== 'hidden') table.total = HIDDEN
  else return false
  return true
}

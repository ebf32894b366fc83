import fc from 'fast-check'
import { expect, it } from 'vitest'
import { isPossible, NO_LIMIT, type Range } from './flow.ts'
import { type PublishedTable, publishTable, unsafeCells } from './publish-table.ts'
import type { CountedCell, PublishedCell } from './release.ts'

function count(value: number): CountedCell {
  const half = Math.floor(value / 2)
  return {
    byOrganisation: new Map([
      ['a', half],
      ['b', value - half],
    ]),
    isStructurallyEmpty: false,
  }
}

function published(values: readonly (readonly number[])[]): PublishedTable {
  const table = publishTable(
    values.map((row) => row.map(count)),
    true,
  )
  if (typeof table === 'string') throw new Error(table)
  return table
}

function shown(table: PublishedTable): unknown[][] {
  const line = (cells: readonly PublishedCell[]) => cells.map((cell) => cell.shown)
  return [...table.cells.map(line), line(table.rows), line(table.columns), [table.total.shown]]
}

it('leaves a table as it is where nothing small is in it', () => {
  expect(
    shown(
      published([
        [10, 20],
        [30, 40],
      ]),
    ),
  ).toEqual([[10, 20], [30, 40], [30, 70], [40, 60], [100]])
})

it('hides a neighbour, and totals last, where a total would betray a small count', () => {
  const numbers = (...values: number[]) => values.map((value) => ({ shown: value }))
  const whole = {
    cells: [[{ shown: '<5' }, { shown: 20 }], numbers(20, 40)],
    rows: numbers(20, 60),
    columns: numbers(20, 60),
    total: { shown: 80 },
  } as const
  expect(unsafeCells(whole)).toEqual([])
  // 18 to 22 and the small count make 23 to 27: it is not zero.
  expect(unsafeCells({ ...whole, rows: numbers(25, 60) })).toEqual([[0, 0]])
  const table = published([
    [2, 21],
    [21, 40],
  ])
  expect(shown(table)).toEqual([['<5', 'hidden'], ['hidden', 40], [25, 60], [25, 60], [85]])
  expect(unsafeCells(table)).toEqual([])
  expect(shown(published([[3, 40]])).flat()).toContain('hidden')
})

it('refuses a table with too little behind it', () => {
  expect(publishTable([[count(10)]], true)).toBe('TOTAL_TOO_SMALL')
})

const smallRange = fc
  .tuple(fc.nat({ max: 6 }), fc.nat({ max: 3 }))
  .map(([low, more]): Range => ({ low, high: low + more }))

/** Looks at every table there is. */
function existsByTrial(
  cells: readonly Range[],
  rows: readonly Range[],
  columns: readonly Range[],
  total: Range,
): boolean {
  const within = (value: number, range: Range | undefined) =>
    range !== undefined && value >= range.low && value <= range.high
  const [a, b, c, d] = cells.map(({ low, high }) =>
    Array.from({ length: high - low + 1 }, (_, index) => low + index),
  )
  for (const w of a ?? [])
    for (const x of b ?? [])
      for (const y of c ?? [])
        for (const z of d ?? [])
          if (
            within(w + x, rows[0]) &&
            within(y + z, rows[1]) &&
            within(w + y, columns[0]) &&
            within(x + z, columns[1]) &&
            within(w + x + y + z, total)
          )
            return true
  return false
}

it('knows a table is possible exactly when there is one', () => {
  const four = fc.array(smallRange, { minLength: 4, maxLength: 4 })
  // Sums near those of a table within the ranges, so that about as many are possible as not.
  const near = fc.tuple(fc.integer({ min: -1, max: 4 }), fc.nat({ max: 4 }))
  const sums = fc.tuple(near, near, near, near, near)
  let possible = 0
  fc.assert(
    fc.property(four, sums, ([a, b, c, d], shifts) => {
      if (!a || !b || !c || !d) throw new Error('four cells were made')
      const about = (index: number, ...parts: Range[]): Range => {
        const [shift, more] = shifts[index] ?? [0, 0]
        const low = Math.max(0, parts.reduce((sum, part) => sum + part.low, 0) + shift)
        return { low, high: low + more }
      }
      const rows = [about(0, a, b), about(1, c, d)]
      const columns = [about(2, a, c), about(3, b, d)]
      const total = about(4, a, b, c, d)
      const found = existsByTrial([a, b, c, d], rows, columns, total)
      expect(
        isPossible({
          cells: [
            [a, b],
            [c, d],
          ],
          rows,
          columns,
          total,
        }),
      ).toBe(found)
      if (found) possible++
    }),
    { numRuns: 3000 },
  )
  expect(possible).toBeGreaterThan(50)
  expect(possible).toBeLessThan(2950)
  expect(
    isPossible({ cells: [[{ low: 3, high: 2 }]], rows: [], columns: [], total: { low: 0, high: NO_LIMIT } }),
  ).toBe(false)
})

it('lets no small count of 1,000 random tables be told from 0 or 4, and shows nothing but what is so', () => {
  const cell = fc.oneof(fc.nat({ max: 6 }), fc.nat({ max: 60 }))
  const tables = fc
    .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }))
    .chain(([height, width]) =>
      fc.array(fc.array(cell, { minLength: width, maxLength: width }), {
        minLength: height,
        maxLength: height,
      }),
    )
  fc.assert(
    fc.property(tables, (values) => {
      const table = publishTable(
        values.map((row) => row.map(count)),
        true,
      )
      if (typeof table === 'string') return
      expect(unsafeCells(table)).toEqual([])
      values.forEach((line, row) => {
        line.forEach((value, column) => {
          const what = table.cells[row]?.[column]?.shown
          if (value < 5) expect(what).toBe('<5')
          else expect(what === 'hidden' || Math.abs(Number(what) - value) <= 2).toBe(true)
        })
      })
    }),
    { numRuns: 1000 },
  )
})

import { expect, it } from 'vitest'
import { formatTable } from './table.ts'

const COLUMNS = [{ title: 'Entry' }, { title: 'Bits', align: 'right' as const }, { title: 'Kind' }]
const ROWS = [
  ['S-1', '4', 'mirrored'],
  ['S-10', '12', ''],
]
const TABLE = ['Entry  Bits  Kind', '─────  ────  ────────', 'S-1       4  mirrored', 'S-10     12']

it('aligns columns, also those with wide letters', () => {
  expect(formatTable(COLUMNS, ROWS)).toEqual(TABLE)
  expect(formatTable([{ title: '类' }, { title: 'b' }], [['聊天', 'x']])).toEqual([
    '类    b',
    '────  ─',
    '聊天  x',
  ])
})

it('stays a table where it fits, and in a pipe however wide it is', () => {
  expect(formatTable(COLUMNS, ROWS, 21)).toEqual(TABLE)
  const wide = [['S-1', '1', 'x'.repeat(300)]]
  expect(formatTable(COLUMNS, wide, null)).toHaveLength(3)
})

it('tells each row on lines of its own where the window is too narrow', () => {
  expect(formatTable(COLUMNS, ROWS, 20)).toEqual([
    'S-1',
    '  Bits: 4',
    '  Kind: mirrored',
    'S-10',
    '  Bits: 12',
  ])
  const long = [['S-1', '4', 'a copy that was mirrored and turned and saved again']]
  expect(formatTable(COLUMNS, long, 32)).toEqual([
    'S-1',
    '  Bits: 4',
    '  Kind: a copy that was mirrored',
    '    and turned and saved again',
  ])
})

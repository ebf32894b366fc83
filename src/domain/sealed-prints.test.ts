import { expect, it } from 'vitest'
import { bytesToHex } from '#lib/bytes/index.ts'
import { drawScene } from '#lib/scenes/index.ts'
import { base64urlToBytes, MAX_PRINTS } from '#lib/seal/index.ts'
import { keptRowsOf, ownRowsOf, ownRowsOfKept, printSetOf, printsEntry } from './sealed-prints.ts'

let next = 0
const counted = (bytes: number) => new Uint8Array(bytes).fill(++next & 255)
const set = await printSetOf(
  { ...drawScene(1, { width: 480, height: 360 }), format: 'rgb8' },
  'full',
  counted,
)

it('keeps in the case what the vote has to know of the rows, and none of their prints', () => {
  expect(set.prints.length).toBeGreaterThan(50)
  const kept = keptRowsOf(set)
  expect(ownRowsOfKept(kept, 'case', 3)).toEqual(ownRowsOf(set, 'case', 3))
  const { body } = printsEntry('set', set)
  expect(body).toMatchObject({ id: 'set', width: 480, height: 360, rows: kept.rows })
  const bytes = base64urlToBytes(kept.rows)
  if (bytes === null) throw new Error('no base64url')
  for (const { print } of set.prints.slice(0, 20)) expect(bytesToHex(bytes)).not.toContain(bytesToHex(print))
  expect(MAX_PRINTS * 32).toBeLessThan(65_536)
})

it('leaves out a row that is none, and reads the others', () => {
  const { rows, scope } = keptRowsOf(set)
  const broken = `${'_'.repeat(32)}${rows}`
  expect(ownRowsOfKept({ rows: broken, scope }, 'case', 0)).toEqual(ownRowsOf(set, 'case', 0))
  expect(ownRowsOfKept({ rows: `${rows}AAAA`, scope }, 'case', 0)).toEqual(ownRowsOf(set, 'case', 0))
  expect(ownRowsOfKept({ rows: '!', scope }, 'case', 0)).toEqual([])
})

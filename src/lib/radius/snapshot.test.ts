import { expect, it } from 'vitest'
import { crc32 } from './crc32.ts'
import { ExactIndex } from './index.ts'
import { bruteForce, prints, randomWords } from './testing.ts'

function filled(count: number): { index: ExactIndex; rows: Uint8Array[] } {
  const next = randomWords(3)
  const rows = prints('clustered', count, next)
  const index = new ExactIndex({ flatRows: 8, chunks: 32 })
  rows.forEach((row, id) => {
    index.add(id, row)
  })
  return { index, rows }
}

const refused = expect.objectContaining({ code: 'SNAPSHOT_CORRUPT' })

it('knows the checksum other programs compute', () => {
  expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926)
})

it('is read back with every row and without the removed ones', () => {
  const { index, rows } = filled(300)
  for (let id = 0; id < 300; id += 3) index.remove(id)
  const loaded = ExactIndex.load(index.snapshot())
  expect(loaded.size).toBe(200)
  const left = [...rows.entries()].filter(([id]) => id % 3 !== 0)
  for (const query of rows.slice(0, 20)) expect(loaded.query(query)).toEqual(bruteForce(left, query, 31))
  expect(loaded.snapshot()).toEqual(index.snapshot())
})

it('has the written layout', () => {
  const index = new ExactIndex()
  const print = Uint8Array.from({ length: 32 }, (_, n) => n * 8 + 1)
  index.add(0x01020304, print)
  const bytes = index.snapshot()
  expect(new TextDecoder().decode(bytes.subarray(0, 8))).toBe('SAKSIRDX')
  expect([...bytes.subarray(8, 20)]).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 4, 3, 2, 1])
  expect(bytes.subarray(20, 52)).toEqual(print)
  expect(bytes.length).toBe(56)
})

it('is refused with any byte changed', () => {
  const bytes = filled(40).index.snapshot()
  const next = randomWords(8)
  for (let at = 0; at < bytes.length; at++) {
    const damaged = Uint8Array.from(bytes)
    damaged[at] = (damaged[at] ?? 0) ^ (1 << (next() & 7))
    expect(() => ExactIndex.load(damaged), `byte ${at}`).toThrow(refused)
  }
})

it('is refused cut short or with bytes added, wherever', () => {
  const bytes = filled(5).index.snapshot()
  for (let length = 0; length < bytes.length; length++) {
    expect(() => ExactIndex.load(bytes.subarray(0, length)), `${length} bytes`).toThrow(refused)
  }
  const longer = new Uint8Array(bytes.length + 1)
  longer.set(bytes)
  expect(() => ExactIndex.load(longer)).toThrow(refused)
})

it('is refused when it is whole but wrong inside', () => {
  const index = new ExactIndex()
  index.addMany([1, 2], new Uint8Array(64))
  const seal = (change: (view: DataView) => void) => {
    const bytes = index.snapshot()
    const view = new DataView(bytes.buffer)
    change(view)
    view.setUint32(bytes.length - 4, crc32(bytes.subarray(0, -4)), true)
    return bytes
  }
  expect(() => ExactIndex.load(seal((view) => view.setUint32(12, 3, true)))).toThrow(refused)
  expect(() => ExactIndex.load(seal((view) => view.setUint32(12, 0xffffffff, true)))).toThrow(refused)
  expect(() => ExactIndex.load(seal((view) => view.setUint32(20, 1, true)))).toThrow(refused)
  const newer = seal((view) => view.setUint32(8, 2, true))
  expect(() => ExactIndex.load(newer)).toThrow(expect.objectContaining({ code: 'SNAPSHOT_VERSION' }))
})

it('is read from the middle of a larger buffer', () => {
  const bytes = filled(30).index.snapshot()
  const larger = new Uint8Array(bytes.length + 9)
  larger.set(bytes, 5)
  expect(ExactIndex.load(larger.subarray(5, 5 + bytes.length)).size).toBe(30)
})

import { expect, it } from 'vitest'
import { ExactIndex, runRebuild, SegmentReader } from './index.ts'
import { bruteForce, flipBits, prints, randomPrint, randomWords } from './testing.ts'

function filled(count: number, options: ConstructorParameters<typeof ExactIndex>[0] = {}) {
  const next = randomWords(count)
  const rows = new Map(prints('clustered', count, next).entries())
  const index = new ExactIndex({ flatRows: 40, chunks: 24, rebuilds: 'by-host', ...options })
  for (const [id, print] of rows) index.add(id, print)
  return { index, rows, next }
}

it('answers at every step of a rebuild, with what is added and removed meanwhile', () => {
  const { index, rows, next } = filled(3_000)
  const rebuild = index.prepareRebuild()
  let steps = 0
  let isOver = false
  while (!isOver) {
    isOver = rebuild?.step(1) ?? true
    const id = 10_000 + steps
    const print = flipBits(rows.get(steps) ?? randomPrint(next), next() % 40, next)
    index.add(id, print)
    rows.set(id, print)
    // One that has been copied or will be, one added since, and one that comes back changed under its id.
    for (const gone of [steps * 7, 10_000 + steps - 5]) expect(index.remove(gone)).toBe(rows.delete(gone))
    const again = steps * 11 + 1
    if (index.remove(again)) {
      index.add(again, print)
      rows.set(again, print)
    }
    expect(index.size).toBe(rows.size)
    expect(index.query(print)).toEqual(bruteForce(rows, print, 31))
    steps++
  }
  expect(steps).toBeGreaterThan(50)
  for (const print of [...rows.values()].slice(0, 50)) {
    expect(index.query(print)).toEqual(bruteForce(rows, print, 31))
  }
  expect(index.prepareRebuild() === rebuild).toBe(false)
})

it('is one at a time, ends once, and can be given up', () => {
  const { index, rows } = filled(500)
  const first = index.prepareRebuild()
  expect(first).not.toBeNull()
  expect(index.prepareRebuild(true) === first).toBe(true)
  const during = index.sizeBytes
  first?.abandon()
  first?.abandon()
  expect(index.sizeBytes).toBeLessThan(during)
  const over = expect.objectContaining({ code: 'REBUILD_OVER' })
  expect(() => first?.step(1)).toThrow(over)
  expect(() => first?.complete()).toThrow(over)
  const second = index.prepareRebuild()
  expect(second === first).toBe(false)
  expect(second?.step(Number.POSITIVE_INFINITY)).toBe(true)
  expect(() => second?.step(1)).toThrow(over)
  expect(index.prepareRebuild()).toBeNull()
  expect(index.size).toBe(rows.size)
})

it('is done by the writes themselves, a slice each, when the host leaves it to them', () => {
  const { index, rows } = filled(20_000, { rebuilds: 'with-writes' })
  expect(index.version).toBeGreaterThan(10)
  // A few tables and a short list: no table per forty rows.
  expect(index.handles.length).toBeLessThan(14)
  for (let id = 0; id < 20_000; id += 997) {
    const print = rows.get(id) ?? new Uint8Array(32)
    expect(index.query(print, 8)).toEqual(bruteForce(rows, print, 8))
  }
})

it('drops removed rows and leaves one table when all is compacted', () => {
  const { index, rows } = filled(4_000, { rebuilds: 'with-writes' })
  for (let id = 0; id < 4_000; id += 2) {
    index.remove(id)
    rows.delete(id)
  }
  let rebuild = index.prepareRebuild(true)
  while (rebuild && !rebuild.step(1_000_000)) rebuild = index.prepareRebuild(true)
  index.prepareRebuild(true)?.step(Number.POSITIVE_INFINITY)
  expect(index.handles).toHaveLength(1)
  expect(index.handles[0]?.capacity).toBe(2_000)
  expect(index.prepareRebuild(true)).toBeNull()
  const print = rows.get(1) ?? new Uint8Array(32)
  expect(index.query(print)).toEqual(bruteForce(rows, print, 31))
})

it('lets go of a table when its last row is removed', () => {
  const index = new ExactIndex({ flatRows: 4, rebuilds: 'by-host' })
  index.addMany(
    Array.from({ length: 100 }, (_, n) => n),
    new Uint8Array(3_200),
  )
  const full = index.sizeBytes
  for (let id = 0; id < 100; id++) expect(index.remove(id)).toBe(true)
  expect(index.size).toBe(0)
  expect(index.sizeBytes).toBeLessThan(full)
  expect(index.query(new Uint8Array(32))).toEqual([])
})

it('can be read, and rebuilt, from outside when its memories are shared', () => {
  const { index, rows, next } = filled(2_000, { isShared: true, readers: 3 })
  const readers = [1, 2].map((number) => new SegmentReader(number))
  for (const reader of readers) reader.view(index.handles)
  const queries = new Uint8Array(20 * 32)
  for (let n = 0; n < 20; n++) queries.set(rows.get(n * 31) ?? [], n * 32)
  const same = () => {
    for (const reader of readers) expect(reader.queryMany(queries, 20)).toEqual(index.queryMany(queries, 20))
  }
  same()
  // No new view is needed for single rows.
  index.remove(0)
  rows.delete(0)
  index.add(5_000, flipBits(queries.subarray(0, 32), 3, next))
  same()
  expect(readers[0]?.queryMany(queries, 20)[0]?.find(({ id }) => id === 5_000)?.distance).toBe(3)

  const rebuild = index.prepareRebuild()
  const version = index.version
  if (rebuild) runRebuild(rebuild.job)
  index.remove(31)
  rebuild?.complete()
  expect(index.version).not.toBe(version)
  for (const reader of readers) reader.view(index.handles)
  same()
  expect(readers[1]?.queryMany(queries, 0)[1]?.some(({ id }) => id === 31)).toBe(false)
  expect(() => readers[0]?.queryMany(queries, 32)).toThrow(expect.objectContaining({ code: 'BAD_RADIUS' }))
  expect(() => readers[0]?.queryMany(queries.subarray(1))).toThrow(
    expect.objectContaining({ code: 'BAD_LENGTH' }),
  )
})

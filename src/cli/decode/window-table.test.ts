import { expect, it } from 'vitest'
import { encodeRow, fromHex, HASH_BYTES, type WindowRow } from '#lib/phash/index.ts'
import { NearestHits } from './nearest-hits.ts'
import type { WindowHitRecord } from './picture-job.ts'
import { type PictureWindows, WindowTable } from './window-table.ts'

const FRAME = { width: 800, height: 600 }

function rowOf(mark: number, more: Partial<WindowRow> = {}): WindowRow {
  const hash = fromHex('0f'.repeat(HASH_BYTES))
  hash[0] = mark
  const place = { cx: 400, cy: 300, side: 300, angle: 0 }
  return { hash, quality: 70, ...place, frame: FRAME, shorterSide: 600, ...more }
}

function pictureOf(entry: number, rows: readonly WindowRow[]): PictureWindows {
  return { entry, ...FRAME, shorterSide: 600, rows: Buffer.concat(rows.map(encodeRow)) }
}

it('gives every row with the entry and frame of its picture, also in another thread', () => {
  const smaller = { frame: { width: 200, height: 100 }, shorterSide: 100, cx: 50, cy: 50, side: 40 }
  const table = WindowTable.of([
    pictureOf(3, [rowOf(1), rowOf(2)]),
    pictureOf(4, []),
    { ...pictureOf(5, []), width: 200, height: 100, shorterSide: 100, rows: encodeRow(rowOf(3, smaller)) },
    pictureOf(3, [rowOf(4, { cx: 250, quality: 55 })]),
  ])
  // What a worker is given is the memory and nothing else.
  const shared = new WindowTable(structuredClone(table.memory))
  expect(shared.rowCount).toBe(4)
  expect([0, 1, 2, 3].map((row) => shared.entryOf(row))).toEqual([3, 3, 5, 3])
  expect([0, 1, 2, 3].map((row) => shared.prints()[row * HASH_BYTES])).toEqual([1, 2, 3, 4])
  const [first, third, last] = [shared.row(0), shared.row(2), shared.row(3)]
  expect(first).toMatchObject({ entry: '3', picture: 0, quality: 70, frame: FRAME })
  expect(first.side).toBeCloseTo(300, 1)
  expect(third).toMatchObject({ entry: '5', picture: 2, frame: { width: 200, height: 100 } })
  expect(third.side).toBeCloseTo(40, 1)
  expect(last).toMatchObject({ entry: '3', picture: 3, quality: 55 })
  expect(last.cx).toBeCloseTo(250, 1)
})

it('is empty without rows', () => {
  expect([WindowTable.of([]).rowCount, WindowTable.of([pictureOf(0, [])]).rowCount]).toEqual([0, 0])
})

function hit(row: number, distance: number): WindowHitRecord {
  return { row, distance, orientation: 'original', query: { cx: 0, cy: 0, side: 1, quality: 50 } }
}

const sizesIn = (hits: NearestHits): number[] => [...hits.byEntry()].map(([, own]) => own.length)

it('keeps all hits of an entry as long as they are not thousands, then the nearest', () => {
  const hits = new NearestHits()
  for (let row = 0; row < 4_000; row++) hits.add(1, hit(row, row % 32))
  hits.add(2, hit(7, 30))
  expect(sizesIn(hits)).toEqual([4_000, 1])
  for (let row = 0; row < 100_000; row++) hits.add(1, hit(row, 31 - (row % 32)))
  const kept = new Map(hits.byEntry())
  expect(kept.get(2)).toEqual([hit(7, 30)])
  const own = [...(kept.get(1) ?? [])].sort((a, b) => a.distance - b.distance)
  expect(own.length).toBeLessThan(8_000)
  // A vote looks at 80: those it gets must be the nearest of all.
  expect(own.slice(0, 80).every(({ distance }) => distance === 0)).toBe(true)
})

it('does not keep millions, however many entries there are', () => {
  const hits = new NearestHits()
  for (let row = 0; row < 2_000_000; row++) hits.add(row % 700, hit(row, 31 - (Math.floor(row / 700) % 32)))
  const sizes = sizesIn(hits)
  expect(sizes).toHaveLength(700)
  expect(Math.max(...sizes)).toBeLessThanOrEqual(320)
  expect(Math.min(...sizes)).toBeGreaterThanOrEqual(160)
})

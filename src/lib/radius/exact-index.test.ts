import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ExactIndex, type ExactIndexOptions, RadiusError } from './index.ts'
import { bruteForce, flipBits, prints, randomPrint, randomWords, SHAPES } from './testing.ts'

const PLANS: ExactIndexOptions[] = [
  {},
  { flatRows: 1 },
  { flatRows: 1, chunks: 32, layout: 'sketch' },
  { flatRows: 1, chunks: 21, layout: 'sketch' },
  { flatRows: 1, chunks: 16, layout: 'sketch' },
  { flatRows: 1, chunks: 14, layout: 'lean' },
]

function indexOf(rows: readonly Uint8Array[], options: ExactIndexOptions): ExactIndex {
  const index = new ExactIndex(options)
  const joined = new Uint8Array(rows.length * 32)
  rows.forEach((row, n) => {
    joined.set(row, n * 32)
  })
  index.addMany(
    rows.map((_, n) => n),
    joined,
  )
  return index
}

function codeOf(call: () => unknown): string {
  try {
    call()
  } catch (error) {
    if (error instanceof RadiusError) return error.code
    throw error
  }
  return 'nothing thrown'
}

describe.each(SHAPES)('%s fingerprints', (shape) => {
  it.each(PLANS)('are found exactly as by brute force, at every radius, with %j', (plan) => {
    fc.assert(
      fc.property(
        fc.constantFrom(0, 1, 2, 3, 100),
        fc.nat(),
        fc.integer({ min: 0, max: 31 }),
        (size, seed, radius) => {
          const next = randomWords(seed)
          const rows = prints(shape, size, next)
          const index = indexOf(rows, plan)
          expect(index.size).toBe(size)
          const near = rows[next() % Math.max(1, size)] ?? randomPrint(next)
          for (const query of [
            near,
            flipBits(near, next() % 41, next),
            randomPrint(next),
            new Uint8Array(32),
          ]) {
            expect(index.query(query, radius)).toEqual(bruteForce(rows.entries(), query, radius))
          }
        },
      ),
      { numRuns: 25 },
    )
  })

  it.each([
    {},
    { chunks: 16, layout: 'sketch' },
    { chunks: 14, layout: 'sketch' },
  ] satisfies ExactIndexOptions[])('are found among 10,000, with %j', (plan) => {
    const next = randomWords(7)
    const rows = prints(shape, 10_000, next)
    const index = indexOf(rows, plan)
    for (let n = 0; n < 6; n++) {
      const query =
        n === 0 ? randomPrint(next) : flipBits(rows[next() % 10_000] ?? randomPrint(next), n * 6, next)
      for (const radius of [31, 30, next() % 30]) {
        expect(index.query(query, radius)).toEqual(bruteForce(rows.entries(), query, radius))
      }
    }
  })
})

it.each(PLANS)('finds planted pairs up to the radius and not one bit further, with %j', (plan) => {
  const next = randomWords(99)
  const rows = prints('uniform', 700, next)
  const query = randomPrint(next)
  for (let distance = 0; distance <= 40; distance++) rows.push(flipBits(query, distance, next))
  const index = indexOf(rows, plan)
  for (let radius = 0; radius <= 31; radius++) {
    const planted = Array.from({ length: radius + 1 }, (_, distance) => ({ id: 700 + distance, distance }))
    expect(index.query(query, radius)).toEqual(planted)
  }
})

it.each([11, 12, 13, 16, 20, 32])(
  'misses no pair at distance 31 whichever %i chunks the bits fall in',
  (chunks) => {
    const next = randomWords(chunks)
    const query = randomPrint(next)
    // One difference short of every chunk's radius but one: the hardest case the pigeonhole argument allows. Runs of
    // neighbouring stored bits are bits 103 apart of the fingerprint.
    const rows = Array.from({ length: 256 }, (_, first) => {
      const row = Uint8Array.from(query)
      for (let n = 0; n < 31; n++) {
        const bit = ((first + Math.floor((n * 256) / 31)) * 103) % 256
        row[bit >>> 3] = (row[bit >>> 3] ?? 0) ^ (1 << (bit & 7))
      }
      return row
    })
    const hits = indexOf(rows, { chunks, flatRows: 1, layout: 'sketch' }).query(query)
    expect(hits).toEqual(rows.map((_, id) => ({ id, distance: 31 })))
  },
)

it('sorts by distance, then id, whatever the order of insertion', () => {
  const next = randomWords(5)
  const query = randomPrint(next)
  const index = new ExactIndex({ flatRows: 2 })
  for (const [id, distance] of [
    [9, 4],
    [4_294_967_295, 0],
    [7, 4],
    [0, 4],
    [3, 0],
  ] as const) {
    index.add(id, flipBits(query, distance, next))
  }
  expect(index.query(query).map((hit) => hit.id)).toEqual([3, 4_294_967_295, 0, 7, 9])
})

it('answers many queries as it answers each', () => {
  const next = randomWords(6)
  const rows = prints('clustered', 500, next)
  const index = indexOf(rows, {})
  const queries = new Uint8Array(5 * 32)
  for (let n = 0; n < 5; n++) queries.set(rows[n * 7] ?? [], n * 32)
  const each = Array.from({ length: 5 }, (_, n) => index.query(queries.subarray(n * 32, n * 32 + 32), 20))
  expect(index.queryMany(queries, 20)).toEqual(each)
  expect(index.queryMany(new Uint8Array(0))).toEqual([])
})

it('keeps a copy of what it was given', () => {
  const print = new Uint8Array(32)
  const index = new ExactIndex()
  index.add(1, print)
  print.fill(255)
  expect(index.query(new Uint8Array(32))).toEqual([{ id: 1, distance: 0 }])
})

it('refuses wrong lengths, ids, radii and options by name, and stays as it was', () => {
  const index = new ExactIndex()
  const print = new Uint8Array(32)
  index.add(5, print)
  for (const length of [0, 31, 33, 64]) {
    expect(codeOf(() => index.add(6, new Uint8Array(length)))).toBe('BAD_LENGTH')
    expect(codeOf(() => index.query(new Uint8Array(length)))).toBe('BAD_LENGTH')
  }
  expect(codeOf(() => index.queryMany(new Uint8Array(33)))).toBe('BAD_LENGTH')
  expect(codeOf(() => index.addMany([6, 7], print))).toBe('BAD_LENGTH')
  expect(codeOf(() => index.add(5, print))).toBe('DUPLICATE_ID')
  for (const id of [-1, 0.5, Number.NaN, 2 ** 32, Number.POSITIVE_INFINITY]) {
    expect(codeOf(() => index.add(id, print))).toBe('BAD_ID')
    expect(index.remove(id)).toBe(false)
  }
  for (const radius of [-1, 32, 1.5, Number.NaN]) {
    expect(codeOf(() => index.query(print, radius))).toBe('BAD_RADIUS')
    expect(codeOf(() => index.queryMany(print, radius))).toBe('BAD_RADIUS')
  }
  for (const options of [
    { chunks: 10 },
    { chunks: 33 },
    { chunks: 16.5 },
    { flatRows: 0 },
    { flatRows: 1.5 },
    { segmentRows: 0 },
    { readers: 0 },
    { limitBytes: Number.NaN },
    { limitBytes: 0 },
  ]) {
    expect(codeOf(() => new ExactIndex(options))).toBe('BAD_OPTIONS')
  }
  expect(index.size).toBe(1)
  expect(index.query(print)).toEqual([{ id: 5, distance: 0 }])
})

it.each(PLANS)('forgets a removed row at once and may take its id again, with %j', (plan) => {
  const next = randomWords(21)
  const rows = prints('uniform', 600, next)
  const index = indexOf(rows, plan)
  for (let id = 0; id < 600; id += 4) {
    const row = rows[id] ?? randomPrint(next)
    expect(index.query(row)).toEqual([{ id, distance: 0 }])
    expect(index.remove(id)).toBe(true)
    expect(index.query(row)).toEqual([])
    expect(index.remove(id)).toBe(false)
  }
  const fresh = randomPrint(next)
  index.add(4, fresh)
  expect(index.query(fresh)).toEqual([{ id: 4, distance: 0 }])
  expect(index.size).toBe(451)
})

it('adds many or, when one id is wrong, none', () => {
  const index = new ExactIndex()
  index.add(2, new Uint8Array(32).fill(7))
  expect(codeOf(() => index.addMany([8, 9, 2], new Uint8Array(96)))).toBe('DUPLICATE_ID')
  expect(codeOf(() => index.addMany([8, 9, 8], new Uint8Array(96)))).toBe('DUPLICATE_ID')
  expect(codeOf(() => index.addMany([8, 9, -1], new Uint8Array(96)))).toBe('BAD_ID')
  expect(index.size).toBe(1)
  expect(index.query(new Uint8Array(32))).toEqual([])
  index.addMany([8, 9], new Uint8Array(64))
  expect(index.query(new Uint8Array(32)).map((hit) => hit.id)).toEqual([8, 9])
})

it('finds what lies in several tables and in none, each once', () => {
  const next = randomWords(31)
  const rows = prints('clustered', 2_000, next)
  const index = indexOf(rows, { segmentRows: 600, flatRows: 10 })
  const added = prints('clustered', 7, next)
  for (const [n, print] of added.entries()) index.add(2_000 + n, print)
  const all = [...rows, ...added]
  for (const query of all.slice(0, 2_007).filter((_, n) => n % 97 === 0)) {
    expect(index.query(query)).toEqual(bruteForce(all.entries(), query, 31))
  }
  expect(codeOf(() => index.addMany([9_000, 9_001, 1_500], new Uint8Array(96)))).toBe('DUPLICATE_ID')
  const ids = Array.from({ length: 1_300 }, (_, n) => 10_000 + n)
  ids[1_299] = 10_000
  expect(codeOf(() => index.addMany(ids, new Uint8Array(1_300 * 32)))).toBe('DUPLICATE_ID')
  expect(index.size).toBe(2_007)
  expect(index.query(new Uint8Array(32))).toEqual(bruteForce(all.entries(), new Uint8Array(32), 31))
})

it.each([
  ['even', 0],
  ['odd', 1],
])('finds every distance where all rows have an %s number of bits', (_, parity) => {
  const next = randomWords(77)
  const isOdd = (print: Uint8Array) =>
    print.reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0) % 2
  const rows = prints('uniform', 3_000, next).filter((print) => isOdd(print) === parity)
  const query = randomPrint(next)
  for (let distance = 0; distance <= 40; distance++) {
    const print = flipBits(query, distance, next)
    if (isOdd(print) === parity) rows.push(print)
  }
  const index = indexOf(rows, { flatRows: 1 })
  for (let radius = 0; radius <= 31; radius++) {
    for (const from of [query, flipBits(query, 1, next)]) {
      expect(index.query(from, radius)).toEqual(bruteForce(rows.entries(), from, radius))
    }
  }
})

it.each(['sketch', 'lean'] as const)(
  'finds more hits of one bucket than it has room to note, %s',
  (layout) => {
    const next = randomWords(41)
    const rows = prints('uniform', 16_000, next)
    const copy = rows[0] ?? randomPrint(next)
    for (let n = 0; n < 4_500; n++) rows[n * 3] = flipBits(copy, n % 3, next)
    const index = indexOf(rows, { layout })
    const expected = bruteForce(rows.entries(), copy, 31)
    expect(expected.length).toBe(4_500)
    expect(index.query(copy)).toEqual(expected)
    expect(index.query(rows[1] ?? copy)).toEqual([{ id: 1, distance: 0 }])
  },
)

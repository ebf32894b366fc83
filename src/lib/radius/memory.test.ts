import { expect, it } from 'vitest'
import { ExactIndex, RadiusError } from './index.ts'
import { randomPrint, randomWords } from './testing.ts'

function codeOf(call: () => unknown): string {
  try {
    call()
  } catch (error) {
    if (error instanceof RadiusError) return error.code
    throw error
  }
  return 'nothing thrown'
}

it('does not grow while rows come and go', () => {
  const next = randomWords(11)
  const index = new ExactIndex({ flatRows: 16, chunks: 32 })
  for (let id = 0; id < 50; id++) index.add(id, randomPrint(next))
  let largestAtFirst = 0
  let largest = 0
  for (let id = 50; id < 6_000; id++) {
    index.add(id, randomPrint(next))
    expect(index.remove(id - 50)).toBe(true)
    if (id < 1_000) largestAtFirst = Math.max(largestAtFirst, index.sizeBytes)
    else largest = Math.max(largest, index.sizeBytes)
  }
  expect(index.size).toBe(50)
  expect(largest).toBeLessThanOrEqual(largestAtFirst)
})

it('says so when it may take no more memory, and goes on answering', () => {
  const next = randomWords(13)
  const index = new ExactIndex({ flatRows: 8, limitBytes: 2 ** 20 })
  const rows: [number, Uint8Array][] = []
  const code = codeOf(() => {
    for (let id = 0; ; id++) {
      const print = randomPrint(next)
      index.add(id, print)
      rows.push([id, print])
    }
  })
  expect(code).toBe('OUT_OF_MEMORY')
  const manyIds = Uint32Array.from({ length: 50_000 }, (_, n) => 100_000 + n)
  expect(index.size).toBe(rows.length)
  expect(codeOf(() => index.addMany(Uint32Array.of(90_001, 90_002), new Uint8Array(64)))).toBe(
    'OUT_OF_MEMORY',
  )
  expect(codeOf(() => index.addMany(manyIds, new Uint8Array(50_000 * 32)))).toBe('OUT_OF_MEMORY')
  expect(codeOf(() => index.prepareRebuild(true))).toBe('OUT_OF_MEMORY')
  const [id, print] = rows[7] ?? [0, new Uint8Array(32)]
  expect(index.query(print)).toEqual([{ id, distance: 0 }])
  expect(index.remove(id)).toBe(true)
  expect(index.query(print)).toEqual([])
  expect(index.size).toBe(rows.length - 1)
})

import { expect, it } from 'vitest'
import { largestChunkRadius, planFor, probeCount, probeMasks } from './plan.ts'

function bitsSet(word: number): number {
  return word.toString(2).replaceAll('0', '').length
}

it('covers all 256 bits once, and its radii can spend the largest radius', () => {
  for (let count = 11; count <= 32; count++) {
    for (const rows of [1, 1_000_000, 10_000_000, 40_000_000]) {
      for (const layout of ['sketch', 'lean'] as const) {
        const { chunks } = planFor(rows, { chunks: count, layout })
        expect(chunks).toHaveLength(count)
        let next = 0
        for (const chunk of chunks) {
          expect(chunk.start).toBe(next)
          expect(chunk.width).toBeLessThanOrEqual(24)
          next += chunk.width
        }
        expect(next).toBe(256)
      }
    }
    expect(count * (largestChunkRadius(count) + 1)).toBeGreaterThanOrEqual(32)
    expect(count * largestChunkRadius(count)).toBeLessThan(32)
  }
})

it('makes those chunks wider that get a larger radius, when there are rows enough', () => {
  const widthsOf = (rows: number) =>
    planFor(rows, { chunks: 12, layout: 'lean' }).chunks.map(({ width }) => width)
  expect(widthsOf(1_000)).toEqual([22, 22, 22, 22, 21, 21, 21, 21, 21, 21, 21, 21])
  expect(widthsOf(10_000_000)).toEqual([22, 22, 22, 22, 22, 22, 22, 22, 20, 20, 20, 20])
})

it('lists every mask within a radius once, fewest bits first, and no more than a scratch area holds', () => {
  for (const width of [8, 13, 16, 24]) {
    for (const radius of [0, 1, 2]) {
      const masks = [...probeMasks(width, radius)]
      expect(new Set(masks).size).toBe(masks.length)
      expect(masks.length).toBe(probeCount(width, radius))
      expect(masks.length).toBeLessThanOrEqual(512)
      const bits = masks.map(bitsSet)
      expect(Math.max(...bits)).toBeLessThanOrEqual(radius)
      expect(bits).toEqual([...bits].sort((a, b) => a - b))
      expect(Math.max(...masks)).toBeLessThan(2 ** width)
    }
  }
})

it('cuts more rows into fewer chunks', () => {
  for (const layout of ['sketch', 'lean'] as const) {
    const counts = [1_000, 100_000, 1_000_000, 10_000_000].map(
      (rows) => planFor(rows, { layout }).chunks.length,
    )
    expect(counts).toEqual([...counts].sort((a, b) => b - a))
  }
  expect(planFor(10_000_000, { layout: 'flat' }).chunks).toEqual([])
})

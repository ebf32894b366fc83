import { expect, it } from 'vitest'
import { chunkRadius, planFor, probeCount, probeMasks } from './plan.ts'
import { popcount, popcount3, rowDistance } from './words.ts'

it('covers all 256 bits once and spends exactly the radius', () => {
  for (let count = 11; count <= 32; count++) {
    const { chunks } = planFor(1, { chunks: count })
    expect(chunks).toHaveLength(count)
    let next = 0
    for (const chunk of chunks) {
      expect(chunk.start).toBe(next)
      expect(chunk.width).toBeLessThanOrEqual(24)
      next += chunk.width
    }
    expect(next).toBe(256)
    for (let radius = 0; radius <= 31; radius++) {
      const spent = chunks.reduce((sum, _, j) => sum + chunkRadius(j, count, radius) + 1, 0)
      expect(spent).toBe(radius + 1)
    }
  }
})

it('needs 272 probes with 16 chunks and 2,866 with 11', () => {
  const probes = (count: number) =>
    planFor(1, { chunks: count }).chunks.reduce(
      (sum, chunk, j) => sum + probeCount(chunk.width, chunkRadius(j, count, 31)),
      0,
    )
  expect(probes(16)).toBe(272)
  expect(probes(11)).toBe(2866)
})

it('lists every mask within a radius once, fewest bits first', () => {
  for (const width of [8, 13, 16]) {
    for (const radius of [0, 1, 2, 3]) {
      const masks = [...probeMasks(width, radius)]
      const expected = Array.from({ length: 2 ** width }, (_, mask) => mask).filter(
        (mask) => popcount(mask) <= radius,
      )
      expect([...masks].sort((a, b) => a - b)).toEqual(expected)
      expect(masks.length).toBe(probeCount(width, radius))
      const bits = masks.map(popcount)
      expect(bits).toEqual([...bits].sort((a, b) => a - b))
    }
  }
})

it('counts bits at the extremes', () => {
  expect([0, 1, 0x80000000, 0xffffffff, 0x55555555].map(popcount)).toEqual([0, 1, 1, 32, 16])
  expect(popcount3(0xffffffff, 0xffffffff, 0xffffffff)).toBe(96)
  expect(popcount3(0xffffffff, 0, 0x80000001)).toBe(34)
  const zeros = new Uint32Array(8)
  const ones = new Uint32Array(8).fill(0xffffffff)
  expect(rowDistance(zeros, 0, ones, 0, 256)).toBe(256)
  expect(rowDistance(ones, 0, ones, 0, 0)).toBe(0)
  expect(rowDistance(zeros, 0, ones, 0, 31)).toBeGreaterThan(31)
})

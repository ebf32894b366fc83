import { expect, it } from 'vitest'
import { type Axis, axisOf, GRID, isSymmetric, mirroredAxisOf } from './axis.ts'

/** Two box averages, then the choice of 64 positions, step by step. */
function unfused(inputs: number[]): number[] {
  const n = inputs.length
  const window = Math.floor((n + 127) / 128)
  const right = Math.floor((window + 2) / 2)
  const box = (values: number[]) =>
    values.map((_, i) => {
      const covered = values.slice(Math.max(0, i - (window - right)), Math.min(n, i + right))
      return covered.reduce((sum, value) => sum + value, 0) / covered.length
    })
  const blurred = box(box(inputs))
  return Array.from({ length: GRID }, (_, k) => blurred[Math.floor(((2 * k + 1) * n) / 128)] ?? Number.NaN)
}

function sampled({ starts, weights, totals }: Axis, inputs: number[]): number[] {
  return weights.map((own, k) => {
    const start = starts[k] ?? Number.NaN
    return (
      own.reduce((sum, weight, t) => sum + weight * (inputs[start + t] ?? Number.NaN), 0) / (totals[k] ?? 0)
    )
  })
}

const LENGTHS = [
  ...Array.from({ length: 400 }, (_, i) => i + 1),
  511,
  512,
  513,
  640,
  1000,
  1024,
  1151,
  4000,
  23_168,
]

it('is two box averages and the choice of positions in one step', () => {
  for (const n of LENGTHS) {
    const inputs = Array.from({ length: n }, (_, i) => (i * 7919) % 251)
    const expected = n > 2000 && n !== 4000 ? [] : unfused(inputs)
    for (const [k, value] of sampled(axisOf(n), inputs).entries()) {
      if (expected.length > 0) expect(value, `${n}: ${k}`).toBeCloseTo(expected[k] ?? Number.NaN, 8)
    }
  }
})

it('samples mirrored what it samples of the mirrored inputs', () => {
  for (const n of LENGTHS) {
    const inputs = Array.from({ length: n }, (_, i) => (i * 7919) % 251)
    const ofMirrored = sampled(axisOf(n), inputs.toReversed()).toReversed()
    expect(sampled(mirroredAxisOf(n), inputs), `${n}`).toEqual(ofMirrored)
    const isSame = JSON.stringify(sampled(axisOf(n), inputs)) === JSON.stringify(ofMirrored)
    if (isSymmetric(n)) expect(isSame, `${n}`).toBe(true)
  }
  expect(isSymmetric(100)).toBe(true)
  expect(isSymmetric(128)).toBe(false)
  expect(isSymmetric(200)).toBe(false)
})

it('never reaches outside and has whole weights that add up', () => {
  for (const n of [...LENGTHS, 65_535, 1_000_000]) {
    const { starts, weights, totals } = axisOf(n)
    for (const [k, own] of weights.entries()) {
      const start = starts[k] ?? Number.NaN
      expect(start).toBeGreaterThanOrEqual(0)
      expect(start + own.length).toBeLessThanOrEqual(n)
    }
    for (const own of new Set(weights)) {
      expect(own.reduce((sum, weight) => sum + weight, 0)).toBe(totals[weights.indexOf(own)])
      expect(own.every(Number.isInteger)).toBe(true)
    }
  }
})

it('keeps the weights of every side the WASM kernel takes within 15 bits', () => {
  for (const n of [23_168, 23_040, 23_039]) {
    for (const own of new Set(axisOf(n).weights)) expect(Math.max(...own)).toBeLessThan(1 << 15)
  }
})

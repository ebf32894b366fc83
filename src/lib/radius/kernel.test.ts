import { afterEach, expect, it, vi } from 'vitest'
import { ExactIndex } from './index.ts'
import { INVERSE, PERMUTATION } from './permutation.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

it('says so when WebAssembly is missing or forbidden', () => {
  const refused = expect.objectContaining({ code: 'NO_KERNEL' })
  vi.stubGlobal('WebAssembly', undefined)
  expect(() => new ExactIndex().add(1, new Uint8Array(32))).toThrow(refused)
})

/** The bit of a fingerprint that a table of the order of bits takes to place p. */
function sourceOf(table: Uint8Array, p: number): number {
  const at = (p & 7) * 32 + (p >>> 3)
  return 8 * (table[at] ?? 0) + Math.log2(table[256 + at] ?? 0)
}

it('stores each bit at one place, and knows the way back', () => {
  const places = Array.from({ length: 256 }, (_, p) => p)
  expect(new Set(places.map((p) => sourceOf(PERMUTATION, p))).size).toBe(256)
  expect(places.map((p) => sourceOf(INVERSE, sourceOf(PERMUTATION, p)))).toEqual(places)
})

it('stores together what a mirrored picture has in common with the picture', () => {
  const parities = Array.from({ length: 256 }, (_, p) => {
    const bit = sourceOf(PERMUTATION, p)
    const frequency = 8 * (31 - (bit >>> 3)) + (bit & 7)
    return `${(frequency >>> 4) % 2}${frequency % 2}`
  })
  const runs = parities.filter((parity, p) => parity !== parities[p - 1])
  expect(runs).toEqual(['01', '11', '10', '00'])
})

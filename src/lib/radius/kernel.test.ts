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

it('stores bit 103 p mod 256 at p, and knows the way back', () => {
  const there = PERMUTATION
  const back = INVERSE
  const sourceOf = (table: Uint8Array, p: number) => {
    const mask = table[256 + (p & 7)] ?? 0
    return 8 * (table[(p & 7) * 32 + (p >>> 3)] ?? 0) + Math.log2(mask)
  }
  for (let p = 0; p < 256; p++) {
    expect(sourceOf(there, p)).toBe((103 * p) % 256)
    expect(sourceOf(back, sourceOf(there, p))).toBe(p)
  }
})

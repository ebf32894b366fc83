import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Random, randomFromInteger } from './index.ts'

// First 16 bytes of SHA-256 of `saksi-gen/v1`, a line feed and `1`, as little-endian words.
const STATE_OF_SEED_1 = [0x48daf5ba, 0x8eac5e1b, 0x61814de4, 0x1653f348]

function fromWords(words: readonly number[]): Random {
  const state = new DataView(new ArrayBuffer(16))
  words.forEach((word, i) => {
    state.setUint32(4 * i, word, true)
  })
  return new Random(new Uint8Array(state.buffer))
}

describe('the random stream', () => {
  it('gives the known first numbers for the known state', () => {
    const random = fromWords(STATE_OF_SEED_1)
    const numbers = Array.from({ length: 5 }, () => random.next())
    expect(numbers).toEqual([642081540, 1237127611, 2899133831, 2321485462, 3073559155])
  })

  it('refuses a state that is not 16 bytes or has no bit set', () => {
    expect(() => new Random(new Uint8Array(16))).toThrow(expect.objectContaining({ code: 'SEED_FORM' }))
    expect(() => new Random(new Uint8Array(15).fill(1))).toThrow(
      expect.objectContaining({ code: 'SEED_FORM' }),
    )
  })

  it('refuses seeds that are not whole numbers of 0..2^53-1', () => {
    for (const seed of [-1, 0.5, Number.NaN, 2 ** 53]) {
      expect(() => randomFromInteger(seed)).toThrow(expect.objectContaining({ code: 'SEED_FORM' }))
    }
  })

  it('gives different streams for seeds that differ in the low or the high half', () => {
    const firsts = [0, 1, 2, 2 ** 32, 2 ** 32 + 1, 2 ** 33, 2 ** 52, 2 ** 53 - 1].map((seed) =>
      randomFromInteger(seed).next(),
    )
    expect(new Set(firsts).size).toBe(firsts.length)
  })

  it('keeps within the bounds asked for', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.integer({ min: 1, max: 1000 }), (seed, end) => {
        const random = randomFromInteger(seed)
        const number = random.below(end)
        const whole = random.whole(5, 5 + end)
        return Number.isInteger(number) && number >= 0 && number < end && whole >= 5 && whole <= 5 + end
      }),
    )
  })
})

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { FingerprintError } from './errors.ts'
import { distance, fromHex, toHex } from './hash.ts'

const hashes = () => fc.uint8Array({ minLength: 32, maxLength: 32 })

function bitByBit(a: Uint8Array, b: Uint8Array): number {
  let bits = 0
  for (let bit = 0; bit < 256; bit++) {
    const mask = 1 << (bit & 7)
    if (((a[bit >> 3] ?? 0) & mask) !== ((b[bit >> 3] ?? 0) & mask)) bits++
  }
  return bits
}

function codeOf(call: () => unknown): string | null {
  try {
    call()
    return null
  } catch (error) {
    return error instanceof FingerprintError ? error.code : String(error)
  }
}

it('counts the bits that differ', () => {
  fc.assert(
    fc.property(hashes(), hashes(), (a, b) => {
      const bits = distance(a, b)
      expect(bits).toBe(bitByBit(a, b))
      expect(distance(b, a)).toBe(bits)
      expect(bits === 0).toBe(toHex(a) === toHex(b))
      expect(distance(a, a)).toBe(0)
    }),
    { numRuns: 10_000 },
  )
  expect(distance(new Uint8Array(32), new Uint8Array(32).fill(255))).toBe(256)
})

it('refuses hashes that do not have 32 bytes', () => {
  const good = new Uint8Array(32)
  for (const length of [0, 16, 31, 33, 64]) {
    const bad = new Uint8Array(length)
    expect(
      codeOf(() => distance(good, bad)),
      `${length}`,
    ).toBe('BAD_HASH_LENGTH')
    expect(
      codeOf(() => distance(bad, good)),
      `${length}`,
    ).toBe('BAD_HASH_LENGTH')
    expect(
      codeOf(() => toHex(bad)),
      `${length}`,
    ).toBe('BAD_HASH_LENGTH')
  }
})

it('reads digits in either case and writes small ones', () => {
  fc.assert(
    fc.property(hashes(), (hash) => {
      const text = toHex(hash)
      expect(text).toMatch(/^[0-9a-f]{64}$/)
      expect(fromHex(text)).toEqual(hash)
      expect(fromHex(text.toUpperCase())).toEqual(hash)
    }),
  )
  expect(toHex(Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 0x80 : i === 31 ? 1 : 0)))).toBe(
    `80${'0'.repeat(60)}01`,
  )
})

it('refuses everything but 64 digits', () => {
  const digits = 'ab'.repeat(32)
  for (const text of [
    '',
    'a'.repeat(32),
    digits.slice(1),
    `${digits}0`,
    ` ${digits.slice(1)}`,
    `${digits}\n`,
  ]) {
    expect(
      codeOf(() => fromHex(text)),
      text,
    ).toBe('BAD_HEX')
  }
  for (const odd of ['g', '-', ' ', '０', '\0'])
    expect(codeOf(() => fromHex(odd + digits.slice(1)))).toBe('BAD_HEX')
  fc.assert(
    fc.property(fc.string({ maxLength: 70, unit: 'binary' }), (text) => {
      expect(codeOf(() => fromHex(text))).toBe(/^[0-9a-fA-F]{64}$/.test(text) ? null : 'BAD_HEX')
    }),
  )
})

import { sha256 } from '@noble/hashes/sha2.js'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bytesToHex } from '../../bytes/index.ts'
import { systemRandom } from '../keys/random.ts'
import { codeOf } from '../roster/testing.ts'
import { checkOwnPassphrase, makePassphrase } from './passphrase.ts'
import { PASSPHRASE_WORDS } from './passphrase-words.ts'

const words = PASSPHRASE_WORDS.trim().split(/\s+/)
const verdict = (phrase: string) => codeOf(() => checkOwnPassphrase(phrase))

it('has 7,776 different words, unaltered', () => {
  expect(words).toHaveLength(7776)
  expect(new Set(words).size).toBe(7776)
  for (const word of words) expect(word).toMatch(/^[a-z]+(-[a-z]+)*$/)
  // Of the words of the published list in its order, one a line.
  expect(bytesToHex(sha256(new TextEncoder().encode(`${words.join('\n')}\n`)))).toBe(
    '6d557f0693958fb5e650b68b5bee585eb82cf4da32965505c789e924743bc522',
  )
})

it('makes six words of the list', () => {
  fc.assert(
    fc.property(fc.constant(null), () => {
      const made = makePassphrase(systemRandom).split(' ')
      expect(made).toHaveLength(6)
      expect(made.every((word) => words.includes(word))).toBe(true)
    }),
  )
})

it('reaches the first and the last word, and throws away what would favour some', () => {
  const fixed = (...values: number[]) => {
    const bytes = values.map((value) => Uint8Array.of(value >> 8, value & 255))
    return () => bytes.shift() ?? new Uint8Array(2)
  }
  expect(makePassphrase(fixed(0, 7775, 7776, 62_207, 62_208, 65_535, 1, 2))).toBe(
    [words[0], words[7775], words[0], words[7775], words[1], words[2]].join(' '),
  )
})

it('takes a passphrase of one’s own that is long and not common', () => {
  expect(verdict('kucing oren makan nasi lemak di Gombak')).toBeNull()
  expect(verdict('我的猫昨天晚上在屋顶上看月亮和三颗星星吃鱼')).toBeNull()
  expect(verdict(words.slice(4000, 4006).join(' '))).toBeNull()
})

it('refuses what is short, regular or known to everybody', () => {
  for (const weak of [
    'kucing oren makan',
    'nineteen characters',
    'a'.repeat(40),
    'abababababababababababab',
    'safehouse1safehouse1',
    'rumahku syurgaku rumahku syurgaku',
    'qwertyuiopasdfghjklzxcvbnm',
    '12345678901234567890abc',
    'Correct Horse Battery Staple!',
    'The quick brown fox jumps over the lazy dog 123',
    'Never gonna give you up 2026',
    'x1'.repeat(200),
  ])
    expect(verdict(weak), weak).toBe('STAFF_PASSPHRASE_WEAK')
})

it('ends soon for any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) =>
      [null, 'STAFF_PASSPHRASE_WEAK'].includes(verdict(text)),
    ),
  )
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normaliseCharacters } from './characters.ts'
import { normalise } from './index.ts'
import { originalRange } from './mapped.ts'

/** Any UTF-16 string, lone surrogates and all, rich in what normalisation touches. */
const anyText = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 6 }),
      fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
      fc.constantFrom(
        '0',
        '1️⃣',
        '①',
        '⑩',
        '➓',
        '０',
        '٣',
        '௩',
        '३',
        '\u200b',
        '\u202e',
        '\ufe0f',
        'é',
        'ﷺ',
        '…',
        '_',
        '•',
      ),
      fc.constantFrom(
        '012',
        'O12-000 0l23',
        '012_000_0123',
        'Hello I ',
        '|',
        ' ',
        '👍🏽',
        '👩‍👩‍👦',
        '\ud800',
        '\udc00',
      ),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''))

/** Removed marks, digits of other scripts, enclosed digits. */
const TOUCHED =
  /\p{Cf}|(?![0-9])\p{Nd}|\u20E3|[\u180B-\u180F]|[\uFE00-\uFE0F]|[\u{E0100}-\u{E01EF}]|[\u2460-\u249B\u24EA-\u24FF\u2776-\u2793]|[\u{1F100}-\u{1F10C}]/u

describe('normalise', () => {
  it.each([
    ['plain text stays, 2024!', 'plain text stays, 2024!'],
    ['ｔ．ｍｅ／ａ', 't.me/a'],
    ['ﬁne ½', 'fine 1⁄2'],
    ['e\u0301', 'é'],
    ['t\u200b.\u2060me\u202e', 't.me'],
    ['❤️ ☎︎', '❤ ☎'],
    ['0️⃣1️⃣2️⃣', '012'],
    ['①②⑩⓪⓿', '1210' + '00'],
    ['❶➁➌⓵⑴⒈', '123111'],
    ['𝟎𝟙𝟤🯳', '0123'],
    ['٠١٢٩', '0129'],
    ['०१९', '019'],
    ['௦௧௯', '019'],
    ['012_345', '012-345'],
    ['012__345–678·9•0', '012--345-678-9-0'],
    ['test_user a_1 1_a', 'test_user a_1 1_a'],
    ['O12-345 6789', '012-345 6789'],
    ['0l2-345 678o', '012-345 6780'],
    ['|234567O', '12345670'],
    ['Ol2 345', 'Ol2 345'],
    ['OOOO123', 'OOOO123'],
    ['I 0123456789', 'I 0123456789'],
    ['hello 0123456789', 'hello 0123456789'],
    ['Lot 12345 O', 'Lot 12345 O'],
  ])('%j becomes %j', (text, norm) => {
    expect(normalise(text).norm).toBe(norm)
  })

  it('maps every unit to the place it came from, and the end to the end', () => {
    const { norm, map } = normalise('a\u200b１⑩é')
    expect(norm).toBe('a110é')
    expect([...map]).toEqual([0, 2, 3, 3, 4, 5])
  })

  it('maps plain ASCII and normal text of other scripts to itself', () => {
    for (const text of ['', 'abc 123', '今天天气', 'வணக்கம்']) {
      const { norm, map } = normalise(text)
      expect(norm).toBe(text)
      expect([...map]).toEqual(Array.from({ length: text.length + 1 }, (_, i) => i))
    }
  })

  it('gives rising offsets within the text for any string, and changes nothing the second time', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const { norm, map } = normalise(text)
        expect(map.length).toBe(norm.length + 1)
        expect(map[norm.length]).toBe(text.length)
        for (let i = 0; i < norm.length; i++) {
          expect(map[i]).toBeLessThanOrEqual(map[i + 1] ?? -1)
          expect(map[i]).toBeLessThan(text.length)
        }
        expect(normaliseCharacters(normaliseCharacters(text).text).text).toBe(normaliseCharacters(text).text)
      }),
      { numRuns: 400 },
    )
  })

  it('lets a stretch of the original normalise to the stretch it stands for', () => {
    fc.assert(
      fc.property(anyText, fc.nat(), fc.nat(), (text, a, b) => {
        const characters = normaliseCharacters(text)
        const size = characters.text.length
        const start = size === 0 ? 0 : a % size
        const end = size === 0 ? 0 : start + 1 + (b % (size - start))
        const map = characters.map
        // A stretch that begins inside a cluster has no counterpart of its own.
        if (size === 0 || (map !== null && start > 0 && map[start] === map[start - 1])) return
        const range = originalRange(text, characters, start, end)
        const whole =
          map === null ? end : [...map].findIndex((offset, i) => i >= end && offset !== map[end - 1])
        expect(normaliseCharacters(text.slice(range.start, range.end)).text).toBe(
          characters.text.slice(start, whole),
        )
      }),
      { numRuns: 400 },
    )
  })

  it('agrees with NFKC of the whole text where nothing is removed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (text) => {
        if (TOUCHED.test(text)) return
        expect(normaliseCharacters(text).text).toBe(text.normalize('NFKC'))
      }),
      { numRuns: 400 },
    )
  })

  it('reads the decimal digits of every script as rows of 0 to 9', () => {
    let expected = 0
    for (let code = 0x80; code < 0x20000; code++) {
      const digit = String.fromCodePoint(code)
      if (!/^\p{Nd}$/u.test(digit)) continue
      expect(normalise(digit).norm, code.toString(16)).toBe(String(expected))
      expected = (expected + 1) % 10
    }
    expect(expected).toBe(0)
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normaliseCharacters } from './characters.ts'
import { extractIdentifiers, normalise } from './index.ts'
import { cutIntoPieces } from './pieces.ts'
import { scanText } from './scan.ts'

const fragment = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 5 }),
  fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
  fc.constantFrom(
    '012-000 0123',
    '+60120000456',
    '990228-14-5678',
    'O12-000 0l23',
    '０１２００００１２３',
    '0️⃣1️⃣2️⃣',
  ),
  fc.constantFrom(
    '@test_user',
    'ig: test.user',
    't.me/+60120000123',
    'hxxps://t[.]me/+AbCdEfGh12',
    'a@example.org',
  ),
  fc.constantFrom(
    '50000 Selangor',
    'no 12 jalan ujian 3',
    ' ',
    '\n',
    '/',
    '.',
    '-',
    '\u200b',
    '文',
    'x',
    '\ud800',
  ),
)
const anyText = fc.array(fragment, { maxLength: 10 }).map((parts) => parts.join(''))

describe('extractIdentifiers, whatever the text', () => {
  it('gives ranges in the text, in order, whose normal form holds the value', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        let last = 0
        for (const { kind, where, start, end, value, masked } of extractIdentifiers({ text, entities: [] })) {
          expect(where).toBe('text')
          expect(start).toBeGreaterThanOrEqual(last)
          expect(end).toBeGreaterThan(start)
          expect(end).toBeLessThanOrEqual(text.length)
          last = start
          const { norm } = normalise(text.slice(start, end))
          const digits = norm.replace(/[^0-9]/g, '')
          if (kind === 'phone') expect(digits).toContain(value.replace(/^\+(?:60)?/, ''))
          if (kind === 'mykad') expect(digits).toBe(value)
          if (kind === 'handle') {
            expect(normaliseCharacters(text.slice(start, end)).text.toLowerCase()).toContain(value)
          }
          if (kind === 'phone' || kind === 'mykad')
            expect(masked.replace(/[^0-9]/g, '').length).toBeLessThanOrEqual(7)
          if (kind !== 'address') expect(masked.toLowerCase()).not.toContain(value.toLowerCase())
        }
      }),
      { numRuns: 1500 },
    )
  })

  it('never throws, for any marks either', () => {
    const entity = fc.record({
      type: fc.constantFrom('phone', 'email', 'mention', 'bank_card', 'link', 'text_link', '__proto__'),
      start: fc.oneof(fc.integer({ min: -2, max: 20 }), fc.double()),
      end: fc.oneof(fc.integer({ min: -2, max: 40 }), fc.double()),
      href: anyText,
    })
    fc.assert(
      fc.property(
        anyText,
        fc.array(entity, { maxLength: 5 }),
        anyText,
        fc.array(anyText, { maxLength: 3 }),
        (text, entities, phone, hiddenLinks) => {
          const found = extractIdentifiers({ text, entities, contact: { phone }, hiddenLinks })
          for (const { where, start } of found) expect(start === -1).toBe(where !== 'text')
        },
      ),
      { numRuns: 500 },
    )
  })

  it('finds a plain hit between any two words', () => {
    const word = fc.string({ unit: fc.constantFrom(...'abc ,!今நா😀\u200b'), maxLength: 12 })
    const hit = fc.constantFrom('012-000 0123', 't.me/+AbCdEfGh12', '990228-14-5678', '@test_user')
    fc.assert(
      fc.property(word, hit, word, (before, text, after) => {
        const found = extractIdentifiers({ text: `${before} ${text} ${after}`, entities: [] })
        expect(found.map(({ start }) => start)).toContain(before.length + 1)
      }),
      { numRuns: 500 },
    )
  })
})

describe('the first look at a text', () => {
  it.each([
    '',
    'saya tak tahu',
    '今天天气不好',
    'வணக்கம்',
    'well... ok!',
    '😀❤️👍🏽',
    '(dia) tak - datang, "ya"',
  ])('passes over %j', (text) => {
    expect(scanText(text)).toBe(0)
  })
})

describe('long and hostile texts', () => {
  it('are cut where no number or link is cut in two, and lose nothing', () => {
    const line = `${'kata '.repeat(300)}012-000 0123 t.me/test_user\n`
    const text = line.repeat(100)
    const pieces = cutIntoPieces(text, text.length)
    expect(pieces.length).toBeGreaterThan(4)
    expect(pieces.map((piece) => piece.text).join('')).toBe(text)
    const found = extractIdentifiers({ text, entities: [] })
    expect(found.length).toBe(200)
    for (const { start, end, kind } of found) {
      expect(text.slice(start, end)).toBe(kind === 'phone' ? '012-000 0123' : 't.me/test_user')
    }
  })

  it('are searched up to 256 Ki units, and the rest is reported', () => {
    const codes: string[] = []
    const text = `${'kata '.repeat(60_000)}012-000 0123`
    expect(extractIdentifiers({ text, entities: [] }, { onWarning: (code) => codes.push(code) })).toEqual([])
    expect(codes).toEqual(['SLOW_TEXT'])
    extractIdentifiers({ text: text.slice(-1000), entities: [] }, { onWarning: (code) => codes.push(code) })
    expect(codes).toEqual(['SLOW_TEXT'])
  })

  it.each([
    '+12 34567890 ',
    '0 ',
    '60 ',
    'a.b ',
    '@a.',
    'a@b.co ',
    'http://',
    '[dot]',
    'O1',
    '1-',
    '50000\n',
    'no 1 jalan ',
    'ig:a',
    '文a.b',
    '0\u0300',
    '\ud800',
    'ﷺ',
    'x:',
    '00 44 ',
  ])('made of %j end, and give valid ranges', (unit) => {
    const text = unit.repeat(Math.ceil(70_000 / unit.length))
    for (const { start, end } of extractIdentifiers({ text, entities: [] })) {
      expect(start < end && end <= text.length).toBe(true)
    }
  })

  it('report what was left out when there are more numbers than may be judged', () => {
    const codes: string[] = []
    const text = '+44 7000000000 x\n'.repeat(8000)
    extractIdentifiers({ text, entities: [] }, { onWarning: (code) => codes.push(code) })
    expect(codes).toEqual(['SLOW_TEXT'])
  })
})

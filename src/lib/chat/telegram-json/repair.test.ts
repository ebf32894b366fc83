import fc from 'fast-check'
import { expect, it } from 'vitest'
import { repairJson } from './repair.ts'

const LATIN = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0))
const TEXT = (bytes: Uint8Array) => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)

/** Input as Latin-1 (one character, one byte), the value it must be read as, and the codes logged. */
const CASES: [string, string, string[]][] = [
  ['"a\\x0Bb"', 'a\u000bb', ['TG_CTRL_ESCAPE']],
  ['"\\x1F\\x01"', '\u001f\u0001', ['TG_CTRL_ESCAPE', 'TG_CTRL_ESCAPE']],
  ['"\\x00"', '\ufffd', ['TG_CTRL_ESCAPE']],
  ['"\\\\x0B"', '\\x0B', []],
  ['"\\\\\\x0B"', '\\\u000b', ['TG_CTRL_ESCAPE']],
  ['"a\\u2028\x80\xa8b"', 'a\u2028b', ['TG_LS_STRAY']],
  ['"a\\u2029\x80\xa9b"', 'a\u2029b', ['TG_LS_STRAY']],
  ['"\\u2028"', '\u2028', []],
  ['"\\u2028\x80\xa9"', '\u2028\ufffd\ufffd', ['UTF8_INVALID', 'UTF8_INVALID']],
  ['"\xff"', '\ufffd', ['UTF8_INVALID']],
  ['"\xc0\x80"', '\ufffd\ufffd', ['UTF8_INVALID', 'UTF8_INVALID']],
  ['"\xed\xa0\x80"', '\ufffd\ufffd\ufffd', ['UTF8_INVALID', 'UTF8_INVALID', 'UTF8_INVALID']],
  [
    '"\xf4\x90\x80\x80"',
    '\ufffd'.repeat(4),
    ['UTF8_INVALID', 'UTF8_INVALID', 'UTF8_INVALID', 'UTF8_INVALID'],
  ],
  ['"\xf0\x9f\x91\x8d\xe2\x82\xac\xc3\xa9"', '👍€é', []],
  ['"\xe2\x82"', '\ufffd\ufffd', ['UTF8_INVALID', 'UTF8_INVALID']],
  ['"\\ud83d\\udc4d"', '👍', []],
  ['"\\ud83d"', '\ufffd', ['SURROGATE_LONE']],
  ['"\\udc4d\\ud83d\\ud83d\\udc4d"', '\ufffd\ufffd👍', ['SURROGATE_LONE', 'SURROGATE_LONE']],
  ['"\\\\ud83d"', '\\ud83d', []],
  ['"\\u0000\x00"', '\ufffd\ufffd', ['NUL', 'NUL']],
]

it.each(CASES)('reads %j as %j', (input, expected, codes) => {
  const { bytes, places } = repairJson(LATIN(input))
  expect(JSON.parse(TEXT(bytes))).toBe(expected)
  expect(places.map((place) => place.code)).toEqual(codes)
})

it('says where and how long each repaired place is', () => {
  const { places } = repairJson(LATIN('"ab\\x0Bc\\u2028\x80\xa8"'))
  expect(places).toEqual([
    { code: 'TG_CTRL_ESCAPE', at: 3, length: 4, after: '\\u000b' },
    { code: 'TG_LS_STRAY', at: 14, length: 2, after: '' },
  ])
})

it.each(['"\\x20"', '"\\xg0"', "{'a':1}", '{"a":NaN}', '"a\nb"', '"\\x0'])('leaves %j alone', (input) => {
  const bytes = LATIN(input)
  expect(repairJson(bytes)).toEqual({ bytes, places: [] })
  expect(() => JSON.parse(TEXT(bytes))).toThrow()
})

it('gives back the very bytes of every valid JSON text', () => {
  fc.assert(
    fc.property(fc.json({ stringUnit: 'binary' }), (text) => {
      const bytes = new TextEncoder().encode(text)
      const isAltered = repairJson(bytes).bytes !== bytes
      expect(isAltered).toBe(/\\u0000|\\ud[89a-f]/i.test(text.replaceAll(/\\\\/g, '')))
    }),
  )
})

it('always ends in valid UTF-8', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(() => TEXT(repairJson(bytes).bytes)).not.toThrow()
    }),
  )
})

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { canonicalJson, MAX_CANONICAL_DEPTH, parseCanonicalJson } from './index.ts'

it('orders keys by UTF-16 code units, as in RFC 8785 section 3.2.3', () => {
  const value = {
    '\u20ac': 'Euro Sign',
    '\r': 'Carriage Return',
    '\ufb33': 'Hebrew Letter Dalet With Dagesh',
    '1': 'One',
    '\ud83d\ude00': 'Emoji: Grinning Face',
    '\u0080': 'Control',
    '\u00f6': 'Latin Small Letter O With Diaeresis',
  }
  expect(canonicalJson(value)).toBe(
    '{"\\r":"Carriage Return","1":"One","\u0080":"Control","ö":"Latin Small Letter O With Diaeresis",' +
      '"€":"Euro Sign","😀":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}',
  )
})

it('writes strings as RFC 8785 section 3.2.2.2 does', () => {
  expect(canonicalJson({ string: "\u20ac$\u000f\nA'\u0042\u0022\u005c\\\u0022/" })).toBe(
    '{"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  )
  expect(canonicalJson('\b\t\f\u007f\u2028')).toBe('"\\b\\t\\f\u007f\u2028"')
})

it('writes numbers, booleans and nesting without space', () => {
  expect(canonicalJson({ z: [], a: { y: true, b: false }, n: [-1, 0, 9007199254740991] })).toBe(
    '{"a":{"b":false,"y":true},"n":[-1,0,9007199254740991],"z":[]}',
  )
})

it('does not depend on the order in which members were set', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string({ unit: 'binary', maxLength: 4 }), fc.integer(), { maxKeys: 8 }),
      (object) => {
        const turned = Object.fromEntries(Object.entries(object).reverse())
        expect(canonicalJson(turned)).toBe(canonicalJson(object))
      },
    ),
  )
})

it('refuses what our subset leaves out', () => {
  const refused: unknown[] = [
    null,
    undefined,
    0.5,
    -0,
    NaN,
    Infinity,
    2 ** 53,
    10n,
    '\ud800',
    { '\udc00': 1 },
    { a: null },
    { a: undefined },
    [null],
    new Date(0),
    new Map(),
    () => 1,
    Symbol('a'),
    new Array(2),
  ]
  for (const value of refused) expect(canonicalJson(value), String(value)).toBeNull()
})

it('refuses nesting that could exhaust the stack', () => {
  let value: unknown = 1
  for (let i = 0; i < MAX_CANONICAL_DEPTH; i++) value = [value]
  expect(canonicalJson(value)).not.toBeNull()
  expect(canonicalJson([value])).toBeNull()
  for (let i = 0; i < 100_000; i++) value = [value]
  expect(canonicalJson(value)).toBeNull()
})

it('reads the text it writes and no other text for the same value', () => {
  // Through JSON once: its text has no minus zero, which we refuse.
  const values = fc.jsonValue({ noUnicodeString: false }).map((value) => JSON.parse(JSON.stringify(value)))
  fc.assert(
    fc.property(values, (value: unknown) => {
      const text = canonicalJson(value)
      if (text === null) expect(parseCanonicalJson(JSON.stringify(value))).toBeNull()
      else expect(parseCanonicalJson(text)).toEqual(value)
    }),
  )
  const others = [
    '{"a":1,"a":1}',
    '{"b":1,"a":2}',
    '[1, 2]',
    '[1]\n',
    '1.0',
    '1e3',
    '-0',
    '"\\u0061"',
    '"\\/"',
    'null',
    '',
  ]
  for (const text of others) expect(parseCanonicalJson(text), text).toBeNull()
  expect(parseCanonicalJson('{"__proto__":1}')).toHaveProperty(['__proto__'], 1)
})

it('refuses text nested so deeply that reading could exhaust the stack', () => {
  for (const depth of [MAX_CANONICAL_DEPTH + 1, 100_000]) {
    expect(parseCanonicalJson('['.repeat(depth) + ']'.repeat(depth))).toBeNull()
    expect(parseCanonicalJson(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`)).toBeNull()
  }
})

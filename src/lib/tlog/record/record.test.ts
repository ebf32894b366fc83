import { expect, it } from 'vitest'
import { bytesToBase64, bytesToHex, concatBytes, utf8ToText } from '../../bytes/index.ts'
import {
  type CustodyRecord,
  canonicalRecord,
  checkBody,
  checkRecord,
  commit,
  commitmentOf,
  formatItemLeaf,
  formatLeaf,
  formatOpening,
  LEAF_BYTES,
  leafHash,
  PUBLIC_RECORD_TYPES,
  parseItemLeaf,
  parseLeaf,
  parseOpening,
  parseRecord,
  RECORD_TYPES,
  verifyOpening,
} from '../index.ts'
import { ascii, codeOf, OPENING, ORIGIN, RECORD, seedOf } from '../testing/fixtures.ts'
import bodies from '../vectors/bodies.json' with { type: 'json' }

const text = utf8ToText(canonicalRecord(RECORD)) ?? ''
const withBody = (type: string, body: CustodyRecord['body']): CustodyRecord => ({ ...RECORD, type, body })
const parse = (json: string) => parseRecord(ascii(json))

it('writes records in one form and reads that form only', () => {
  expect(text).toBe(
    '{"at":"2026-01-15T10:00:00Z","body":{"blobs":2,"drop":"cc7117c8810a06af00c3d26d9ba9d860a24bc00ddcce8f0249109fcea7344606"},"by":{"key":"3f9a0c1d2e4b5a69","role":"survivor"},"id":"000102030405060708090a0b0c0d0e0f","log":"log.example/custody","type":"report.received","v":1}',
  )
  expect(parse(text)).toEqual(RECORD)
  expect(parseRecord(ascii(text), { log: ORIGIN }).type).toBe('report.received')
})

it('refuses bytes that are not the canonical form of a record', () => {
  const bad = [
    '',
    '{',
    'null',
    '1',
    '"x"',
    ` ${text}`,
    `${text}\n`,
    `\ufeff${text}`,
    text.replace('":2,', '": 2,'),
    text.replace('"blobs":2', '"blobs":2.0'),
    text.replace('"blobs":2', '"blobs":2e0'),
    text.replace('"blobs":2', '"blobs":-0'),
    text.replace('"blobs":2', '"blobs":2.5'),
    text.replace('"blobs":2', '"blobs":null'),
    text.replace('"blobs":2', '"blobs":9007199254740993'),
    text.replace('"blobs":2', '"blobs":2,"blobs":2'),
    text.replace('{"at"', '{"v":1,"at"'),
    text.replace('survivor', '\\ud800'),
    text.replace('survivor', '\\u0073urvivor'),
    `{"v":1${'['.repeat(4000)}`,
  ]
  for (const json of bad)
    expect(
      codeOf(() => parse(json)),
      json.slice(0, 80),
    ).toMatch(/^RECORD_(MALFORMED|FIELD)$/)
  const codes = bad.slice(5).map((json) => codeOf(() => parse(json)))
  expect(new Set(codes)).toEqual(new Set(['RECORD_MALFORMED']))
  expect(codeOf(() => parseRecord(concatBytes(ascii(text), new Uint8Array([0xff]))))).toBe('RECORD_MALFORMED')
})

it('refuses values that a record cannot hold before it is written', () => {
  const refused: unknown[] = [0.5, null, undefined, NaN, -0, 2 ** 53, '\ud800', 1n, new Date(0)]
  for (const value of refused) {
    const record = { ...RECORD, body: { drop: value } }
    expect(
      codeOf(() => Reflect.apply(canonicalRecord, null, [record])),
      String(value),
    ).toBe('RECORD_MALFORMED')
  }
})

it('refuses fields that are missing, unknown or not in their form', () => {
  const { body: _, ...bodyless } = RECORD
  const chain = { id: RECORD.id, n: 1, prev: bytesToBase64(seedOf('prev')) }
  const changes: [unknown, ...unknown[]] = [
    bodyless,
    {},
    [RECORD],
    { ...RECORD, v: 2 },
    { ...RECORD, v: '1' },
    { ...RECORD, note: 'x' },
    { ...RECORD, type: 7 },
    { ...RECORD, type: 'Report' },
    { ...RECORD, id: RECORD.id.slice(1) },
    { ...RECORD, id: `${RECORD.id.slice(1)}A` },
    { ...RECORD, log: 'a b' },
    { ...RECORD, at: '2026-01-15T10:00:00.000Z' },
    { ...RECORD, at: '2026-02-30T10:00:00Z' },
    { ...RECORD, at: '2026-01-15T24:00:00Z' },
    { ...RECORD, at: '2026-01-15T10:00:00+00:00' },
    { ...RECORD, at: 1768500000 },
    { ...RECORD, by: 'survivor' },
    { ...RECORD, by: { role: 'survivor' } },
    { ...RECORD, by: { role: 'survivor', key: 'System' } },
    { ...RECORD, by: { ...RECORD.by, name: 'x' } },
    { ...RECORD, by: { ...RECORD.by, role: 'A Person' } },
    { ...RECORD, body: [] },
    { ...RECORD, body: 'x' },
    { ...RECORD, chain: { ...chain, n: 0 } },
    { ...RECORD, chain: { ...chain, n: -1 } },
    { ...RECORD, chain: { id: RECORD.id, n: 1 } },
    { ...RECORD, chain: { ...chain, prev: 'AAAA' } },
    { ...RECORD, chain: { ...chain, more: 1 } },
    { ...RECORD, chain: 'x' },
  ]
  changes.forEach((record, i) => {
    expect(
      codeOf(() => Reflect.apply(canonicalRecord, null, [record])),
      `change ${i}`,
    ).toBe('RECORD_FIELD')
  })
  for (const good of [chain, { id: RECORD.id, n: 0 }])
    expect(codeOf(() => checkRecord({ ...RECORD, chain: good }))).toBeNull()
  expect(codeOf(() => checkRecord({ ...RECORD, by: { role: 'sequencer', key: 'system' } }))).toBeNull()
})

it('refuses what is too large', () => {
  const large = (body: CustodyRecord['body']) => codeOf(() => canonicalRecord(withBody('pad', body)))
  expect(large({ a: 'x'.repeat(2048) })).toBeNull()
  expect(large({ a: 'x'.repeat(2049) })).toBe('RECORD_LIMIT')
  expect(large({ a: 'é'.repeat(1025) })).toBe('RECORD_LIMIT')
  expect(large({ a: new Array<number>(256).fill(1) })).toBeNull()
  expect(large({ a: new Array<number>(257).fill(1) })).toBe('RECORD_LIMIT')
  expect(large({ a: 'x'.repeat(2000), b: 'x'.repeat(2000), c: 'x'.repeat(2000), d: 'x'.repeat(2000) })).toBe(
    'RECORD_LIMIT',
  )
  expect(large({ ['x'.repeat(2049)]: 1 })).toBe('RECORD_LIMIT')
  expect(codeOf(() => parseRecord(new Uint8Array(8193)))).toBe('RECORD_LIMIT')
})

it('keeps a record from being replayed into another log', () => {
  expect(codeOf(() => checkRecord(RECORD, { log: ORIGIN }))).toBeNull()
  expect(codeOf(() => checkRecord(RECORD, { log: 'other.example/log' }))).toBe('RECORD_LOG')
  expect(codeOf(() => parseRecord(ascii(text), { log: 'other.example/log' }))).toBe('RECORD_LOG')
  expect(codeOf(() => parseOpening(formatOpening(OPENING), { log: 'other.example/log' }))).toBe('RECORD_LOG')
})

it('accepts a good body of every type, and has one for every type', () => {
  expect(new Set(bodies.valid.map(({ type }) => type))).toEqual(new Set(RECORD_TYPES))
  for (const { type, body } of bodies.valid)
    expect(
      codeOf(() => checkBody(type, members(body))),
      type,
    ).toBeNull()
  for (const type of PUBLIC_RECORD_TYPES) expect(RECORD_TYPES).toContain(type)
})

it('refuses bodies that lack a field, have another, or have one in another form', () => {
  for (const { why, type, body } of bodies.invalid)
    expect(
      codeOf(() => checkBody(type, members(body))),
      why,
    ).toBe('RECORD_BODY')
  for (const { type, body } of bodies.valid) {
    expect(
      codeOf(() => checkBody(type, { ...members(body), note: 'a person' })),
      type,
    ).toBe('RECORD_BODY')
    for (const field of Object.keys(body)) {
      const wrong = { ...members(body), [field]: 'Words about a person.' }
      expect(
        codeOf(() => checkBody(type, wrong)),
        `${type} ${field}`,
      ).toBe('RECORD_BODY')
    }
  }
})

it('fails on types it does not know', () => {
  for (const type of ['report.forgotten', 'toString', '__proto__', '']) {
    expect(
      codeOf(() => checkBody(type, {})),
      type,
    ).toBe('RECORD_TYPE')
  }
  expect(codeOf(() => parse(text.replace('report.received', 'report.forgotten')))).toBe('RECORD_TYPE')
  expect(codeOf(() => checkBody('pad', JSON.parse('{"__proto__":{}}')))).toBe('RECORD_BODY')
})

it('makes leaves of one length and alphabet, whatever they stand for', () => {
  const pad = { salt: seedOf('pad'), record: withBody('pad', {}) }
  for (const opening of [OPENING, pad]) {
    const leaf = formatLeaf(commitmentOf(opening))
    expect(leaf.length).toBe(LEAF_BYTES)
    expect(utf8ToText(leaf)).toMatch(/^saksi-leaf\/v1 [A-Za-z0-9+/]{43}=\n$/)
    expect(parseLeaf(leaf)).toEqual(commitmentOf(opening))
  }
})

it('refuses other leaves, and takes no item for a record', () => {
  const leaf = formatLeaf(seedOf('commitment'))
  const item = formatItemLeaf(seedOf('commitment'))
  expect(parseItemLeaf(item)).toEqual(seedOf('commitment'))
  const bad = [
    leaf.slice(1),
    leaf.slice(0, 58),
    concatBytes(leaf, ascii('\n')),
    item,
    leaf.with(58, 0x20),
    leaf.with(0, 0x53),
    leaf.with(56, 0x42),
    leaf.with(20, 0xff),
    leaf.with(57, 0x41),
  ]
  bad.forEach((bytes, i) => {
    expect(
      codeOf(() => parseLeaf(bytes)),
      `leaf ${i}`,
    ).toBe('LEAF_MALFORMED')
  })
  expect(codeOf(() => parseItemLeaf(leaf))).toBe('LEAF_MALFORMED')
  expect(codeOf(() => formatLeaf(new Uint8Array(31)))).toBe('HASH_LENGTH')
})

it('takes salts of exactly 32 bytes, because HMAC cannot tell shorter ones from those with zeros', () => {
  const salt = seedOf('salt').with(31, 0)
  expect(codeOf(() => commit(salt, ascii(text)))).toBeNull()
  for (const wrong of [salt.slice(0, 31), concatBytes(salt, new Uint8Array(1)), new Uint8Array(0)]) {
    expect(codeOf(() => commit(wrong, ascii(text)))).toBe('SALT_LENGTH')
    expect(codeOf(() => formatOpening({ salt: wrong, record: RECORD }))).toBe('SALT_LENGTH')
  }
})

it('opens the leaf that it was made for, and no other', () => {
  const bytes = formatOpening(OPENING)
  const opening = parseOpening(bytes)
  expect(opening).toEqual(OPENING)
  const leaf = leafHash(formatLeaf(commitmentOf(OPENING)))
  expect(codeOf(() => verifyOpening(opening, leaf))).toBeNull()
  const others = [
    { ...OPENING, salt: seedOf('another salt') },
    { ...OPENING, record: { ...RECORD, at: '2026-01-15T10:00:01Z' } },
  ]
  for (const other of others) expect(codeOf(() => verifyOpening(other, leaf))).toBe('OPENING_MISMATCH')
})

it('refuses openings in another form', () => {
  const good = utf8ToText(formatOpening(OPENING)) ?? ''
  const salt = bytesToHex(OPENING.salt)
  const bad: [string, string][] = [
    ['OPENING_MALFORMED', ''],
    ['OPENING_MALFORMED', '[]'],
    ['OPENING_MALFORMED', `${good} `],
    ['OPENING_MALFORMED', good.replace(/"v":1}$/, '"v":2}')],
    ['OPENING_MALFORMED', good.replace(salt, salt.toUpperCase())],
    ['OPENING_MALFORMED', good.replace(`"salt":"${salt}",`, '')],
    ['OPENING_MALFORMED', good.replace(/"v":1}$/, '"v":1,"w":1}')],
    ['OPENING_MALFORMED', good.replace(`"${salt}"`, '7')],
    ['SALT_LENGTH', good.replace(salt, salt.slice(2))],
    ['SALT_LENGTH', good.replace(salt, `${salt}00`)],
    ['SALT_LENGTH', good.replace(salt, '')],
    ['OPENING_MALFORMED', good.replace(salt, `${salt}0`)],
    ['RECORD_BODY', good.replace('"blobs":2', '"blobs":"2"')],
    ['RECORD_FIELD', good.replace('"role":"survivor"', '"role":7')],
    ['RECORD_FIELD', good.replace(/"record":.*,"salt"/, '"record":7,"salt"')],
  ]
  for (const [code, json] of bad)
    expect(
      codeOf(() => parseOpening(ascii(json))),
      json.slice(-100),
    ).toBe(code)
  expect(codeOf(() => parseOpening(new Uint8Array(16 * 1024 + 1)))).toBe('OPENING_MALFORMED')
})

/** The vectors' bodies come in many shapes, which their checked JSON form has in common. */
function members(body: object): CustodyRecord['body'] {
  return Object.fromEntries(Object.entries(body))
}

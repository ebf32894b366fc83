import { ed25519 } from '@noble/curves/ed25519.js'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bytesToHex, type CanonicalValue, textToUtf8 } from '../../bytes/index.ts'
import { base64urlToBytes, bytesToBase64url } from './base64url.ts'
import { bech32Decode, bech32Encode } from './bech32.ts'
import { canonicalBytes, parseCanonicalBytes, toNfc } from './canonical.ts'
import { deriveKey } from './derive.ts'
import { KEY_LABELS, SIGNATURE_LABELS } from './labels.ts'
import { signMailboxRequest, verifyMailboxRequest } from './mailbox-request.ts'
import { systemRandom } from './random.ts'
import { shuffled } from './shuffle.ts'
import { signedBytes, signingKeyOf, signRecord, verifyRecord } from './signing.ts'

const refused = (code: string) => expect.objectContaining({ code })
const ascii = (text: string) => textToUtf8(text) ?? new Uint8Array(0)

it('writes base64url as RFC 4648 does, without padding', () => {
  const examples = ['', 'Zg', 'Zm8', 'Zm9v', 'Zm9vYg', 'Zm9vYmE', 'Zm9vYmFy']
  for (const [length, text] of examples.entries()) {
    expect(bytesToBase64url(ascii('foobar'.slice(0, length)))).toBe(text)
    expect(base64urlToBytes(text, length)).toEqual(ascii('foobar'.slice(0, length)))
  }
  expect(bytesToBase64url(new Uint8Array([0xfb, 0xef, 0xff]))).toBe('--__')
  for (const text of ['Zg==', 'Zg=', 'Zh', 'Zm9', 'A', 'AAAAA', 'Zm+v', 'Zm/v', ' Zg', 'Zg\n', 'Ｚg'])
    expect(base64urlToBytes(text), JSON.stringify(text)).toBeNull()
  expect(base64urlToBytes('Zm9v', 2)).toBeNull()
})

it('reads back the base64url and the Bech32 that it wrote', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.stringMatching(/^[!-@[-~]{1,20}$/), (bytes, prefix) => {
      expect(base64urlToBytes(bytesToBase64url(bytes), bytes.length)).toEqual(bytes)
      const text = bech32Encode(prefix, bytes)
      expect(bech32Decode(text)).toEqual({ prefix, bytes })
      expect(bech32Decode(text.toUpperCase())).toEqual({ prefix, bytes })
    }),
  )
})

it('reads the valid strings of BIP 173 that hold whole bytes, and none of the invalid ones', () => {
  const empty = new Uint8Array(0)
  expect(bech32Decode('A12UEL5L')).toEqual({ prefix: 'a', bytes: empty })
  expect(bech32Decode('?1ezyfcl')).toEqual({ prefix: '?', bytes: empty })
  const split = bech32Decode('split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w')
  expect(split?.prefix).toBe('split')
  expect(bytesToHex(split?.bytes ?? empty)).toBe(
    'c5f38b70305f519bf66d85fb6cf03058f3dde463ecd7918f2dc743918f2d',
  )
  const invalid = [
    '',
    '1',
    '\u00201nwldj5',
    '\u007f1axkwrx',
    'pzry9x0s0muk',
    '1pzry9x0s0muk',
    'x1b4n0q5v',
    'li1dgmt3',
    'de1lg7wt\u00ff',
    'A1G7SGD8',
    '10a06t8',
    '1qzzfhee',
    'a12UEL5L',
    bech32Encode('a', new Uint8Array(3000)),
  ]
  for (const text of invalid) expect(bech32Decode(text), text).toBeNull()
})

it('notices every single changed character of Bech32', () => {
  const text = bech32Encode('age-secret-key-', systemRandom(32))
  for (let at = text.lastIndexOf('1') + 1; at < text.length; at++)
    for (const digit of 'qpzry9x8gf2tvdw0s3jn54khce6mua7l')
      if (digit !== text.charAt(at))
        expect(bech32Decode(text.slice(0, at) + digit + text.slice(at + 1))).toBeNull()
})

it('gives canonical bytes of what has a canonical form, and reads only those', () => {
  expect(new TextDecoder().decode(canonicalBytes({ b: [1, true], a: 'é' }))).toBe('{"a":"é","b":[1,true]}')
  expect(parseCanonicalBytes(ascii('{"a":"é","b":[1,true]}'))).toEqual({ a: 'é', b: [1, true] })
  for (const value of [
    null,
    undefined,
    0.5,
    2 ** 53,
    -0,
    { a: null },
    { a: undefined },
    'e\u0301',
    { 'e\u0301': 1 },
  ])
    expect(() => canonicalBytes(value), JSON.stringify(value)).toThrow(refused('SEAL_NOT_CANONICAL'))
  const texts = [
    '',
    'null',
    '{"a":null}',
    '{"a":1.5}',
    '{"a":1.0}',
    '{"a":1e2}',
    '{"a":-0}',
    '{"a":9007199254740993}',
    '{"a":1,"a":1}',
    '{"a":1,"a":2}',
    '{"b":1,"a":2}',
    '{"a": 1}',
    ' {}',
    '{}\n',
    '{"a":"\\u0061"}',
    '{"a":"\\/"}',
    '{"a":1',
    '\ufeff{}',
    '['.repeat(100_000),
  ]
  for (const text of texts)
    expect(() => parseCanonicalBytes(ascii(text)), text.slice(0, 40)).toThrow(refused('SEAL_NOT_CANONICAL'))
  expect(() => parseCanonicalBytes(new Uint8Array([0x22, 0xff, 0x22]))).toThrow(refused('SEAL_NOT_CANONICAL'))
})

it('reads back every value it wrote', () => {
  const { value } = fc.letrec<{ value: CanonicalValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.string({ unit: 'grapheme' }).map((text) => text.normalize('NFC')),
      fc.maxSafeInteger().filter((number) => !Object.is(number, -0)),
      fc.boolean(),
      fc.array(tie('value'), { maxLength: 5 }),
      fc.dictionary(fc.string(), tie('value'), { maxKeys: 5, noNullPrototype: true }),
    ),
  }))
  fc.assert(
    fc.property(value, (original) => {
      expect(parseCanonicalBytes(canonicalBytes(toNfc(original)))).toEqual(toNfc(original))
    }),
  )
})

it('brings text into one form, but never two keys into one', () => {
  expect(toNfc({ 'cafe\u0301': ['e\u0301', 1, true] })).toEqual({ café: ['é', 1, true] })
  expect(() => toNfc({ 'e\u0301': 1, é: 2 })).toThrow(refused('SEAL_NOT_CANONICAL'))
})

it('derives keys as HKDF-SHA-256 with the label as info', () => {
  // Computed with Python's hmac: extract with 32 zero bytes as salt, expand with the label.
  expect(bytesToHex(deriveKey(new Uint8Array(32).fill(1), KEY_LABELS.staffAuth, 32))).toBe(
    'b0eddd999b1f2e722006c517dca41a6244e7ac85891f9fb2df5b52e80771a68d',
  )
})

it('signs label and record so that any Ed25519 program can check it', () => {
  const key = signingKeyOf(systemRandom(32))
  const record = { b: 2, a: 'x' }
  const signature = signRecord(key, SIGNATURE_LABELS.message, record)
  const message = ascii('saksi/v1/sig/message\n{"a":"x","b":2}')
  expect(signedBytes(SIGNATURE_LABELS.message, record)).toEqual(message)
  expect(ed25519.verify(signature, message, key.publicKey)).toBe(true)
  expect(verifyRecord(key.publicKey, SIGNATURE_LABELS.message, { a: 'x', b: 2 }, signature)).toBe(true)
})

it('accepts a signature for its label, record and key only', () => {
  const key = signingKeyOf(systemRandom(32))
  const signature = signRecord(key, SIGNATURE_LABELS.message, { a: 1 })
  const verify = (
    label: typeof SIGNATURE_LABELS.message | typeof SIGNATURE_LABELS.wrap,
    a: number,
    by = key.publicKey,
    sig = signature,
  ) => verifyRecord(by, label, { a }, sig)
  expect(verify(SIGNATURE_LABELS.message, 1)).toBe(true)
  expect(verify(SIGNATURE_LABELS.wrap, 1)).toBe(false)
  expect(verify(SIGNATURE_LABELS.message, 2)).toBe(false)
  expect(verify(SIGNATURE_LABELS.message, 1, signingKeyOf(systemRandom(32)).publicKey)).toBe(false)
  for (let at = 0; at < 64; at++)
    expect(
      verify(
        SIGNATURE_LABELS.message,
        1,
        key.publicKey,
        signature.map((byte, i) => (i === at ? byte ^ 1 : byte)),
      ),
    ).toBe(false)
  for (const bytes of [new Uint8Array(0), new Uint8Array(63), new Uint8Array(65), new Uint8Array(64)])
    expect(verify(SIGNATURE_LABELS.message, 1, key.publicKey, bytes)).toBe(false)
  // The neutral element as key, with a signature that looser rules accept for any message.
  const neutral = new Uint8Array(32)
  neutral[0] = 1
  const forged = new Uint8Array(64)
  forged[0] = 1
  expect(verify(SIGNATURE_LABELS.message, 1, neutral, forged)).toBe(false)
  for (const bytes of [new Uint8Array(0), new Uint8Array(31), new Uint8Array(32).fill(255)])
    expect(verify(SIGNATURE_LABELS.message, 1, bytes)).toBe(false)
})

it('binds a mailbox request to mailbox, nonce, operation and body', () => {
  const auth = signingKeyOf(systemRandom(32))
  const request = {
    mailbox: 'AAAAAAAAAAAAAAAAAAAAAA',
    nonce: 'n1',
    op: 'mailbox.fetch',
    body: new Uint8Array([1]),
  }
  const { mailbox, ...own } = request
  const signature = signMailboxRequest({ mailbox, auth }, own)
  expect(verifyMailboxRequest(auth.publicKey, request, signature)).toBe(true)
  const changes = [
    { mailbox: 'BAAAAAAAAAAAAAAAAAAAAA' },
    { nonce: 'n2' },
    { op: 'mailbox.withdraw' },
    { body: new Uint8Array(0) },
  ]
  for (const change of changes)
    expect(verifyMailboxRequest(auth.publicKey, { ...request, ...change }, signature)).toBe(false)
})

it('shuffles into every order equally often', () => {
  const counts = new Map<string, number>()
  for (let i = 0; i < 6000; i++) {
    const order = shuffled(['a', 'b', 'c'], systemRandom).join('')
    counts.set(order, (counts.get(order) ?? 0) + 1)
  }
  expect(counts.size).toBe(6)
  // 1,000 each, with a deviation of 29.
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(200)
  expect(shuffled([], systemRandom)).toEqual([])
})

it('throws a draw away that would favour the first values', () => {
  const draws = [65_535, 1, 0, 0]
  const source = () => {
    const draw = draws.shift() ?? 0
    return new Uint8Array([draw >> 8, draw & 255])
  }
  // Of 65,536 draws the last one is not fair among three; without the rule it would stand for the first value.
  expect(shuffled(['a', 'b', 'c'], source)).toEqual(['b', 'a', 'c'])
})

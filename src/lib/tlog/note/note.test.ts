import { expect, it } from 'vitest'
import { bytesToBase64, concatBytes } from '../../bytes/index.ts'
import {
  addSignatures,
  formatNote,
  formatVkey,
  keyId,
  MAX_NOTE_BYTES,
  makeVkey,
  type Note,
  noteKey,
  parseNote,
  parseSignatureLines,
  parseVkey,
  signNote,
  verifyNote,
  verifySignature,
} from '../index.ts'
import { ascii, codeOf, logKey, ORIGIN, seedOf, witnessKeys } from '../testing/fixtures.ts'

const TEXT = 'first line\n\nthird line\n'
const signed = signNote(TEXT, [logKey])
const [line = ''] = signed.split('\n').slice(-2)
const other = noteKey('other.example/log', seedOf('other'))

it('splits at the last empty line, so that the text may have empty lines', () => {
  const note = parseNote(signed)
  expect(note.text).toBe(TEXT)
  expect(note.signatures.map(({ name, keyId: id }) => [name, id])).toEqual([[ORIGIN, logKey.vkey.id]])
  expect(formatNote(note)).toBe(signed)
  expect(parseNote(ascii(signed))).toEqual(note)
  expect(verifyNote(note, [logKey.vkey]).map(({ vkey }) => vkey.name)).toEqual([ORIGIN])
})

it('refuses what is not a signed note', () => {
  const bad: (string | Uint8Array)[] = [
    '',
    '\n',
    '\n\n',
    TEXT,
    `${TEXT}\n`,
    `${TEXT}${line}\n`,
    signed.slice(0, -1),
    `${signed}\n`,
    `${signed}x`,
    signed.replace('first', 'fi\rrst'),
    signed.replaceAll('\n', '\r\n'),
    signed.replace('first', 'fi\u0000rst'),
    signed.replace('first', 'fi\trst'),
    signed.replace('first', '\ud800'),
    signed.replace('— ', '- '),
    signed.replace('— ', '—'),
    signed.replace('— ', '—  '),
    signed.replace(`${ORIGIN} `, `${ORIGIN}  `),
    signed.replace(`${ORIGIN} `, ' '),
    signed.replace(`${ORIGIN} `, 'a+b '),
    signed.replace(`${ORIGIN} `, 'a\u3000b '),
    signed.replace(`${ORIGIN} `, 'a\u00a0b '),
    signed.replace(`${line}\n`, `${line} \n`),
    signed.replace(`${line}\n`, `${line} x\n`),
    `${TEXT}\n— name AAAAAA==\n`,
    `${TEXT}\n— name\n`,
    `${TEXT}\n— name \n`,
    concatBytes(ascii(signed), new Uint8Array([0xff])),
    concatBytes(new Uint8Array([0xc0, 0x80]), ascii(signed)),
    'x'.repeat(MAX_NOTE_BYTES),
    new Uint8Array(MAX_NOTE_BYTES + 1).fill(0x61),
    `${'é'.repeat(MAX_NOTE_BYTES / 2)}\n\n${line}\n`,
  ]
  bad.forEach((note, i) => {
    expect(
      codeOf(() => parseNote(note)),
      `note ${i}`,
    ).toBe('NOTE_MALFORMED')
  })
})

it('reads signatures in one base64 only', () => {
  const [head = ''] = line.split(' ').slice(-1)
  const blob = head.slice(0, -2)
  const last = head.at(-2) ?? ''
  const variants = [
    head.slice(0, -1),
    `${head}=`,
    `${head.slice(0, 40)}\n${head.slice(40)}`,
    head.replace('/', '_'),
    `${blob}${String.fromCharCode(last.charCodeAt(0) + 1)}=`,
  ].filter((variant) => variant !== head)
  for (const variant of variants) {
    expect(
      codeOf(() => parseNote(signed.replace(head, variant))),
      variant,
    ).toBe('NOTE_MALFORMED')
  }
})

it('carries up to 64 signatures, of unknown keys and types and of the size of ML-DSA too', () => {
  const note = parseNote(signed)
  const stranger = (i: number) => ({
    name: `w${i}.example`,
    keyId: '00000001',
    signature: new Uint8Array(2428).fill(i),
  })
  for (const count of [15, 63]) {
    const many = addSignatures(
      note,
      Array.from({ length: count }, (_, i) => stranger(i)),
    )
    expect(verifyNote(parseNote(many), [logKey.vkey]).length).toBe(1)
    expect(parseNote(many).signatures.length).toBe(count + 1)
  }
  const tooMany = Array.from({ length: 64 }, (_, i) => stranger(i))
  expect(codeOf(() => addSignatures(note, tooMany))).toBe('NOTE_MALFORMED')
  expect(codeOf(() => parseNote(`${signed}${`${line}\n`.repeat(64)}`))).toBe('NOTE_MALFORMED')
  expect(codeOf(() => parseSignatureLines(''))).toBe('NOTE_MALFORMED')
})

it('needs a signature of a known key', () => {
  expect(codeOf(() => verifyNote(parseNote(signed), []))).toBe('NOTE_UNVERIFIED')
  expect(codeOf(() => verifyNote(parseNote(signed), [other.vkey]))).toBe('NOTE_UNVERIFIED')
  const sameName = noteKey(ORIGIN, seedOf('other'))
  expect(codeOf(() => verifyNote(parseNote(signed), [sameName.vkey]))).toBe('NOTE_UNVERIFIED')
})

it('refuses a note in which a known key fails beside a good one', () => {
  const both = parseNote(signNote(TEXT, [logKey, other]))
  expect(verifyNote(both, [logKey.vkey, other.vkey]).length).toBe(2)
  const forged = changed(both, 1)
  expect(codeOf(() => verifyNote(forged, [logKey.vkey, other.vkey]))).toBe('NOTE_SIGNATURE')
  expect(verifyNote(forged, [logKey.vkey]).length).toBe(1)
})

it('refuses a note with any byte of its text or signature changed', () => {
  const note = parseNote(signed)
  for (let at = 0; at < TEXT.length; at++) {
    const text = `${TEXT.slice(0, at)}${TEXT[at] === 'x' ? 'y' : 'x'}${TEXT.slice(at + 1)}`
    expect(codeOf(() => verifyNote({ ...note, text }, [logKey.vkey]))).toBe('NOTE_SIGNATURE')
  }
  for (let byte = 0; byte < 64; byte++) {
    expect(
      codeOf(() => verifyNote(changed(note, 0, byte), [logKey.vkey])),
      `byte ${byte}`,
    ).toBe('NOTE_SIGNATURE')
  }
  const [signature] = note.signatures
  if (signature === undefined) throw new Error('no signature')
  for (const bytes of [
    new Uint8Array(1),
    signature.signature.slice(1),
    concatBytes(signature.signature, new Uint8Array(1)),
  ]) {
    const cut = { ...note, signatures: [{ ...signature, signature: bytes }] }
    expect(codeOf(() => verifyNote(cut, [logKey.vkey]))).toBe('NOTE_SIGNATURE')
  }
})

it('accepts no signature that another verifier may judge differently', () => {
  const note = parseNote(signed)
  const [signature] = note.signatures
  if (signature === undefined) throw new Error('no signature')
  const order = 2n ** 252n + 27742317777372353535851937790883648493n
  const scalar =
    signature.signature.slice(32).reduceRight((value, byte) => value * 256n + BigInt(byte), 0n) + order
  const large = Uint8Array.from({ length: 32 }, (_, i) => Number((scalar >> BigInt(8 * i)) % 256n))
  const malleated = { ...signature, signature: concatBytes(signature.signature.slice(0, 32), large) }
  expect(verifySignature(TEXT, malleated, logKey.vkey)).toBeNull()
  // With the neutral element as key and as R, and 0 as S, the equation of RFC 8032 holds for every message.
  const neutral = new Uint8Array(32).with(0, 1)
  expect(codeOf(() => makeVkey('a', 1, neutral))).toBe('VKEY_MALFORMED')
  const forAll = {
    name: 'a',
    keyId: keyId('a', 1, neutral),
    signature: concatBytes(neutral, new Uint8Array(32)),
  }
  const weak = { name: 'a', id: forAll.keyId, type: 1, publicKey: neutral }
  expect(verifySignature(TEXT, forAll, weak)).toBeNull()
})

it('refuses to sign a text that cannot stand in a note, and with a key that does not sign notes', () => {
  for (const text of ['', 'no line feed', 'a\rb\n', 'a\ud800\n']) {
    expect(
      codeOf(() => signNote(text, [logKey])),
      JSON.stringify(text),
    ).toBe('NOTE_MALFORMED')
  }
  expect(codeOf(() => signNote(TEXT, []))).toBe('NOTE_MALFORMED')
  expect(codeOf(() => signNote(TEXT, witnessKeys))).toBe('VKEY_TYPE')
})

it('reads back verifier keys, also with plus signs in their base64', () => {
  for (let i = 0; i < 40; i++) {
    const { vkey } = noteKey(`log${i}.example`, seedOf(`key ${i}`))
    expect(parseVkey(formatVkey(vkey))).toEqual(vkey)
  }
  const mlDsa = makeVkey('w.example', 0x06, new Uint8Array(1312).fill(7))
  expect(parseVkey(formatVkey(mlDsa))).toEqual(mlDsa)
  expect(
    verifySignature(TEXT, { name: 'w.example', keyId: mlDsa.id, signature: new Uint8Array(2428) }, mlDsa),
  ).toBeNull()
})

it('refuses verifier keys that are not exactly as written', () => {
  const good = formatVkey(logKey.vkey)
  const [name = '', id = '', ...data] = good.split('+')
  const key = data.join('+')
  const highOrder = new Uint8Array(33).fill(0).with(0, 1).with(32, 0x80)
  const bad = [
    '',
    name,
    `${name}+${id}`,
    `${name}+${id}+`,
    `+${id}+${key}`,
    `${name}+${id.toUpperCase()}+${key}`,
    `${name}+00000000+${key}`,
    `${name}x+${id}+${key}`,
    `a b+${id}+${key}`,
    `${good}\n`,
    `${good}=`,
    ` ${good}`,
    `${name}+${id}+${key.slice(0, -4)}`,
    `${name}+${id}+${key}AAAA`,
    `${name}+${keyId(name, 1, highOrder.slice(1))}+${bytesToBase64(highOrder)}`,
    `${name}+${keyId(name, 1, new Uint8Array(32).fill(255))}+${bytesToBase64(new Uint8Array(33).fill(255).with(0, 1))}`,
  ]
  for (const text of bad)
    expect(
      codeOf(() => parseVkey(text)),
      text,
    ).toBe('VKEY_MALFORMED')
  expect(codeOf(() => noteKey(ORIGIN, new Uint8Array(31)))).toBe('VKEY_MALFORMED')
  expect(codeOf(() => makeVkey('a', 256, logKey.vkey.publicKey))).toBe('VKEY_MALFORMED')
})

function changed(note: Note, at: number, byte = 10): Note {
  const signatures = note.signatures.map((signature, i) => {
    if (i !== at) return signature
    const bytes = signature.signature.slice()
    bytes[byte] = (bytes[byte] ?? 0) ^ 1
    return { ...signature, signature: bytes }
  })
  return { ...note, signatures }
}

import { expect, it } from 'vitest'
import { bytesToBase64, concatBytes } from '../../bytes/index.ts'
import {
  checkCosignatureTime,
  cosign,
  cosignedMessage,
  emptyRoot,
  formatCheckpoint,
  isOrigin,
  parseCheckpoint,
  parseForeignCheckpoint,
  verifyCosignature,
  verifyNote,
} from '../index.ts'
import { ascii, codeOf, logKey, ORIGIN, seedOf, TIME, witnessKeys } from '../testing/fixtures.ts'

const root = seedOf('root')
const good = formatCheckpoint({ origin: ORIGIN, size: 42, root })
const [witness] = witnessKeys
if (witness === undefined) throw new Error('no witness')

it('writes three lines and reads them back', () => {
  expect(good).toBe(`${ORIGIN}\n42\n${bytesToBase64(root)}\n`)
  expect(parseCheckpoint(good)).toEqual({ origin: ORIGIN, size: 42, root })
  for (const size of [0, 1, 2 ** 31 + 1, 2 ** 48]) {
    const checkpoint = { origin: ORIGIN, size, root: size === 0 ? emptyRoot() : root }
    expect(parseCheckpoint(formatCheckpoint(checkpoint))).toEqual(checkpoint)
  }
})

it('refuses anything else as a checkpoint', () => {
  const base64 = bytesToBase64(root)
  const bad = [
    '',
    '\n',
    good.slice(0, -1),
    `${good}\n`,
    `\n42\n${base64}\n`,
    `${ORIGIN}\n42\n`,
    `${ORIGIN}\n\n42\n${base64}\n`,
    ...[
      '042',
      '+42',
      '-1',
      '4 2',
      '4.2',
      '4e1',
      '0x2a',
      '',
      '٤',
      '281474976710657',
      '99999999999999999999',
    ].map((size) => `${ORIGIN}\n${size}\n${base64}\n`),
    ...[base64.slice(0, -1), `${base64.slice(0, 42)}B=`, bytesToBase64(root.slice(1)), ''].map(
      (text) => `${ORIGIN}\n42\n${text}\n`,
    ),
  ]
  for (const text of bad) {
    expect(
      codeOf(() => parseCheckpoint(text)),
      JSON.stringify(text),
    ).toBe('CHECKPOINT_MALFORMED')
    expect(
      codeOf(() => parseForeignCheckpoint(text)),
      JSON.stringify(text),
    ).toBe('CHECKPOINT_MALFORMED')
  }
})

it('refuses origins of another form, in its own logs only', () => {
  for (const origin of ['', 'a b', 'a+b', 'a\tb', 'lög.example', 'a\u3000b', 'x'.repeat(256)]) {
    expect(isOrigin(origin), origin).toBe(false)
    expect(codeOf(() => formatCheckpoint({ origin, size: 42, root }))).toBe('CHECKPOINT_MALFORMED')
  }
  const foreign = good.replace(ORIGIN, 'go.sum database tree')
  expect(codeOf(() => parseCheckpoint(foreign))).toBe('CHECKPOINT_MALFORMED')
  expect(parseForeignCheckpoint(foreign).origin).toBe('go.sum database tree')
})

it('refuses extension lines in its own logs and keeps those of others', () => {
  const extended = `${good}more\nand more\n`
  expect(codeOf(() => parseCheckpoint(extended))).toBe('CHECKPOINT_EXTENSION')
  expect(parseForeignCheckpoint(extended).extensions).toEqual(['more', 'and more'])
  expect(codeOf(() => parseForeignCheckpoint(`${good}\nmore\n`))).toBe('CHECKPOINT_MALFORMED')
})

it('knows one root of nothing', () => {
  expect(codeOf(() => formatCheckpoint({ origin: ORIGIN, size: 0, root }))).toBe('CHECKPOINT_EMPTY_ROOT')
  expect(codeOf(() => parseCheckpoint(good.replace('\n42\n', '\n0\n')))).toBe('CHECKPOINT_EMPTY_ROOT')
  expect(codeOf(() => formatCheckpoint({ origin: ORIGIN, size: -1, root }))).toBe('TREE_RANGE')
  expect(codeOf(() => formatCheckpoint({ origin: ORIGIN, size: 1, root: new Uint8Array(31) }))).toBe(
    'HASH_LENGTH',
  )
})

it('co-signs the time and the whole text, extension lines included', () => {
  for (const text of [good, `${good}more\n`]) {
    const { signature } = cosign(text, witness, TIME)
    expect(signature.length).toBe(72)
    expect(verifyCosignature(witness.vkey, text, signature)).toBe(TIME)
    expect(verifyCosignature(witness.vkey, text.replace('42', '43'), signature)).toBeNull()
  }
  const { signature } = cosign(good, witness, TIME)
  expect(verifyCosignature(witness.vkey, `${good}more\n`, signature)).toBeNull()
  expect(cosignedMessage(7, good)).toEqual(ascii(`cosignature/v1\ntime 7\n${good}`))
})

it('refuses a co-signature with any byte changed, its time included', () => {
  const { signature } = cosign(good, witness, TIME)
  for (let byte = 0; byte < signature.length; byte++) {
    const bytes = signature.slice()
    bytes[byte] = (bytes[byte] ?? 0) ^ 1
    expect(verifyCosignature(witness.vkey, good, bytes), `byte ${byte}`).toBeNull()
  }
  expect(verifyCosignature(witness.vkey, good, signature.slice(1))).toBeNull()
  expect(verifyCosignature(witness.vkey, good, concatBytes(signature, new Uint8Array(1)))).toBeNull()
  expect(verifyCosignature(witness.vkey, good, new Uint8Array(72).fill(255))).toBeNull()
})

it('takes a plain signature for no co-signature, and the other way round', () => {
  const cosignature = cosign(good, witness, TIME)
  expect(codeOf(() => verifyCosignature(logKey.vkey, good, cosignature.signature))).toBe('VKEY_TYPE')
  expect(codeOf(() => cosign(good, logKey, TIME))).toBe('VKEY_TYPE')
  const asPlain = { text: good, signatures: [{ ...cosignature, name: ORIGIN, keyId: logKey.vkey.id }] }
  expect(codeOf(() => verifyNote(asPlain, [logKey.vkey]))).toBe('NOTE_SIGNATURE')
})

it('co-signs checkpoints only, and never without a time', () => {
  expect(codeOf(() => cosign('not a checkpoint\n', witness, TIME))).toBe('CHECKPOINT_MALFORMED')
  for (const time of [0, -1, 0.5, 2 ** 53, NaN]) {
    expect(
      codeOf(() => cosign(good, witness, time)),
      String(time),
    ).toBe('COSIGNATURE_TIME')
  }
})

it('judges the time of a witness against the request', () => {
  const times = { now: TIME, requestedAt: TIME - 5 }
  for (const time of [TIME, TIME + 600, TIME - 5 - 86_400])
    expect(codeOf(() => checkCosignatureTime(time, times))).toBeNull()
  for (const time of [0, TIME + 601, TIME - 6 - 86_400]) {
    expect(
      codeOf(() => checkCosignatureTime(time, times)),
      String(time),
    ).toBe('COSIGNATURE_TIME')
  }
})

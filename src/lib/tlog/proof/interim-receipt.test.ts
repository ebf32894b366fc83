import { ed25519 } from '@noble/curves/ed25519.js'
import { expect, it } from 'vitest'
import { bytesToHex, concatBytes } from '../../bytes/index.ts'
import {
  commitmentOf,
  cosignedMessage,
  formatInterimReceipt,
  type InterimReceipt,
  parseInterimReceipt,
  parseNote,
  parsePolicy,
  parseProof,
  receiptKeyName,
  signNote,
  verifyInterimReceipt,
  verifyNote,
  verifyProof,
  witnessKey,
} from '../index.ts'
import {
  codeOf,
  logKey,
  OPENING,
  ORIGIN,
  POLICY,
  receiptsKey,
  seedOf,
  signedLog,
} from '../testing/fixtures.ts'

const commitment = commitmentOf(OPENING)
const receipt: InterimReceipt = {
  log: ORIGIN,
  commitment,
  manifestSha256: bytesToHex(seedOf('manifest')),
  receivedOn: '2026-01-15',
  mergeBy: '2026-01-16T11:00:00Z',
}
const text = formatInterimReceipt(receipt)
const signed = parseNote(signNote(text, [receiptsKey]))

it('promises, and is followed by the proof for the same commitment', async () => {
  expect(verifyInterimReceipt(signed, [receiptsKey.vkey], commitment)).toEqual(receipt)
  const { file } = await signedLog()
  const { opening } = verifyProof(parseProof(file), { policy: parsePolicy(POLICY), log: receipt.log })
  expect(opening === null ? null : commitmentOf(opening)).toEqual(receipt.commitment)
})

it('is signed by the receipts key of its log, not by the key that signs checkpoints', () => {
  expect(receiptKeyName('log.example/custody')).toBe('log.example/receipts')
  expect(receiptKeyName('log.example/a/b')).toBe('log.example/a/receipts')
  expect(receiptKeyName('log.example')).toBe('log.example/receipts')
  const byLog = parseNote(signNote(text, [logKey]))
  const keys = [logKey.vkey, receiptsKey.vkey]
  expect(codeOf(() => verifyInterimReceipt(byLog, keys, commitment))).toBe('NOTE_UNVERIFIED')
  expect(codeOf(() => verifyInterimReceipt(signed, [], commitment))).toBe('NOTE_UNVERIFIED')
  const witness = witnessKey('log.example/receipts', seedOf('a witness of that name'))
  const cosignature = ed25519.sign(cosignedMessage(0, text), witness.seed)
  const signature = concatBytes(new Uint8Array(8), cosignature)
  const byWitness = { text, signatures: [{ name: witness.vkey.name, keyId: witness.vkey.id, signature }] }
  expect(verifyNote(byWitness, [witness.vkey])[0]?.time).toBe(0)
  expect(codeOf(() => verifyInterimReceipt(byWitness, [witness.vkey], commitment))).toBe('NOTE_UNVERIFIED')
})

it('holds for its own commitment and text only', () => {
  expect(codeOf(() => verifyInterimReceipt(signed, [receiptsKey.vkey], seedOf('other')))).toBe(
    'RECEIPT_MISMATCH',
  )
  const later = { ...signed, text: text.replace('2026-01-16', '2027-01-16') }
  expect(codeOf(() => verifyInterimReceipt(later, [receiptsKey.vkey], commitment))).toBe('NOTE_SIGNATURE')
})

it('has one form', () => {
  expect(parseInterimReceipt(text)).toEqual(receipt)
  const bad = [
    '',
    text.slice(0, -1),
    `${text}\n`,
    text.replace('/v1', '/v2'),
    text.replace(ORIGIN, 'a b'),
    text.replace('=\n', '\n'),
    text.replace(receipt.manifestSha256, receipt.manifestSha256.toUpperCase()),
    text.replace('2026-01-15', '2026-02-30'),
    text.replace('2026-01-15', '2026-1-15'),
    text.replace('T11:00:00Z', ''),
    text.replace('11:00:00Z', '25:00:00Z'),
  ]
  bad.forEach((other, i) => {
    expect(
      codeOf(() => parseInterimReceipt(other)),
      `receipt ${i}`,
    ).toBe('RECEIPT_MALFORMED')
  })
  expect(codeOf(() => formatInterimReceipt({ ...receipt, log: 'a\nb' }))).toBe('RECEIPT_MALFORMED')
  expect(codeOf(() => formatInterimReceipt({ ...receipt, commitment: commitment.slice(1) }))).toBe(
    'HASH_LENGTH',
  )
})

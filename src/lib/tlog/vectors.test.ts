import { sha256 } from '@noble/hashes/sha2.js'
import { expect, it } from 'vitest'
import { base64ToBytes, bytesToBase64, equalBytes, hexToBytes } from '../bytes/index.ts'
import {
  commit,
  cosign,
  formatCheckpoint,
  formatLeaf,
  formatNote,
  formatProof,
  formatSignatureLines,
  formatVkey,
  growTree,
  inclusionProof,
  leafHash,
  noteKey,
  parseNote,
  parsePolicy,
  parseProof,
  parseVkey,
  rootOf,
  signNote,
  tileHashReader,
  verifyNote,
  verifyProof,
  witnessKey,
} from './index.ts'
import saksi from './vectors/saksi.json' with { type: 'json' }
import tessera from './vectors/tessera.json' with { type: 'json' }

const ascii = (text: string) => new TextEncoder().encode(text)
const bytes = (text: string): Uint8Array => base64ToBytes(text) ?? new Uint8Array(0)
const seedOf = (name: string) => sha256(ascii(saksi.keys.find((key) => key.name === name)?.seedText ?? ''))
const vkeyOf = (name: string) => saksi.keys.find((key) => key.name === name)?.vkey ?? ''
const salt = hexToBytes(saksi.saltHex) ?? new Uint8Array(0)
const policyText = `log ${vkeyOf('log')}\nwitness w1 ${vkeyOf('w1')}\nwitness w2 ${vkeyOf('w2')}\ngroup all-of-them all w1 w2\nquorum all-of-them\n`

it('signs the checkpoint of the tessera test log as tessera does', () => {
  const key = noteKey('example.com/log/testdata', bytes(tessera.seed))
  expect(formatVkey(key.vkey)).toBe(tessera.vkey)
  const root = bytes(tessera.roots[15] ?? '')
  const text = formatCheckpoint({ origin: 'example.com/log/testdata', size: 15, root })
  const note = signNote(text, [key])
  expect(note).toBe(`${text}\n${tessera.signatureLine}\n`)
  expect(verifyNote(parseNote(note), [parseVkey(tessera.vkey)]).map(({ time }) => time)).toEqual([null])
})

it('verifies the example of the signed-note specification', () => {
  const note = parseNote(saksi.signedNote)
  expect(note.text).toBe('This is an example message.\n')
  expect(verifyNote(note, [parseVkey(saksi.signedNoteVkey)]).length).toBe(1)
})

it('makes the verifier keys from their seeds', () => {
  for (const name of ['log', 'receipts', 'w1', 'w2']) {
    const [keyName = ''] = vkeyOf(name).split('+')
    const make = name.startsWith('w') ? witnessKey : noteKey
    expect(formatVkey(make(keyName, seedOf(name)).vkey)).toBe(vkeyOf(name))
    expect(formatVkey(parseVkey(vkeyOf(name)))).toBe(vkeyOf(name))
  }
})

it('commits to the record', () => {
  const commitment = commit(salt, ascii(saksi.record))
  expect(bytesToBase64(commitment)).toBe(saksi.commitment)
  expect(bytesToBase64(leafHash(formatLeaf(commitment)))).toBe(saksi.leafHash)
})

it('builds the proof file from the five leaves', async () => {
  const pads = saksi.padSaltText.map((text) => commit(sha256(ascii(text)), ascii(saksi.padMessage)))
  const leaves = pads.toSpliced(3, 0, commit(salt, ascii(saksi.record))).map((c) => leafHash(formatLeaf(c)))
  const { root, size, tiles } = await growTree(0, leaves, () => new Uint8Array(0))
  expect(root).toEqual(rootOf(leaves))
  const text = formatCheckpoint({ origin: 'log.example/custody', size, root })
  const signed = parseNote(signNote(text, [noteKey('log.example/custody', seedOf('log'))]))
  const cosignatures = ['w1', 'w2'].map((name, i) =>
    cosign(text, witnessKey(`witness.example/${name}`, seedOf(name)), saksi.cosignatureTimes[i] ?? 0),
  )
  const reader = tileHashReader(size, () => tiles[0]?.bytes ?? new Uint8Array(0))
  const hashes = await inclusionProof(3, size, reader)
  const note = { text, signatures: [...signed.signatures, ...cosignatures] }
  expect(formatProof({ extra: null, index: 3, hashes, note })).toBe(saksi.proof)
  expect(saksi.proof.endsWith(formatNote(note))).toBe(true)
  expect(formatNote(note).endsWith(formatSignatureLines(cosignatures))).toBe(true)
})

it('verifies the proof file', () => {
  const proof = parseProof(saksi.proof)
  expect(formatProof(proof)).toBe(saksi.proof)
  const verified = verifyProof(proof, { policy: parsePolicy(policyText), leafHash: bytes(saksi.leafHash) })
  expect(verified.index).toBe(3)
  expect(verified.checkpoint.origin).toBe('log.example/custody')
  expect(verified.checkpoint.size).toBe(5)
  expect(verified.hasQuorum).toBe(true)
  expect(verified.witnesses).toEqual([
    { name: 'w1', keyName: 'witness.example/w1', time: 1768500000 },
    { name: 'w2', keyName: 'witness.example/w2', time: 1768500007 },
  ])
  expect(equalBytes(verified.checkpoint.root, bytes('74SZB0T0aWl7Rjb0c7oehq9HawepGhZbRetUdr1sbJI='))).toBe(
    true,
  )
})

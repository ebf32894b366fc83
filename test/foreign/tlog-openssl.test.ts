import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { bytesToBase64, bytesToHex } from '#lib/bytes/index.ts'
import {
  canonicalRecord,
  commit,
  cosign,
  cosignedMessage,
  formatCheckpoint,
  formatLeaf,
  leafHash,
  nodeHash,
  noteKey,
  parseNote,
  signNote,
  witnessKey,
} from '#lib/tlog/index.ts'
import { temporaryFolder } from '../run-saksi.ts'

const folder = temporaryFolder()
afterAll(folder.remove)
const at = (name: string) => join(folder.path, name)
const seed = (text: string) => createHash('sha256').update(text).digest()
const checkpoint = formatCheckpoint({ origin: 'log.example/custody', size: 1, root: leafHash(seed('leaf')) })

const record = {
  v: 1,
  type: 'report.received',
  id: '000102030405060708090a0b0c0d0e0f',
  log: 'log.example/custody',
  at: '2026-01-15T10:00:00Z',
  by: { role: 'survivor', key: '3f9a0c1d2e4b5a69' },
  body: { drop: 'cc7117c8810a06af00c3d26d9ba9d860a24bc00ddcce8f0249109fcea7344606', blobs: 2 },
} as const

it('signs checkpoints that openssl verifies', () => {
  const key = noteKey('log.example/custody', seed('a log for this test'))
  const [signature] = parseNote(signNote(checkpoint, [key])).signatures
  const body = Buffer.from(checkpoint)
  expect(isVerified(key.vkey.publicKey, body, signature?.signature)).toBe(true)
  expect(
    isVerified(key.vkey.publicKey, Buffer.from(checkpoint.replace('\n1\n', '\n2\n')), signature?.signature),
  ).toBe(false)
})

it('co-signs messages that openssl verifies', () => {
  const key = witnessKey('witness.example/w1', seed('a witness for this test'))
  const { signature } = cosign(checkpoint, key, 1768500000)
  const message = Buffer.from(`cosignature/v1\ntime 1768500000\n${checkpoint}`)
  expect(Buffer.from(cosignedMessage(1768500000, checkpoint))).toEqual(message)
  expect(isVerified(key.vkey.publicKey, message, signature.subarray(8))).toBe(true)
  expect(isVerified(key.vkey.publicKey, Buffer.from(checkpoint), signature.subarray(8))).toBe(false)
})

it('commits to a record as openssl computes it from the salt and the record file', () => {
  const salt = seed('a salt for this test')
  const bytes = canonicalRecord(record)
  writeFileSync(at('record.json'), bytes)
  const options = [
    '-sha256',
    '-mac',
    'HMAC',
    '-macopt',
    `hexkey:${bytesToHex(salt)}`,
    '-binary',
    at('record.json'),
  ]
  expect(execFileSync('openssl', ['dgst', ...options]).toString('base64')).toBe(
    bytesToBase64(commit(salt, bytes)),
  )
})

it('hashes leaves and nodes as openssl does', () => {
  const leaf = formatLeaf(seed('commitment'))
  writeFileSync(at('leaf'), Buffer.concat([Buffer.from([0]), leaf]))
  expect(digest('leaf')).toBe(bytesToBase64(leafHash(leaf)))
  const [left, right] = [seed('left'), seed('right')]
  writeFileSync(at('node'), Buffer.concat([Buffer.from([1]), left, right]))
  expect(digest('node')).toBe(bytesToBase64(nodeHash(left, right)))
})

function digest(name: string): string {
  return execFileSync('openssl', ['dgst', '-sha256', '-binary', at(name)]).toString('base64')
}

function isVerified(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array | undefined): boolean {
  const header = Buffer.from('302a300506032b6570032100', 'hex')
  const pem = Buffer.concat([header, publicKey]).toString('base64')
  writeFileSync(at('key.pem'), `-----BEGIN PUBLIC KEY-----\n${pem}\n-----END PUBLIC KEY-----\n`)
  writeFileSync(at('message'), message)
  writeFileSync(at('signature'), signature ?? '')
  const files = ['-inkey', at('key.pem'), '-in', at('message'), '-sigfile', at('signature')]
  const ran = spawnSync('openssl', ['pkeyutl', '-verify', '-pubin', '-rawin', ...files])
  if (ran.error) throw new Error('openssl is missing: sudo apt-get install openssl')
  return ran.status === 0
}

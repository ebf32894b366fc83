// Sealed files against the age and OpenSSL that Debian has, in both directions.
import { execFileSync, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  type AgeIdentity,
  collectBytes,
  deriveKey,
  hybridIdentityOf,
  KEY_LABELS,
  openBytes,
  openStream,
  SIGNATURE_LABELS,
  sealBytes,
  sealedLength,
  sealStream,
  signedBytes,
  signingKeyOf,
  signRecord,
  systemRandom,
  x25519IdentityOf,
} from '#lib/seal/index.ts'
import { temporaryFolder } from '../run-saksi.ts'

const folder = temporaryFolder()
afterAll(folder.remove)
const at = (name: string) => join(folder.path, name)
const PUBLIC_KEY_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')
// Inner pieces of age are 64 KiB; the last size runs over many of them.
const SIZES = [0, 1, 65_535, 65_536, 65_537, 3_000_000]
let agency: AgeIdentity
let inside: AgeIdentity

beforeAll(async () => {
  agency = await x25519IdentityOf(systemRandom(32))
  inside = await hybridIdentityOf(systemRandom(32))
  writeFileSync(at('agency.txt'), `${agency.secret}\n`, { mode: 0o600 })
  writeFileSync(at('inside.txt'), `${inside.secret}\n`, { mode: 0o600 })
})

function ageDecrypt(identityFile: string, sealed: Uint8Array): { bytes: Buffer | null; message: string } {
  writeFileSync(at('sealed.age'), sealed)
  const { status, stdout, stderr } = spawnSync('age', ['-d', '-i', at(identityFile), at('sealed.age')], {
    maxBuffer: 64 << 20,
  })
  return { bytes: status === 0 ? stdout : null, message: String(stderr) }
}

it('has the recipient that age-keygen derives from the identity', () => {
  const derived = execFileSync('age-keygen', ['-y', at('agency.txt')], { encoding: 'utf8' })
  expect(derived.trim()).toBe(agency.recipient)
})

it('seals hand-overs that age opens', async () => {
  for (const size of SIZES) {
    const bytes = randomBytes(size)
    const whole = await sealBytes(bytes, [agency.recipient])
    expect(whole).toHaveLength(sealedLength(size, 'x25519'))
    expect(ageDecrypt('agency.txt', whole).bytes?.equals(bytes), `${size} bytes`).toBe(true)
    const streamed = await collectBytes(
      sealStream([bytes.subarray(0, 10), bytes.subarray(10)], [agency.recipient]),
    )
    expect(ageDecrypt('agency.txt', streamed).bytes?.equals(bytes), `${size} bytes as a stream`).toBe(true)
  }
})

it('opens what age seals, whole and as a stream', async () => {
  for (const size of SIZES) {
    const bytes = randomBytes(size)
    const sealed = execFileSync('age', ['-r', agency.recipient], { input: bytes, maxBuffer: 64 << 20 })
    expect(Buffer.from(await openBytes(sealed, agency)).equals(bytes), `${size} bytes`).toBe(true)
    expect(Buffer.from(await collectBytes(openStream([sealed], agency))).equals(bytes)).toBe(true)
  }
})

it('makes age refuse what was altered, cut off or extended', async () => {
  const sealed = await sealBytes(randomBytes(100_000), [agency.recipient])
  const flipped = sealed.map((byte, i) => (i === 50_000 ? byte ^ 1 : byte))
  for (const bytes of [flipped, sealed.subarray(0, -1), Buffer.concat([sealed, Buffer.from([0])])])
    expect(ageDecrypt('agency.txt', bytes).bytes).toBeNull()
})

it('is told by age 1.1.1 that it does not know hybrid identities, which is why agencies get X25519', async () => {
  const version = execFileSync('age', ['--version'], { encoding: 'utf8' }).trim()
  const { bytes, message } = ageDecrypt('inside.txt', await sealBytes(new Uint8Array(8), [inside.recipient]))
  if (/^v?1\.[0-2]\./.test(version)) {
    expect(bytes).toBeNull()
    expect(message).toContain('unknown identity type')
  } else {
    expect(bytes).toEqual(Buffer.alloc(8))
  }
  expect(ageDecrypt('agency.txt', readFileSync(at('sealed.age'))).bytes).toBeNull()
})

it('signs records that OpenSSL verifies', () => {
  const key = signingKeyOf(systemRandom(32))
  const record = { mailbox: 'AAAAAAAAAAAAAAAAAAAAAA', op: 'mailbox.fetch' }
  writeFileSync(at('key.der'), Buffer.concat([PUBLIC_KEY_PREFIX, key.publicKey]))
  writeFileSync(at('signature'), signRecord(key, SIGNATURE_LABELS.mailbox, record))
  const isVerified = (message: Uint8Array) => {
    writeFileSync(at('message'), message)
    const command = ['pkeyutl', '-verify', '-rawin', '-pubin', '-keyform', 'DER', '-inkey', at('key.der')]
    return spawnSync('openssl', [...command, '-in', at('message'), '-sigfile', at('signature')]).status === 0
  }
  const text = 'saksi/v1/sig/mailbox\n{"mailbox":"AAAAAAAAAAAAAAAAAAAAAA","op":"mailbox.fetch"}'
  expect(Buffer.from(signedBytes(SIGNATURE_LABELS.mailbox, record)).toString()).toBe(text)
  expect(isVerified(Buffer.from(text))).toBe(true)
  expect(isVerified(Buffer.from(text.replace('fetch', 'post')))).toBe(false)
})

it('derives keys as the HKDF of OpenSSL does', () => {
  const secret = randomBytes(32)
  for (const label of Object.values(KEY_LABELS)) {
    const options = ['digest:SHA256', `hexkey:${secret.toString('hex')}`, `info:${label}`]
    const command = [
      'kdf',
      '-binary',
      '-keylen',
      '64',
      ...options.flatMap((option) => ['-kdfopt', option]),
      'HKDF',
    ]
    const derived = execFileSync('openssl', command)
    expect(Buffer.from(deriveKey(secret, label, 64)).toString('hex'), label).toBe(derived.toString('hex'))
  }
})

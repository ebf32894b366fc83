import { sha256 } from '@noble/hashes/sha2.js'
import { expect, it, vi } from 'vitest'
import { bytesToHex } from '../../bytes/index.ts'
import { makeReturnCode, parseReturnCode } from '../codes/return-code.ts'
import { RETURN_CODE_SERIES } from '../codes/series.ts'
import vector from '../vectors/return-code.json' with { type: 'json' }
import { argon2id, argon2idPortable } from './argon2.ts'
import { hybridIdentityOf, parseIdentity, x25519IdentityOf } from './identity.ts'
import { systemRandom } from './random.ts'
import { recipientKind } from './recipient.ts'
import { deriveReturnKeys, returnSalt } from './return-keys.ts'

const hashOfText = (text: string) => bytesToHex(sha256(new TextEncoder().encode(text)))

it('derives from the known code the known keys', async () => {
  const code = parseReturnCode(vector.code)
  expect(bytesToHex(returnSalt(vector.orgId, code.series))).toBe(vector.salt)
  const keys = await deriveReturnKeys(code, vector.orgId)
  expect(keys.mailbox).toBe(vector.mailbox)
  expect(bytesToHex(keys.auth.publicKey)).toBe(vector.authPublicKey)
  expect(bytesToHex(keys.sign.publicKey)).toBe(vector.signPublicKey)
  expect(keys.identity.secret).toBe(vector.identity)
  expect(keys.identity.recipient).toHaveLength(vector.recipientCharacters)
  expect(hashOfText(keys.identity.recipient)).toBe(vector.recipientSha256)
  expect(bytesToHex(keys.escrowSeed)).toBe(vector.escrowSeed)
})

it('computes the same with and without WebAssembly', async () => {
  const input = {
    ...RETURN_CODE_SERIES[1],
    password: new TextEncoder().encode(parseReturnCode(vector.code).digits),
    salt: returnSalt(vector.orgId, 1),
    lengthBytes: 32,
  }
  expect(bytesToHex(await argon2id(input))).toBe(vector.master)
  const shares: number[] = []
  const slow = await argon2idPortable(input, { onProgress: (share) => shares.push(share) })
  expect(bytesToHex(slow)).toBe(vector.master)
  expect(shares.length).toBeGreaterThan(1)
})

it('derives the same keys where the runtime forbids WebAssembly', async () => {
  const shares: number[] = []
  vi.stubGlobal('WebAssembly', undefined)
  try {
    const onProgress = (share: number) => shares.push(share)
    const keys = await deriveReturnKeys(parseReturnCode(vector.code), vector.orgId, { onProgress })
    expect(keys.mailbox).toBe(vector.mailbox)
  } finally {
    vi.unstubAllGlobals()
  }
  expect(shares.at(-1)).toBe(1)
})

it('gives another mailbox at another organisation', async () => {
  const code = parseReturnCode(vector.code)
  const other = await deriveReturnKeys(code, 'other.example')
  expect(other.mailbox).not.toBe(vector.mailbox)
  expect(bytesToHex(other.auth.publicKey)).not.toBe(vector.authPublicKey)
})

it('refuses ids of organisations that could be read in two ways', async () => {
  const code = makeReturnCode(systemRandom)
  for (const orgId of ['', 'a\n1', 'Org.example', 'org example', '.org', 'org.', 'a'.repeat(65), 'örg']) {
    await expect(deriveReturnKeys(code, orgId), orgId).rejects.toMatchObject({ code: 'SEAL_ORG_ID' })
  }
})

it('refuses Argon2id parameters that not every client can compute', async () => {
  const good = { iterations: 1, memoryKiB: 8, parallelism: 1, lengthBytes: 32 } as const
  const bytes = { password: new Uint8Array(8), salt: new Uint8Array(16) }
  const bad: Partial<Parameters<typeof argon2id>[0]>[] = [
    { iterations: 0 },
    { iterations: 17 },
    { iterations: 1.5 },
    { iterations: Number.NaN },
    { memoryKiB: 7 },
    { memoryKiB: 2 ** 20 },
    { lengthBytes: 15 },
    { lengthBytes: 65 },
    { salt: new Uint8Array(7) },
    { password: new Uint8Array(0) },
    { password: new Uint8Array(1025) },
  ]
  for (const change of bad) {
    const input = { ...good, ...bytes, ...change }
    await expect(argon2id(input)).rejects.toMatchObject({ code: 'SEAL_KDF_PARAMETERS' })
    await expect(argon2idPortable(input)).rejects.toMatchObject({ code: 'SEAL_KDF_PARAMETERS' })
  }
})

it('reads identities back from the text of the age tools', async () => {
  const seed = systemRandom(32)
  for (const identity of [await hybridIdentityOf(seed), await x25519IdentityOf(seed)]) {
    expect(await parseIdentity(identity.secret)).toEqual(identity)
    expect(recipientKind(identity.recipient)).toBe(identity.kind)
  }
})

it('refuses other texts as identity or recipient', async () => {
  const { secret, recipient } = await x25519IdentityOf(new Uint8Array(32).fill(3))
  const texts = ['', 'age1', 'AGE-SECRET-KEY-1', secret.toLowerCase(), `${secret} `, recipient]
  for (const text of texts) {
    await expect(parseIdentity(text), text).rejects.toMatchObject({ code: 'SEAL_IDENTITY' })
  }
  const wrongSum = recipient.slice(0, -1) + (recipient.endsWith('q') ? 'p' : 'q')
  for (const text of [
    '',
    secret,
    recipient.toUpperCase(),
    ` ${recipient}`,
    wrongSum,
    recipient.slice(0, -1),
  ]) {
    expect(() => recipientKind(text), text).toThrow(expect.objectContaining({ code: 'SEAL_RECIPIENT' }))
  }
})

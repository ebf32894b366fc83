import { ed25519 } from '@noble/curves/ed25519.js'
import { sha256 } from '@noble/hashes/sha2.js'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bytesToBase64 } from '../bytes/index.ts'
import { AppError } from '../errors/index.ts'
import { formatPrivateKey, parsePrivateKey } from './build/private-key.ts'
import { signManifest } from './build/sign-manifest.ts'
import { base64ToBytes } from './format/base64.ts'
import { utf8 } from './format/bytes.ts'
import { formatAllowedSigners, parseAllowedSigners, sshFingerprint } from './format/ssh-public-key.ts'
import { parseSshSignature } from './format/sshsig.ts'
import vector from './vectors/sshsig.json' with { type: 'json' }
import { verifyManifestSignature } from './verify/verify-signature.ts'

const seed = sha256(utf8(vector.seedText))
const publicKey = ed25519.getPublicKey(seed)
const file = utf8(vector.file)

function codeOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (error instanceof AppError) return error.code
    throw error
  }
  return 'none'
}

it('signs the known file to the known signature', () => {
  const armour = signManifest(file, seed)
  expect(armour.split('\n').slice(1, -2).join('')).toBe(vector.signatureBase64)
  expect(sshFingerprint(publicKey)).toBe(vector.fingerprint)
  expect(() => verifyManifestSignature(file, utf8(armour), publicKey)).not.toThrow()
})

it('refuses every change of a single byte, in the file and in the signature', () => {
  const armour = utf8(signManifest(file, seed))
  for (let at = 0; at < file.length; at++) {
    const changed = Uint8Array.from(file)
    changed[at] = (changed[at] ?? 0) ^ 1
    expect(
      codeOf(() => verifyManifestSignature(changed, armour, publicKey)),
      `byte ${at}`,
    ).toBe('SSHSIG_INVALID')
  }
  for (let at = 0; at < armour.length; at++) {
    const changed = Uint8Array.from(armour)
    changed[at] = (changed[at] ?? 0) ^ 1
    expect(
      codeOf(() => verifyManifestSignature(file, changed, publicKey)),
      `byte ${at}`,
    ).not.toBe('none')
  }
})

it('tells a signature for another purpose and one by another key from a forged one', () => {
  const other = sha256(utf8('saksi test key other'))
  expect(codeOf(() => verifyManifestSignature(file, utf8(signManifest(file, seed, 'git')), publicKey))).toBe(
    'SSHSIG_NAMESPACE',
  )
  expect(codeOf(() => verifyManifestSignature(file, utf8(signManifest(file, other)), publicKey))).toBe(
    'SSHSIG_KEY',
  )
})

it('reads hostile signature files without any other error than a coded one', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const armour = `-----BEGIN SSH SIGNATURE-----\n${bytesToBase64(bytes)}\n-----END SSH SIGNATURE-----\n`
      expect(codeOf(() => parseSshSignature(bytes))).toBe('SSHSIG_MALFORMED')
      expect(['SSHSIG_MALFORMED', 'KEY_MALFORMED']).toContain(codeOf(() => parseSshSignature(utf8(armour))))
    }),
  )
})

it('keeps one signer in the list of signers and refuses a second line', () => {
  const line = formatAllowedSigners({
    principal: 'custody@log.example',
    namespace: 'saksi-manifest-v1',
    publicKey,
  })
  expect(parseAllowedSigners(line)).toEqual({
    principal: 'custody@log.example',
    namespace: 'saksi-manifest-v1',
    publicKey,
  })
  for (const text of [line + line, line.trimEnd(), `#\n${line}`, '', line.replace(' namespaces=', ' x=')]) {
    expect(
      codeOf(() => parseAllowedSigners(text)),
      text,
    ).toBe('KEY_MALFORMED')
  }
})

it('reads back the private key it wrote, and PKCS#8', () => {
  expect(parsePrivateKey(utf8(formatPrivateKey(seed, 'manifest key')))).toEqual(seed)
  const pkcs8 = new Uint8Array([48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32, ...seed])
  const pem = `-----BEGIN PRIVATE KEY-----\n${bytesToBase64(pkcs8)}\n-----END PRIVATE KEY-----\n`
  expect(parsePrivateKey(utf8(pem))).toEqual(seed)
})

it('refuses private keys of other kinds, damaged ones and public keys', () => {
  const text = formatPrivateKey(seed, '')
  const pem = (label: string, body: string) =>
    utf8(`-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`)
  const cases: [Uint8Array, string][] = [
    [utf8(''), 'KEY_MALFORMED'],
    [utf8('ssh-ed25519 AAAA'), 'KEY_MALFORMED'],
    [pem('ENCRYPTED PRIVATE KEY', 'AAAA'), 'KEY_ENCRYPTED'],
    [pem('PRIVATE KEY', 'AAAA'), 'KEY_KIND'],
    [pem('RSA PRIVATE KEY', 'AAAA'), 'KEY_MALFORMED'],
    [utf8(text.slice(0, 200)), 'KEY_MALFORMED'],
    [new Uint8Array(20_000), 'KEY_MALFORMED'],
  ]
  for (const [bytes, code] of cases) expect(codeOf(() => parsePrivateKey(bytes))).toBe(code)
})

it('accepts base64 in its one exact form only', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      expect(base64ToBytes(bytesToBase64(bytes))).toEqual(bytes)
    }),
  )
  for (const text of ['AAA', 'AB==', 'AAB=', 'A===', '====', 'AA=A', 'AAAA\n', 'AA A', 'AA-_', '=AAA']) {
    expect(
      codeOf(() => base64ToBytes(text)),
      text,
    ).toBe('BASE64_INVALID')
  }
})

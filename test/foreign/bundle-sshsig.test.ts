import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import {
  formatAllowedSigners,
  formatPrivateKey,
  MANIFEST_NAMESPACE,
  parsePrivateKey,
  publicKeyOf,
  signManifest,
  sshFingerprint,
  verifyManifestSignature,
} from '#lib/bundle/index.ts'
import { temporaryFolder } from '../run-saksi.ts'

const folder = temporaryFolder()
afterAll(folder.remove)
const at = (name: string) => join(folder.path, name)
const seed = createHash('sha256').update('saksi test key manifest').digest()
const manifest = Buffer.from('made for this test\n')
const principal = 'custody@log.example'

it('is accepted by ssh-keygen, and no longer once a byte of the file differs', () => {
  writeFileSync(
    at('signers'),
    formatAllowedSigners({ principal, namespace: MANIFEST_NAMESPACE, publicKey: publicKeyOf(seed) }),
  )
  writeFileSync(at('manifest.sig'), signManifest(manifest, seed))
  const verify = (input: Buffer, namespace: string) =>
    spawnSync(
      'ssh-keygen',
      ['-Y', 'verify', '-f', at('signers'), '-I', principal, '-n', namespace, '-s', at('manifest.sig')],
      {
        input,
        encoding: 'utf8',
      },
    )
  const good = verify(manifest, MANIFEST_NAMESPACE)
  expect(good.stdout + good.stderr).toContain(sshFingerprint(publicKeyOf(seed)))
  expect(good.status).toBe(0)
  expect(verify(Buffer.from('made for this tesT\n'), MANIFEST_NAMESPACE).status).not.toBe(0)
  expect(verify(manifest, 'file').status).not.toBe(0)
})

it('reads keys and signatures that ssh-keygen made', () => {
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'custody', '-f', at('theirs')])
  writeFileSync(at('file'), manifest)
  execFileSync('ssh-keygen', ['-q', '-Y', 'sign', '-f', at('theirs'), '-n', MANIFEST_NAMESPACE, at('file')], {
    stdio: 'pipe',
  })
  const theirs = parsePrivateKey(readFileSync(at('theirs')))
  const signature = readFileSync(at('file.sig'))
  expect(() => verifyManifestSignature(manifest, signature, publicKeyOf(theirs))).not.toThrow()
  expect(signature.toString()).toBe(signManifest(manifest, theirs))
})

it('reads the Ed25519 keys of openssl and refuses those of other kinds and those with a passphrase', () => {
  execFileSync('openssl', ['genpkey', '-algorithm', 'ed25519', '-out', at('openssl.pem')])
  const raw = execFileSync('openssl', [
    'pkey',
    '-in',
    at('openssl.pem'),
    '-pubout',
    '-outform',
    'DER',
  ]).subarray(-32)
  expect(Buffer.from(publicKeyOf(parsePrivateKey(readFileSync(at('openssl.pem')))))).toEqual(raw)
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'not secret', '-f', at('locked')])
  execFileSync('ssh-keygen', ['-q', '-t', 'ecdsa', '-N', '', '-f', at('ecdsa')])
  expect(() => parsePrivateKey(readFileSync(at('locked')))).toThrow(
    expect.objectContaining({ code: 'KEY_ENCRYPTED' }),
  )
  expect(() => parsePrivateKey(readFileSync(at('ecdsa')))).toThrow(
    expect.objectContaining({ code: 'KEY_KIND' }),
  )
})

it('writes private keys that ssh-keygen reads', () => {
  writeFileSync(at('ours'), formatPrivateKey(seed, 'custody'), { mode: 0o600 })
  const line = execFileSync('ssh-keygen', ['-y', '-f', at('ours')], { encoding: 'utf8' })
  writeFileSync(at('ours.pub'), line)
  expect(execFileSync('ssh-keygen', ['-l', '-f', at('ours.pub')], { encoding: 'utf8' })).toContain(
    sshFingerprint(publicKeyOf(seed)),
  )
})

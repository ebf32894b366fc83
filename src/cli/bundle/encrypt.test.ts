import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { decryptFile, encryptFile, recipientLock } from './encrypt.ts'

const folder = mkdtempSync(join(tmpdir(), 'saksi-age-test-'))
const at = (name: string) => join(folder, name)
const recipients: string[] = []
const identities: string[] = []

beforeAll(() => {
  for (const name of ['one', 'two']) {
    execFileSync('age-keygen', ['-o', at(name)], { stdio: 'pipe' })
    recipients.push(execFileSync('age-keygen', ['-y', at(name)], { encoding: 'utf8' }).trim())
    identities.push(/AGE-SECRET-KEY-\S+/.exec(readFileSync(at(name), 'utf8'))?.[0] ?? '')
  }
})
afterAll(() => rmSync(folder, { recursive: true }))

it('encrypts what age decrypts, and decrypts what age encrypts, for two recipients and at every chunk border', async () => {
  for (const size of [0, 1, 65_535, 65_536, 65_537, 131_072, 1_048_576, 1_048_577, 300_000]) {
    const content = randomBytes(size)
    writeFileSync(at('plain'), content)
    for (const name of ['ours.age', 'theirs.age', 'back', 'back2']) rmSync(at(name), { force: true })
    await encryptFile(at('plain'), at('ours.age'), await recipientLock(recipients))
    for (const name of ['one', 'two']) {
      const opened = execFileSync('age', ['-d', '-i', at(name), at('ours.age')], { maxBuffer: 1 << 22 })
      expect(opened.equals(content), `${size} bytes by ${name}`).toBe(true)
    }
    execFileSync('age', ['-r', recipients[0] ?? '', '-o', at('theirs.age'), at('plain')])
    await decryptFile(at('theirs.age'), at('back'), { identities: identities.slice(0, 1), passphrase: null })
    expect(readFileSync(at('back')).equals(content), `${size} bytes`).toBe(true)
  }
  expect(readFileSync(at('ours.age')).length).toBe(300_362)
})

it('refuses another key, cut and changed files', async () => {
  writeFileSync(at('p'), randomBytes(200_000))
  await encryptFile(at('p'), at('s.age'), await recipientLock(recipients.slice(0, 1)))
  const sealed = readFileSync(at('s.age'))
  const tries: [Buffer, string[]][] = [
    [sealed, identities.slice(1)],
    [sealed.subarray(0, -1), identities],
    [sealed.subarray(0, 70_000), identities],
    [Buffer.concat([sealed.subarray(0, 150_000), Buffer.from([1]), sealed.subarray(150_001)]), identities],
    [Buffer.alloc(0), identities],
  ]
  for (const [i, [bytes, keys]] of tries.entries()) {
    writeFileSync(at(`t${i}`), bytes)
    const run = decryptFile(at(`t${i}`), at(`o${i}`), { identities: keys, passphrase: null })
    await expect(run, String(i)).rejects.toMatchObject({ code: 'BUNDLE_ENCRYPTED' })
  }
})

it('takes X25519 recipients only, with their checksum, and never overwrites', async () => {
  const [one = ''] = recipients
  for (const bad of [
    '',
    'age1',
    `${one}a`,
    one.toUpperCase(),
    `${one.slice(0, -1)}${one.endsWith('q') ? 'p' : 'q'}`,
    'age1pq1xyz',
    identities[0] ?? '',
    'ssh-ed25519 AAAA',
  ]) {
    await expect(recipientLock([one, bad]), bad).rejects.toMatchObject({ code: 'RECIPIENT_INVALID' })
  }
  await recipientLock(recipients)
  writeFileSync(at('there'), 'kept')
  await expect(encryptFile(at('p'), at('there'), await recipientLock(recipients))).rejects.toThrow()
  expect(readFileSync(at('there'), 'utf8')).toBe('kept')
  expect(existsSync(at('p'))).toBe(true)
})

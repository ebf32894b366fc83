import { execFileSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { askTimeStamp } from '#cli/bundle/ask-time-stamp.ts'
import { timeStampQuery, verifyTimeStamp } from '#lib/bundle/index.ts'
import { AppError } from '#lib/errors/index.ts'
import { temporaryFolder } from '../run-saksi.ts'
import {
  type AuthorityOptions,
  makeAuthority,
  sendReply,
  startServer,
  type TestAuthority,
} from './loopback-tsa.ts'

const folder = temporaryFolder()
const data = Buffer.from('a tag manifest\n')
const digest = createHash('sha256').update(data).digest()
const nonce = Buffer.from('0123456789abcdef', 'hex')
let good: TestAuthority

function authority(name: string, options: AuthorityOptions): TestAuthority {
  const path = join(folder.path, name)
  mkdirSync(path)
  return makeAuthority(path, options)
}

beforeAll(() => {
  good = authority('good', {})
})
afterAll(folder.remove)

async function codeOf(run: Promise<unknown>): Promise<string> {
  try {
    await run
  } catch (error) {
    for (let at: unknown = error; at instanceof Error; at = at.cause) {
      if (at instanceof AppError && at.code !== 'SEAL_TIMESTAMP') return at.code
    }
    return error instanceof AppError ? error.code : `uncoded: ${String(error)}`
  }
  return 'none'
}

const query = timeStampQuery(digest, nonce)
const check = (reply: Uint8Array, by: TestAuthority = good, asked: Uint8Array = query) =>
  codeOf(verifyTimeStamp({ data, query: asked, reply, roots: by.roots, chain: by.chain }))

it('asks what openssl understands: the digest, the nonce and the certificate', () => {
  expect(query.length).toBe(69)
  writeFileSync(join(folder.path, 'ours.tsq'), query)
  const shown = execFileSync('openssl', ['ts', '-query', '-in', join(folder.path, 'ours.tsq'), '-text'], {
    encoding: 'utf8',
  })
  expect(shown).toContain('Hash Algorithm: sha256')
  expect(shown).toContain('Nonce: 0x0123456789ABCDEF')
  expect(shown).toContain('Certificate required: yes')
})

it('accepts the reply of openssl and gives its time and its chain', async () => {
  const stamped = await verifyTimeStamp({
    data,
    query,
    reply: good.reply(query),
    roots: good.roots,
    chain: '',
  })
  expect(Math.abs(stamped.atMs - Date.now())).toBeLessThan(60_000)
  expect(stamped.policy).toBe('1.2.3.4.1')
  expect(stamped.path.length).toBe(3)
})

it('refuses a reply over something else, with another nonce, or without one', async () => {
  const other = createHash('sha256').update('other').digest()
  expect(await check(good.reply(timeStampQuery(other, nonce)))).toBe('TIMESTAMP_IMPRINT')
  expect(await check(good.reply(timeStampQuery(digest, randomBytes(8))))).toBe('TIMESTAMP_NONCE')
  const bare = Buffer.concat([
    Buffer.from('3039', 'hex'),
    query.subarray(2, 56),
    Buffer.from('0101ff', 'hex'),
  ])
  expect(await check(good.reply(bare))).toBe('TIMESTAMP_NONCE')
})

it('refuses a bare token, an error status, cut and padded replies and other bytes', async () => {
  const reply = good.reply(query)
  const token = execFileSync('openssl', [
    'ts',
    '-reply',
    '-in',
    join(folder.path, 'good', 'r.tsr'),
    '-token_out',
  ])
  expect(await check(token)).toBe('TIMESTAMP_MALFORMED')
  expect(await check(Buffer.from('30053003020102', 'hex'))).toBe('TIMESTAMP_REFUSED')
  for (const bytes of [
    Buffer.alloc(0),
    reply.subarray(0, -1),
    Buffer.concat([reply, Buffer.from([0])]),
    Buffer.from('<html>'),
    Buffer.from('30053003020100', 'hex'),
    Buffer.alloc(70_000),
  ]) {
    expect(await check(bytes)).toBe('TIMESTAMP_MALFORMED')
  }
})

it('refuses every reply with a changed byte that anything depends on, and never fails without a code', async () => {
  const reply = good.reply(query)
  const codes = new Map<string, number>()
  for (let at = 0; at < reply.length; at += 7) {
    const changed = Buffer.from(reply)
    changed[at] = (changed[at] ?? 0) ^ 0x01
    const code = await check(changed)
    codes.set(code, (codes.get(code) ?? 0) + 1)
  }
  expect([...codes.keys()].filter((code) => code !== 'none' && !code.startsWith('TIMESTAMP_'))).toEqual([])
  expect(codes.get('TIMESTAMP_SIGNATURE') ?? 0).toBeGreaterThan(5)
})

it('trusts only the configured roots', async () => {
  const other = authority('other', {})
  expect(await check(other.reply(query), good)).toBe('TIMESTAMP_CHAIN')
  expect(await check(good.reply(query), { ...good, roots: '' })).toBe('TIMESTAMP_CHAIN')
})

it('refuses certificates that are not made for time stamping alone', async () => {
  // openssl itself refuses to sign with those, so the certificate is exchanged beneath a good key.
  for (const [name, usage] of [
    ['server', 'critical,serverAuth'],
    ['both', 'critical,timeStamping,serverAuth'],
    ['lax', 'timeStamping'],
  ] as const) {
    const made = authority(name, { usage: 'critical,timeStamping' })
    const path = join(folder.path, name)
    writeFileSync(join(path, 'tsa.ext'), `basicConstraints=critical,CA:FALSE\nextendedKeyUsage=${usage}\n`)
    const reply = made.reply(query)
    const good = execFileSync('openssl', ['x509', '-in', 'tsa.pem', '-outform', 'DER'], { cwd: path })
    execFileSync(
      'openssl',
      [
        'ca',
        '-batch',
        '-notext',
        '-config',
        'ca.cnf',

        '-in',
        'tsa.csr',
        '-out',
        'bad.pem',
        '-extfile',
        'tsa.ext',
        '-startdate',
        '20200101000000Z',
        '-enddate',
        '20400101000000Z',
        '-cert',
        'middle.pem',
        '-keyfile',
        'middle.key',
      ],
      { cwd: path, stdio: 'pipe' },
    )
    const bad = execFileSync('openssl', ['x509', '-in', 'bad.pem', '-outform', 'DER'], { cwd: path })
    expect(reply.includes(good)).toBe(true)
    expect(bad.equals(good)).toBe(false)
    expect(await codeOf(signedWithPurpose(path, 'bad.pem', made))).toBe('TIMESTAMP_CERTIFICATE')
  }
})

/** A reply that names and carries a certificate of the wrong purpose, signed by its key: made with `openssl cms`. */
async function signedWithPurpose(path: string, certificate: string, made: TestAuthority): Promise<unknown> {
  execFileSync('openssl', ['ts', '-reply', '-in', 'r.tsr', '-token_out', '-out', 'token.der'], { cwd: path })
  execFileSync(
    'openssl',
    ['cms', '-verify', '-noverify', '-in', 'token.der', '-inform', 'DER', '-out', 'info.der'],
    { cwd: path, stdio: 'pipe' },
  )
  execFileSync(
    'openssl',
    [
      'cms',
      '-sign',
      '-binary',
      '-nodetach',
      '-nosmimecap',
      '-cades',
      '-md',
      'sha256',
      '-econtent_type',
      '1.2.840.113549.1.9.16.1.4',
      '-in',
      'info.der',
      '-signer',
      certificate,
      '-inkey',
      'tsa.key',
      '-outform',
      'DER',
      '-out',
      'forged.der',
    ],
    { cwd: path, stdio: 'pipe' },
  )
  const token = execFileSync('cat', ['forged.der'], { cwd: path })
  const status = Buffer.from('3003020100', 'hex')
  const length = status.length + token.length
  const reply = Buffer.concat([Buffer.from([0x30, 0x82, length >> 8, length & 255]), status, token])
  return verifyTimeStamp({ data, query, reply, roots: made.roots, chain: made.chain })
}

it('accepts a certificate that has expired since, and refuses one that was not valid at the time', async () => {
  const stamp = (year: number) => `${year}0101000000Z`
  const year = new Date().getUTCFullYear()
  const past = authority('past', { notBefore: stamp(year - 5), notAfter: stamp(year - 4) })
  expect(await codeOf(forgedNow(past, 'past'))).toBe('TIMESTAMP_CHAIN')
  const valid = authority('valid', { notBefore: stamp(year - 1), notAfter: stamp(year + 2) })
  expect(await codeOf(forgedNow(valid, 'valid'))).toBe('none')
})

/** openssl does not sign with an expired certificate: the token is made with `openssl cms` over a good one's content. */
async function forgedNow(made: TestAuthority, name: string): Promise<unknown> {
  good.reply(query)
  const path = join(folder.path, name)
  execFileSync('cp', [join(folder.path, 'good', 'r.tsr'), path])
  return signedWithPurpose(path, 'tsa.pem', made)
}

async function asking(
  answer: (query: Buffer, response: ServerResponse) => void,
  by = good,
  nowMs = Date.now(),
) {
  const server = await startServer(answer)
  try {
    const { roots, chain } = by
    return await askTimeStamp(
      { name: 'loopback', url: server.url, roots, chain },
      { data, digest, nonce: randomBytes(8), nowMs, signal: new AbortController().signal },
    )
  } finally {
    await server.close()
  }
}

it('takes a time stamp from a server and keeps the whole reply', async () => {
  const stamp = await asking((asked, response) => sendReply(response, good.reply(asked)))
  const at = (name: string) => join(folder.path, name)
  writeFileSync(at('data'), data)
  writeFileSync(at('kept.tsr'), stamp.reply)
  writeFileSync(at('root.pem'), good.roots)
  writeFileSync(at('chain.pem'), good.chain)
  const verified = execFileSync(
    'openssl',
    [
      'ts',
      '-verify',
      '-data',
      at('data'),
      '-in',
      at('kept.tsr'),
      '-CAfile',
      at('root.pem'),
      '-untrusted',
      at('chain.pem'),
    ],
    { stdio: 'pipe', encoding: 'utf8' },
  )
  expect(verified).toContain('Verification: OK')
})

it('refuses a server that answers with anything else, and never follows it elsewhere', async () => {
  const elsewhere = await startServer((asked, response) => sendReply(response, good.reply(asked)))
  let asked = 0
  const shelf: [string, (query: Buffer, response: ServerResponse) => void][] = [
    ['error', (_, response) => response.writeHead(500).end()],
    ['no content', (_, response) => response.writeHead(204).end()],
    ['page', (_, response) => response.writeHead(200, { 'Content-Type': 'text/html' }).end('<html>')],
    ['elsewhere', (_, response) => response.writeHead(307, { Location: elsewhere.url }).end()],
    ['cut off', (_, response) => response.destroy()],
    ['endless', (_, response) => sendReply(response, Buffer.alloc(1_000_000))],
    ['empty', (_, response) => sendReply(response, Buffer.alloc(0))],
    ['same for all', (_, response) => sendReply(response, good.reply(query))],
  ]
  for (const [name, answer] of shelf) {
    const run = asking((sent, response) => {
      asked++
      answer(sent, response)
    })
    await expect(run, name).rejects.toMatchObject({ code: 'SEAL_TIMESTAMP' })
  }
  expect(asked).toBe(shelf.length)
  await elsewhere.close()
})

it('refuses a time stamp of another time than now', async () => {
  const run = asking(
    (asked, response) => sendReply(response, good.reply(asked)),
    good,
    Date.now() + 11 * 60_000,
  )
  await expect(run).rejects.toMatchObject({ code: 'SEAL_TIMESTAMP' })
})

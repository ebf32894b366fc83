import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { parsePrivateKey, timeStampQuery } from '#lib/bundle/index.ts'
import { withLists } from '#lib/bundle/testing.ts'
import { bundle, everyFile, her, makeFirst, type Setting, script, setUp } from './bundle-command.ts'
import { writeBag } from './bundle-fixtures.ts'
import { makeAuthority, sendReply, startServer } from './loopback-tsa.ts'

let setting: Setting
let bag: string
beforeAll(async () => {
  setting = await setUp()
  bag = (await makeFirst(setting)).bag
})
afterAll(() => setting.close())

it('notices every changed byte of a time stamp in its reply, and one over something else', async () => {
  const reply = readFileSync(join(bag, 'seal/tsa-1.tsr'))
  for (let place = 0; place < reply.length; place += Math.ceil(reply.length / 6)) {
    const changed = Buffer.from(reply)
    changed[place] = (changed[place] ?? 0) ^ 1
    writeFileSync(join(bag, 'seal/tsa-1.tsr'), changed)
    expect((await bundle('verify', bag, '--allow-no-witness')).exitCode, `byte ${place}`).toBe(3)
    expect(script(bag, '--allow-no-witness').status, `byte ${place}`).toBe(1)
  }
  writeFileSync(join(bag, 'seal/tsa-1.tsr'), reply)
  expect((await bundle('verify', bag, '--allow-no-witness')).exitCode).toBe(0)
})

it('takes an authority whose certificate the root itself has signed', async () => {
  const { at, fingerprint, authority, tsa, unpack, base } = setting
  mkdirSync(at('direct'))
  const direct = makeAuthority(at('direct'), { isDirect: true })
  writeFileSync(at('direct-root.pem'), direct.roots)
  const server = await startServer((query, response) => sendReply(response, direct.reply(query)))
  const stamped = ['--tsa', server.url, tsa.url, '--tsa-roots', at('both.pem')]
  writeFileSync(at('both.pem'), direct.roots + authority.roots)
  const made = await bundle(...base(), '--entry', her.entry, ...stamped, '--out', at('direct.zip'))
  await server.close()
  expect(made.refused).toBeNull()
  const bag = unpack('direct.zip', 'direct-bag')
  expect(readFileSync(join(bag, 'trust/tsa/tsa-1.chain.pem'), 'utf8')).toBe('')
  // Of many roots only the one used comes along.
  expect(readFileSync(join(bag, 'trust/tsa/tsa-2.roots.pem'), 'utf8').split('BEGIN').length).toBe(2)
  const checked = script(bag, '--fingerprint', fingerprint)
  expect(checked.stdout.split('\n').filter((line) => line.startsWith('FAIL'))).toEqual([])
  expect(checked.status).toBe(0)
  expect((await bundle('verify', bag)).exitCode).toBe(0)
})

it('notices a time stamp over something else, whoever signs again', async () => {
  const { at, authority } = setting
  const seed = parsePrivateKey(readFileSync(at('manifest.key')))
  const query = readFileSync(join(bag, 'seal/tsa-1.tsq'))
  const other = timeStampQuery(createHash('sha256').update('another list').digest(), randomBytes(8))
  const exchanged: Record<string, (files: Map<string, Uint8Array>) => void> = {
    reply: (files) => files.set('seal/tsa-1.tsr', authority.reply(other)),
    both: (files) => files.set('seal/tsa-1.tsq', other).set('seal/tsa-1.tsr', authority.reply(other)),
    nonce: (files) =>
      files.set('seal/tsa-1.tsr', authority.reply(timeStampQuery(query.subarray(24, 56), randomBytes(8)))),
    roots: (files) => files.set('trust/tsa/tsa-1.roots.pem', Buffer.from(authority.chain)),
    chain: (files) => files.set('trust/tsa/tsa-1.chain.pem', Buffer.from('')),
  }
  for (const [name, exchange] of Object.entries(exchanged)) {
    const files = new Map<string, Uint8Array>(everyFile(bag))
    exchange(files)
    writeBag(at(`stamp-${name}`), withLists(files, seed))
    const checked = script(at(`stamp-${name}`), '--allow-no-witness')
    expect(checked.stdout, name).toContain('FAIL  time stamp tsa-1')
    expect(checked.status, name).toBe(1)
    const verified = await bundle('verify', at(`stamp-${name}`), '--allow-no-witness')
    expect(verified.exitCode, name).toBe(3)
    // Roots and chain stand in the list that was stamped, so that neither can be exchanged later.
    expect(verified.out, name).toContain('FAIL  time-stamp.tsa-1')
  }
})

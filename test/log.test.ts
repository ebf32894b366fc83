import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  recordFile,
  run,
  runJson,
  type Serving,
  serving,
  type WitnessProgram,
  witnessProgram,
} from './log-program.ts'
import { saksi, temporaryFolder } from './run-saksi.ts'

const temporary = temporaryFolder()
const log = join(temporary.path, 'custody')
const policy = join(temporary.path, 'policy.txt')
const witnesses: WitnessProgram[] = []
let logKey = ''
let receiptsKey = ''

const at = (name: string): string => join(temporary.path, name)
const CASE = { case: '000102030405060708090a0b0c0d0e0f' }

beforeAll(async () => {
  for (const name of ['w1', 'w2', 'w3']) witnesses.push(await witnessProgram(temporary.path, name))
  const options = witnesses.flatMap(({ vkey, url }) => ['--witness', `${vkey}@${url}`])
  const made = await runJson(['log', 'init', log, '--origin', 'custody.example.org/log', ...options])
  logKey = String(made['logKey'])
  receiptsKey = String(made['receiptsKey'])
  for (const witness of witnesses) await witness.know(logKey)
  cpSync(join(log, 'served', 'policy'), policy)
})

afterAll(async () => {
  for (const witness of witnesses) await witness.stop()
  temporary.remove()
})

it('leads from a record to a proof that holds without the log', async () => {
  const { record, commitment, state } = await runJson([
    'log',
    'append',
    log,
    recordFile(temporary.path, 'case.opened', CASE),
  ])
  expect(state).toBe('pending')
  const published = await runJson(['log', 'checkpoint', log, '--now'])
  expect(published).toMatchObject({ state: 'published', witnesses: [{}, {}, {}] })
  const proof = at('report.tlog-proof')
  expect((await run(['log', 'prove', log, String(record), '--out', proof])).stdout.trim()).toBe(proof)
  expect(statSync(proof).mode & 0o777).toBe(0o600)

  const copy = at('elsewhere')
  mkdirSync(copy)
  for (const file of [proof, policy]) cpSync(file, join(copy, file.slice(temporary.path.length + 1)))
  const verified = await runJson([
    'receipt',
    'verify',
    join(copy, 'report.tlog-proof'),
    '--policy',
    join(copy, 'policy.txt'),
  ])
  expect(verified).toMatchObject({ origin: 'custody.example.org/log', quorum: true })
  await run(['receipt', 'verify', proof, '--policy', policy, '--commitment', String(commitment)])
  const { stderr } = await run(
    ['receipt', 'verify', proof, '--policy', policy, '--commitment', Buffer.alloc(32).toString('base64')],
    3,
  )
  expect(stderr).toContain('[OPENING_MISMATCH]')
  expect((await run(['log', 'prove', log, String(record), '--out', proof], 3)).stderr).toContain(
    '[LOG_OUTPUT_EXISTS]',
  )
})

it('gives interim receipts that can be checked, and none for what is no record', async () => {
  const receipt = at('receipt.txt')
  await run(['log', 'append', log, recordFile(temporary.path, 'case.opened', CASE), '--out', receipt])
  const [, origin, commitment = ''] = readFileSync(receipt, 'utf8').split('\n')
  expect(origin).toBe('custody.example.org/log')
  const genuine = await runJson([
    'receipt',
    'interim',
    receipt,
    '--key',
    receiptsKey,
    '--commitment',
    commitment,
  ])
  expect(genuine).toMatchObject({ origin: 'custody.example.org/log' })
  const codes: string[] = []
  for (const args of [
    ['receipt', 'interim', receipt, '--key', logKey, '--commitment', commitment],
    ['receipt', 'interim', receipt, '--key', receiptsKey, '--commitment', 'ab'.repeat(32)],
    [
      'log',
      'append',
      log,
      recordFile(temporary.path, 'case.opened', { note: 'Nur Aisyah, +1 202-555-0142' }),
    ],
    ['log', 'append', log, at('no-such-file')],
    ['log', 'prove', log, commitment],
    ['log', 'prove', log, 'ab'.repeat(16)],
    ['log', 'prove', log, 'ab'.repeat(32)],
    ['log', 'append', at('nowhere'), receipt],
    ['log', 'init', log, '--origin', 'custody.example.org/log'],
  ]) {
    const { stderr } = await run(args, 3)
    codes.push(/\[([A-Z_]+)\]/.exec(stderr)?.[1] ?? stderr)
  }
  expect(codes).toEqual([
    'NOTE_UNVERIFIED',
    'RECEIPT_MISMATCH',
    'RECORD_BODY',
    'LOG_INPUT_INVALID',
    'LOG_RECORD_PENDING',
    'LOG_OPENING_MISSING',
    'LOG_RECORD_UNKNOWN',
    'LOG_NOT_FOUND',
    'LOG_EXISTS',
  ])
})

it('serves a log with the headers of its files and nothing else of its folder', async () => {
  const server: Serving = await serving(['log', 'serve', log])
  try {
    const head = async (path: string): Promise<(string | number | null)[]> => {
      const response = await fetch(`${server.url}${path}`)
      await response.arrayBuffer()
      return [response.status, response.headers.get('content-type'), response.headers.get('cache-control')]
    }
    const text = 'text/plain; charset=utf-8'
    const forEver = 'public, max-age=31536000, immutable'
    expect(await head('/checkpoint')).toEqual([200, text, 'public, max-age=5'])
    expect(await head('/policy')).toEqual([200, text, 'public, max-age=300'])
    expect(await head('/tile/0/000.p/16')).toEqual([200, 'application/octet-stream', forEver])
    expect(await head('/tile/entries/000.p/16')).toEqual([200, 'application/octet-stream', forEver])
    const hidden = [
      '/',
      '/log.json',
      '/../log.json',
      '/%2e%2e/log.json',
      '/..%2fkeys/log.key',
      '/tile/0/000.p',
      '/tile/0/0',
      '/tile/0/000.p/016',
      '/tile/00/000.p/16',
      '/checkpoint?x',
      '/checkpoint.new',
      '/public/01.json',
      '//checkpoint',
      '/state/pending.jsonl',
    ]
    for (const path of hidden) expect([path, (await head(path))[0]]).toEqual([path, 404])
    const posted = await fetch(`${server.url}/checkpoint`, { method: 'POST', body: 'x' })
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
    const served = await (await fetch(`${server.url}/checkpoint`)).text()
    expect(served).toBe(readFileSync(join(log, 'served', 'checkpoint'), 'utf8'))
    const length = (await fetch(`${server.url}/tile/entries/000.p/16`, { method: 'HEAD' })).headers.get(
      'content-length',
    )
    expect(length).toBe(String(61 * 16))
  } finally {
    expect((await server.stop()).code).toBe(0)
  }
})

it('finds what was altered in a copy of what is served', async () => {
  const copy = at('mirror')
  cpSync(join(log, 'served'), copy, { recursive: true })
  expect(await runJson(['log', 'verify', copy, '--policy', policy])).toMatchObject({ faults: [] })
  const bundle = join(copy, 'tile', 'entries', '000.p', '16')
  const bytes = readFileSync(bundle)
  bytes.writeUInt8(0x41 ^ (bytes[40] ?? 0) ^ 0x42, 40)
  writeFileSync(bundle, bytes)
  expect((await runJson(['log', 'verify', copy, '--policy', policy], 3))['faults']).not.toEqual([])
  const wrong = at('wrong-policy.txt')
  writeFileSync(wrong, readFileSync(policy, 'utf8').replace(/^log .*$/m, `log ${receiptsKey}`))
  expect((await run(['log', 'verify', copy, '--policy', wrong], 3)).stderr).toContain('[NOTE_UNVERIFIED]')
})

it('erases a record so that no byte of it is left, and keeps every proof', async () => {
  const body = {
    exhibit: 'ee'.repeat(16),
    plainSha256: 'a7'.repeat(32),
    plainBytes: 5,
    cipherSha256: 'b8'.repeat(32),
    mime: 'image/jpeg',
  }
  const { record } = await runJson([
    'log',
    'append',
    log,
    recordFile(temporary.path, 'exhibit.preserved', body),
  ])
  await runJson(['log', 'checkpoint', log, '--now'])
  const proof = at('erased.tlog-proof')
  await run(['log', 'prove', log, String(record), '--out', proof])
  const before = readFileSync(join(log, 'served', 'checkpoint'))
  const { loggedAs } = await runJson(['log', 'erase', log, String(record)])
  expect(readFileSync(join(log, 'served', 'checkpoint'))).toEqual(before)
  expect((await run(['log', 'erase', log, String(record)], 3)).stderr).toContain('[LOG_OPENING_MISSING]')
  await run(['receipt', 'verify', proof, '--policy', policy])
  await runJson(['log', 'checkpoint', log, '--now'])
  await run(['log', 'prove', log, String(loggedAs), '--out', at('erasure.tlog-proof')])
  expect(await runJson(['log', 'fsck', log])).toMatchObject({ faults: [] })
  expect((await saksi(['log', 'erase', log, await genesisId()])).stderr).toContain('[LOG_INPUT_INVALID]')
})

async function genesisId(): Promise<string> {
  const { stdout } = await run(['log', 'fsck', log, '--json'])
  expect(JSON.parse(stdout).openingCount).toBeGreaterThan(0)
  const [name = ''] = readdirSync(join(log, 'served', 'public'))
  return JSON.parse(readFileSync(join(log, 'served', 'public', name), 'utf8')).record.id
}

it('says what is safe when witnesses do not answer, with an exit code of its own', async () => {
  for (const witness of witnesses.slice(1)) await witness.stop()
  const before = readFileSync(join(log, 'served', 'checkpoint'))
  expect(await runJson(['log', 'checkpoint', log, '--now', '--patience', '1'], 1)).toMatchObject({
    state: 'unwitnessed',
  })
  expect(readFileSync(join(log, 'served', 'checkpoint'))).toEqual(before)
  expect(existsSync(join(log, 'lock'))).toBe(false)
})

it('shows examples in its help and refuses an address that is none', async () => {
  for (const command of [['log', 'append'], ['witness'], ['receipt', 'verify']]) {
    expect((await run([...command, '--help'])).stdout).toContain('$ saksi')
  }
  expect((await run(['log', 'serve', log, '--listen', 'everywhere'], 2)).stderr).toContain('[USAGE]')
  rmSync(at('mirror'), { recursive: true, force: true })
})

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { bundle, everyFile, her, type Setting, script, setUp } from './bundle-command.ts'

let setting: Setting
beforeAll(async () => {
  setting = await setUp()
})
afterAll(() => setting.close())

it('takes pointers to withheld material and nothing that describes it, and has the log record their number', async () => {
  const { at, fingerprint, unpack, base } = setting
  const pointer = {
    platform: 'telegram',
    placeId: 'tg:channel:990000000101',
    link: null,
    messageId: '77',
    sentAt: '2026-01-15T10:00:00Z',
    authorId: null,
    markedBy: 'W-017',
    markedAt: '2026-01-16T08:00:00Z',
  }
  const with_ = [...base(), '--entry', her.entry, '--withheld-pointers', at('pointers.json')]
  for (const bad of [
    [{ ...pointer, sha256: 'a'.repeat(64) }],
    [{ ...pointer, fileName: 'x.jpg' }],
    [{ platform: 'telegram' }],
    [pointer, pointer, pointer, pointer],
    { items: [pointer] },
    'no json',
  ]) {
    writeFileSync(at('pointers.json'), typeof bad === 'string' ? bad : JSON.stringify(bad))
    expect((await bundle(...with_, '--out', at('never.zip'))).refused).toBe('POINTERS_INVALID')
  }
  writeFileSync(at('pointers.json'), JSON.stringify([pointer]))
  const logged = ['--log', at('log'), '--allow-no-witness']
  expect((await bundle(...with_, ...logged, '--out', at('pointers.zip'))).refused).toBeNull()
  const bag = unpack('pointers.zip', 'pointers')
  expect(JSON.parse(readFileSync(join(bag, 'data/withheld.json'), 'utf8'))).toEqual({
    count: 3,
    items: [pointer],
  })
  expect(readFileSync(join(bag, 'proofs/P0001.record.json'), 'utf8')).toContain('"type":"exhibit.withheld"')
  const checked = script(bag, '--fingerprint', fingerprint, '--allow-no-witness')
  expect(checked.stdout).toContain('ok    P0001: the log records the number and the pointers')
  expect(checked.status).toBe(0)
  expect((await bundle('verify', bag, '--allow-no-witness')).exitCode).toBe(0)
})

it('records in the log that a bundle was handed over and acknowledged, with the digest of the very file', async () => {
  const { at, base } = setting
  const with_ = [...base(), '--entry', her.entry, '--log', at('log'), '--allow-no-witness']
  const made = await bundle(...with_, '--json', '--out', at('handed.zip'))
  const { id, sha256 } = JSON.parse(made.out.split('\n').find((line) => line.startsWith('{')) ?? '')
  const handOver = (...more: string[]) => [
    'handover',
    at('handed.zip'),
    '--bundle',
    id,
    '--agency',
    'Test Police',
    '--key',
    at('manifest.key'),
    '--log',
    at('log'),
    ...more,
  ]
  const sent = await bundle(...handOver('--method', 'courier', '--receipt', at('sent.receipt'), '--json'))
  expect(sent.refused).toBeNull()
  const { commitment, sha256: recorded } = JSON.parse(sent.out)
  expect(recorded).toBe(sha256)
  expect(readFileSync(at('sent.receipt'), 'utf8')).toContain(commitment)
  const confirmed = await bundle(
    ...handOver('--method', 'courier', '--acknowledged', '--reference', 'D11/2026/114'),
  )
  expect(confirmed.out).toContain('acknowledged by Test Police')
  const openings = everyFile(at('log')).filter(([path]) => /openings\/[0-9a-f]{32}\.json$/.test(path))
  const records = openings.map(([, bytes]) => JSON.parse(bytes.toString('utf8')).record)
  const bodies = records.filter(({ type }) => type.startsWith('handover.'))
  expect(bodies.map(({ type }) => type).sort()).toEqual(['handover.acknowledged', 'handover.made'])
  for (const { body } of bodies)
    expect(body).toMatchObject({ bundle: id, agency: 'Test-Police', method: 'courier', zipAgeSha256: sha256 })
  const refusals: [string[], string][] = [
    [['--method', 'by hand'], 'USAGE'],
    [['--method', 'courier', '--bundle', 'x'], 'USAGE'],
    [['--method', 'courier', '--log', at('nowhere')], 'LOG_NOT_FOUND'],
  ]
  for (const [args, code] of refusals)
    expect((await bundle(...handOver(...args))).refused, args.join(' ')).toBe(code)
  const gone = handOver('--method', 'courier').map((arg) => (arg === at('handed.zip') ? at('gone.zip') : arg))
  expect((await bundle(...gone)).refused).toBe('BUNDLE_UNREADABLE')
})

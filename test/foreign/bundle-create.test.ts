import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { bundle, her, makeFirst, people, type Setting, script, setUp } from './bundle-command.ts'
import { writeScan } from './bundle-scan-fixture.ts'

let setting: Setting
beforeAll(async () => {
  setting = await setUp()
})
afterAll(() => setting.close())

it('makes a bundle with log, time stamp and an encrypted picture that age, openssl and the script accept', async () => {
  const { at, fingerprint } = setting
  const { made, bag } = await makeFirst(setting)
  expect(made.refused).toBeNull()
  expect(made.out).toContain(fingerprint)
  execFileSync('unzip', ['-tqq', at('H1.zip')])
  const checked = script(bag, '--fingerprint', fingerprint, '--allow-no-witness')
  expect(checked.stdout.split('\n').filter((line) => line.startsWith('FAIL'))).toEqual([])
  expect(checked.status).toBe(0)
  expect(checked.stdout).toMatch(/tsa-1 stamped it at .* GMT/)
  expect(readFileSync(join(bag, 'data/exhibits/E0001/exhibit.json'), 'utf8')).toContain(
    '"capturedBy": "witness W-017"',
  )
  for (const ending of ['txt', 'ms.txt', 'zh-Hans.txt', 'ta.txt'])
    expect(readFileSync(join(bag, `certificates/my-s90a-witness-device.${ending}`), 'utf8')).toContain(
      'Telegram Desktop',
    )
  expect(readdirSync(join(bag, 'report')).sort()).toEqual([
    'questions.txt',
    'report.html',
    'report.ms.html',
    'report.pdf',
    'report.ta.html',
    'report.zh-Hans.html',
  ])
  const picture = execFileSync('age', [
    '-d',
    '-i',
    at('agency.key'),
    join(bag, 'data/exhibits/E0001/original.age'),
  ])
  expect(picture.equals(her.picture)).toBe(true)
  expect(createHash('sha256').update(picture).digest('hex')).toBe(
    JSON.parse(readFileSync(join(bag, 'data/exhibits/E0001/exhibit.json'), 'utf8')).plainSha256,
  )
  for (const file of ['H1.zip.age', 'H1.zip', 'h1']) {
    const verified = await bundle(
      'verify',
      at(file),
      '--fingerprint',
      fingerprint,
      '--allow-no-witness',
      '--identity',
      at('agency.key'),
    )
    expect({ file, ...verified }).toMatchObject({ exitCode: 0, refused: null })
    expect(verified.out).toContain('The key is the one whose fingerprint was given.')
  }
  const strict = await bundle('verify', at('H1.zip'))
  expect(strict.exitCode).toBe(3)
})

it('does not say whose pictures it hands over by accident', async () => {
  const { at, recipient, base } = setting
  const made = await bundle(...base(), '--out', at('all.zip'))
  expect(made.refused).toBe('EXHIBIT_UNKNOWN')
  const one = await bundle(...base(), '--entry', her.entry, '--out', at('one.zip'))
  expect(one.out).toContain('Exhibits: 1, of which 0 with their file')
  writeFileSync(at('stranger.jpg'), 'another file')
  expect(
    (await bundle(...base(), '--exhibit', at('stranger.jpg'), '--to', recipient, '--out', at('x.zip')))
      .refused,
  ).toBe('EXHIBIT_UNKNOWN')
})

it('leaves nothing behind when something is missing', async () => {
  const { at, recipient, tsa, base, path } = setting
  const refusals: [string[], string][] = [
    [['--exhibit', at('hers.jpg')], 'RECIPIENT_MISSING'],
    [
      [
        '--exhibit',
        at('hers.jpg'),
        '--to',
        `${recipient.slice(0, -1)}${recipient.endsWith('q') ? 'p' : 'q'}`,
      ],
      'RECIPIENT_INVALID',
    ],
    [
      ['--entry', her.entry, '--tsa', 'http://127.0.0.1:1/', '--tsa-roots', at('roots.pem')],
      'SEAL_TIMESTAMP',
    ],
    [['--entry', her.entry, '--tsa', tsa.url], 'SEAL_TIMESTAMP'],
    [['--entry', her.entry, '--log', at('log')], 'LOG_UNWITNESSED'],
    [['--entry', her.entry, '--log', at('nowhere')], 'LOG_NOT_FOUND'],
    [
      ['--entry', her.entry, '--consent', '1', '--agency', 'A', '--consent-expires', '2020-01-01T00:00:00Z'],
      'CONSENT_MISSING',
    ],
  ]
  const before = readdirSync(path).sort()
  for (const [args, code] of refusals) {
    expect((await bundle(...base(), ...args, '--out', at('refused.zip'))).refused, args.join(' ')).toBe(code)
    expect(readdirSync(path).sort()).toEqual(before)
  }
  expect((await bundle(...base(), '--entry', her.entry, '--out', at('one.zip'))).refused).toBe(
    'BUNDLE_EXISTS',
  )
})

it('refuses a report that was changed after the scan', async () => {
  const { at } = setting
  writeScan(at('changed'), people.slice(0, 1))
  writeFileSync(
    at('changed/report.json'),
    readFileSync(at('changed/report.json'), 'utf8').replace('S-0', 'S-9'),
  )
  expect(
    (await bundle('create', '--scan', at('changed'), '--key', at('manifest.key'), '--out', at('c.zip')))
      .refused,
  ).toBe('SCAN_CHANGED')
  expect(
    (await bundle('create', '--scan', at('tsa'), '--key', at('manifest.key'), '--out', at('c.zip'))).refused,
  ).toBe('SCAN_UNREADABLE')
})

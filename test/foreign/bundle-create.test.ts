import { execFileSync, spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { addBundleCommand } from '#cli/commands/bundle.ts'
import { createContext } from '#cli/context.ts'
import { parsePrivateKey, timeStampQuery } from '#lib/bundle/index.ts'
import { withLists } from '#lib/bundle/testing.ts'
import { AppError } from '#lib/errors/index.ts'
import { initLog } from '#node/log-store/index.ts'
import { temporaryFolder } from '../run-saksi.ts'
import { writeBag } from './bundle-fixtures.ts'
import {
  exportOf,
  messageStart,
  type Posted,
  posted,
  rawMessage,
  shownName,
  writeScan,
} from './bundle-scan-fixture.ts'
import { makeAuthority, sendReply, startServer, type TestAuthority } from './loopback-tsa.ts'

const folder = temporaryFolder()
const at = (name: string) => join(folder.path, name)
const people: Posted[] = Array.from({ length: 400 }, (_, i) => posted(i))
const her = people[137] ?? posted(137)
let authority: TestAuthority
let tsa: Awaited<ReturnType<typeof startServer>>
let recipient: string
let fingerprint: string

/** Runs `saksi bundle ...` in this process; answers what it printed, or the code it was refused with. */
async function bundle(...args: string[]): Promise<{ out: string; refused: string | null; exitCode: number }> {
  const lines: string[] = []
  let exitCode = 0
  const context = {
    ...createContext(new AbortController().signal, new URL('file:///unused')),
    out: async (line: string) => void lines.push(line),
    note: (line: string) => void lines.push(line),
    setExitCode: (code: number) => {
      exitCode = code
    },
  }
  const program = new Command('saksi').exitOverride()
  addBundleCommand(program, context)
  try {
    await program.parseAsync(['node', 'saksi', 'bundle', ...args])
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { out: lines.join('\n'), refused: error.code, exitCode }
  }
  return { out: lines.join('\n'), refused: null, exitCode }
}

const unpack = (zip: string, to: string) => {
  mkdirSync(at(to))
  execFileSync('unzip', ['-q', at(zip), '-d', at(to)])
  return join(at(to), readdirSync(at(to))[0] ?? '')
}
const script = (bag: string, ...args: string[]) =>
  spawnSync('sh', ['VERIFY.sh', ...args], { cwd: bag, encoding: 'utf8' })

beforeAll(async () => {
  mkdirSync(at('tsa'))
  authority = makeAuthority(at('tsa'))
  writeFileSync(at('roots.pem'), authority.roots)
  tsa = await startServer((query, response) => sendReply(response, authority.reply(query)))
  execFileSync('age-keygen', ['-o', at('agency.key')], { stdio: 'pipe' })
  recipient = execFileSync('age-keygen', ['-y', at('agency.key')], { encoding: 'utf8' }).trim()
  writeScan(at('scan'), people, 3)
  writeFileSync(at('hers.jpg'), her.picture)
  const made = await bundle('key', at('manifest.key'))
  fingerprint = /SHA256:\S+/.exec(made.out)?.[0] ?? ''
  await initLog(at('log'), {
    origin: 'log.example/custody',
    now: () => new Date(),
    random: (n) => randomBytes(n),
  })
})
afterAll(async () => {
  await tsa.close()
  folder.remove()
})

const base = () => [
  'create',
  '--scan',
  at('scan'),
  '--key',
  at('manifest.key'),
  '--organisation',
  'Test Organisation',
  '--contact',
  'custody@log.example',
]
const proofs = () => [
  '--log',
  at('log'),
  '--allow-no-witness',
  '--tsa',
  tsa.url,
  '--tsa-roots',
  at('roots.pem'),
]

it('makes a bundle with log, time stamp and an encrypted picture that age, openssl and the script accept', async () => {
  const made = await bundle(
    ...base(),
    ...proofs(),
    '--exhibit',
    at('hers.jpg'),
    '--to',
    recipient,
    '--agency',
    'Test Police',
    '--consent',
    '2026-1',
    '--witness',
    'W-017',
    '--device',
    'a laptop with Telegram Desktop',
    '--name',
    'TEST-7-H1',
    '--lang',
    'ms',
    'zh-Hans',
    'ta',
    '--out',
    at('H1.zip.age'),
  )
  expect(made.refused).toBeNull()
  expect(made.out).toContain(fingerprint)
  execFileSync('age', ['-d', '-i', at('agency.key'), '-o', at('H1.zip'), at('H1.zip.age')])
  execFileSync('unzip', ['-tqq', at('H1.zip')])
  const bag = unpack('H1.zip', 'h1')
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

it('notices every changed byte of a time stamp in its reply, and one over something else', async () => {
  const bag = join(at('h1'), 'TEST-7-H1')
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
  const bag = join(at('h1'), 'TEST-7-H1')
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

function everyFile(root: string): [string, Buffer][] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(join(root, path)).isFile())
    .map((path) => [path, readFileSync(join(root, path))])
}

it('discloses one person of four hundred and nothing of the others, in any file', async () => {
  const bag = join(at('h1'), 'TEST-7-H1')
  const pdf = execFileSync('pdftotext', [join(bag, 'report/report.pdf'), '-'])
  const contents = [...everyFile(bag), ['the text of the PDF', pdf] as [string, Buffer]]
  const others = people.filter((one) => one !== her)
  for (const [path, bytes] of contents) {
    const text = bytes.toString('latin1')
    const found = others.filter(({ message, account, picture, name }) => {
      const digest = createHash('sha256').update(picture).digest('hex')
      return [message, account.slice(8), digest, name].some((secret) => text.includes(secret))
    })
    expect(
      found.map(({ entry }) => entry),
      path,
    ).toEqual([])
    expect(text.includes(her.entry), `${path} names the entry`).toBe(false)
    // Repairs elsewhere in the export show bytes of other people's messages.
    expect(/r\d+r/.test(text.replaceAll('r137r', '')) && path.endsWith('repairs.json'), path).toBe(false)
  }
  expect(contents.some(([, bytes]) => bytes.toString('latin1').includes(her.message))).toBe(true)
})

it('carries the number of withheld pictures, no picture in a readable form, and no claim about courts', async () => {
  const bag = join(at('h1'), 'TEST-7-H1')
  expect(JSON.parse(readFileSync(join(bag, 'data/withheld.json'), 'utf8'))).toEqual({ count: 3, items: [] })
  for (const [path, bytes] of everyFile(bag)) {
    expect(bytes.includes(her.picture.subarray(0, 32)), path).toBe(false)
    if (!path.endsWith('.age')) expect(/admissib|certified/i.test(bytes.toString('latin1')), path).toBe(false)
  }
  expect(readFileSync(join(bag, 'report/report.html'), 'utf8')).not.toMatch(/<img|<script|src=|href=|url\(/i)
})

it('prints a PDF that other tools read, with every digest on a line of its own', () => {
  const bag = join(at('h1'), 'TEST-7-H1')
  execFileSync('qpdf', ['--check', join(bag, 'report/report.pdf')], { stdio: 'pipe' })
  const text = execFileSync('pdftotext', ['-layout', join(bag, 'report/report.pdf'), '-'], {
    encoding: 'utf8',
  })
  const { plainSha256, fileSha256 } = JSON.parse(
    readFileSync(join(bag, 'data/exhibits/E0001/exhibit.json'), 'utf8'),
  )
  for (const digest of [plainSha256, fileSha256]) expect(text).toContain(digest)
})

it('encloses the message byte for byte and as it reads, from the export that was scanned and no other', async () => {
  const raw = Buffer.from(exportOf(people))
  mkdirSync(at('export'))
  writeFileSync(at('export/result.json'), raw)
  const with_ = [...base(), '--entry', her.entry, '--export', at('export')]
  const made = await bundle(...with_, '--out', at('raw.zip'))
  expect(made.refused).toBeNull()
  expect(made.out).toContain('may name other people')
  const bag = unpack('raw.zip', 'raw')
  const folder = join(bag, 'data/exhibits/E0001')
  expect(readFileSync(join(folder, 'raw.bin'), 'utf8')).toBe(rawMessage(137))
  expect(JSON.parse(readFileSync(join(folder, 'message.json'), 'utf8'))).toMatchObject({
    exhibit: 'E0001',
    messageId: her.message,
    authorName: shownName(137),
    text: `see ${shownName(136)}, 012-000 0136, @rekaan_136zz or t.me/rekaan136zz`,
    isMasked: false,
  })
  expect(readdirSync(folder)).not.toContain('context.json')
  expect(readFileSync(join(bag, 'metadata/case.jsonld'), 'utf8')).toContain('"uco-observable:messageText"')
  expect(script(bag, '--fingerprint', fingerprint).status).toBe(0)
  raw.write('y', messageStart(137) + 5)
  writeFileSync(at('export/result.json'), raw)
  expect((await bundle(...with_, '--out', at('raw2.zip'))).refused).toBe('SCAN_CHANGED')
})

it('hands over a masked message with its neighbours and names nobody else in any file', async () => {
  writeFileSync(at('export/result.json'), exportOf(people))
  const made = await bundle(
    ...base(),
    '--entry',
    her.entry,
    '--export',
    at('export'),
    '--context',
    '2',
    '--mask',
    '--out',
    at('masked.zip'),
  )
  expect(made.refused).toBeNull()
  const bag = unpack('masked.zip', 'masked')
  const folder = join(bag, 'data/exhibits/E0001')
  expect(readdirSync(folder).sort()).toEqual([
    'context.json',
    'exhibit.json',
    'message-ref.txt',
    'message.json',
  ])
  const { messages } = JSON.parse(readFileSync(join(folder, 'context.json'), 'utf8'))
  const masked = 'see [name], [phone], [handle] or [handle]'
  expect(messages).toEqual(
    [-2, -1, 1, 2].map((offset, i) => ({
      offset,
      author: `P-00${i + 1}`,
      isSameAuthor: false,
      kind: 'message',
      sentAt: expect.objectContaining({ precision: 's' }),
      text: masked,
      attachments: ['photo'],
    })),
  )
  expect(JSON.parse(readFileSync(join(folder, 'message.json'), 'utf8'))).toMatchObject({
    text: masked,
    isMasked: true,
    authorName: shownName(137),
  })
  for (const [path, bytes] of everyFile(bag)) {
    const text = bytes.toString('latin1')
    const found = people.flatMap((one, i) => {
      const digest = createHash('sha256').update(one.picture).digest('hex')
      const telling = [
        shownName(i),
        `Rekaan${i}zz`,
        `rekaan_${i}zz`,
        `rekaan${i}zz`,
        `012-000 ${String(i).padStart(4, '0')}`,
      ]
      return one === her
        ? []
        : [...telling, one.message, one.account.slice(8), digest, one.name].filter((secret) =>
            text.includes(secret),
          )
    })
    expect(found, path).toEqual([])
  }
  expect(script(bag, '--fingerprint', fingerprint).status).toBe(0)
  for (const [args, code] of [
    [['--context', '21', '--export', at('export')], 'USAGE'],
    [['--context', 'x', '--export', at('export')], 'USAGE'],
    [['--context', '1'], 'USAGE'],
    [['--mask'], 'USAGE'],
    [['--lang', 'xx'], 'USAGE'],
  ] as const) {
    const refused = await bundle(...base(), '--entry', her.entry, ...args, '--out', at('never.zip'))
    expect(refused.refused, args.join(' ')).toBe(code)
  }
})

it('takes pointers to withheld material and nothing that describes it, and has the log record their number', async () => {
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

it('does not say whose pictures it hands over by accident', async () => {
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
  const before = readdirSync(folder.path).sort()
  for (const [args, code] of refusals) {
    expect((await bundle(...base(), ...args, '--out', at('refused.zip'))).refused, args.join(' ')).toBe(code)
    expect(readdirSync(folder.path).sort()).toEqual(before)
  }
  expect((await bundle(...base(), '--entry', her.entry, '--out', at('one.zip'))).refused).toBe(
    'BUNDLE_EXISTS',
  )
})

it('refuses a report that was changed after the scan', async () => {
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

it('encrypts with a passphrase that is shown once and opens nothing else', async () => {
  const made = await bundle(...base(), '--exhibit', at('hers.jpg'), '--passphrase', '--out', at('P.zip.age'))
  const [, passphrase = ''] = /\n {2}([a-z-]{20,})$/.exec(made.out) ?? []
  expect(passphrase.split('-').length).toBe(5)
  writeFileSync(at('passphrase'), `${passphrase}\n`)
  expect((await bundle('verify', at('P.zip.age'), '--passphrase-file', at('passphrase'))).exitCode).toBe(0)
  writeFileSync(at('wrong'), 'bababa-bababa-bababa-bababa-bababa\n')
  expect((await bundle('verify', at('P.zip.age'), '--passphrase-file', at('wrong'))).refused).toBe(
    'BUNDLE_ENCRYPTED',
  )
  expect((await bundle('verify', at('P.zip.age'))).refused).toBe('BUNDLE_ENCRYPTED')
  const cut = readFileSync(at('P.zip.age'))
  writeFileSync(at('cut.zip.age'), cut.subarray(0, -100))
  expect((await bundle('verify', at('cut.zip.age'), '--passphrase-file', at('passphrase'))).refused).toBe(
    'BUNDLE_ENCRYPTED',
  )
})

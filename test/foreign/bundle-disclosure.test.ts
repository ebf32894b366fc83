import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { bundle, everyFile, her, makeFirst, people, type Setting, script, setUp } from './bundle-command.ts'
import { exportOf, messageStart, rawMessage, shownName } from './bundle-scan-fixture.ts'

let setting: Setting
let bag: string
beforeAll(async () => {
  setting = await setUp()
  bag = (await makeFirst(setting)).bag
})
afterAll(() => setting.close())

it('discloses one person of four hundred and nothing of the others, in any file', async () => {
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
  expect(JSON.parse(readFileSync(join(bag, 'data/withheld.json'), 'utf8'))).toEqual({ count: 3, items: [] })
  for (const [path, bytes] of everyFile(bag)) {
    expect(bytes.includes(her.picture.subarray(0, 32)), path).toBe(false)
    if (!path.endsWith('.age')) expect(/admissib|certified/i.test(bytes.toString('latin1')), path).toBe(false)
  }
  expect(readFileSync(join(bag, 'report/report.html'), 'utf8')).not.toMatch(/<img|<script|src=|href=|url\(/i)
})

it('prints a PDF that other tools read, with every digest on a line of its own', () => {
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
  const { at, fingerprint, unpack, base } = setting
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
  const { at, fingerprint, unpack, base } = setting
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

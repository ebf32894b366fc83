import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { buildZip, type ZipPart } from '#cli/source/testing/zip-builder.ts'
import { jpegOf, type Planted, plantExport } from './planted-export.ts'
import { checkDigests, type Ran, readReport, saksi, temporaryFolder } from './run-saksi.ts'

const { path: folder, remove } = temporaryFolder()
let planted: Planted

beforeAll(async () => {
  planted = await plantExport(folder, {
    messages: 30,
    pictures: 6,
    seed: 'scan-formats',
    plant: [{ entry: 'P-1', scene: 100, edits: ['exact', 'mirrored'] }],
    pictureSize: { longSide: 640, shortSide: 480 },
  })
})
afterAll(remove)

const scan = (path: string, ...more: string[]): Promise<Ran> =>
  saksi(['scan', path, '--bank', planted.bankPath, '--json', ...more])

/** Writes files into a new folder of that name. */
function write(name: string, files: Record<string, string | Uint8Array>): string {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name, path)), { recursive: true })
    writeFileSync(join(folder, name, path), content)
  }
  return join(folder, name)
}

function zipped(name: string, parts: readonly ZipPart[]): string {
  writeFileSync(join(folder, name), buildZip(parts))
  return join(folder, name)
}

function partsOf(exportPath: string, prefix = ''): ZipPart[] {
  return readdirSync(exportPath, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name)
      return {
        name: prefix + path.slice(exportPath.length + 1),
        content: readFileSync(path),
        isDeflated: true,
      }
    })
}

it('scans a zip of an export like the folder', async () => {
  const fromFolder = JSON.parse((await scan(planted.exportPath)).stdout)
  const fromZip = JSON.parse((await scan(zipped('flat.zip', partsOf(planted.exportPath)))).stdout)
  expect(fromFolder.matches).toHaveLength(2)
  expect(fromZip.matches).toEqual(fromFolder.matches)
  expect(fromZip.counts).toEqual(fromFolder.counts)
  expect(fromZip.identifiers).toEqual(fromFolder.identifiers)
  const nested = JSON.parse((await scan(zipped('nested.zip', partsOf(planted.exportPath, 'Chat/')))).stdout)
  expect(nested.matches.map(({ attachment }: { attachment: { path: string } }) => attachment.path)).toEqual(
    fromFolder.matches.map(({ attachment }: { attachment: { path: string } }) => `Chat/${attachment.path}`),
  )
})

it('goes on past a picture that is damaged in the archive', async () => {
  const mirrored = planted.truth.copies.find(({ edit }) => edit === 'mirrored')
  const parts = partsOf(planted.exportPath).map((part) =>
    part.name === mirrored?.path ? { ...part, crc32: 1, localCrc32: 1 } : part,
  )
  const ran = await scan(zipped('damaged.zip', parts))
  expect(ran.code).toBe(1)
  const report = JSON.parse(ran.stdout)
  expect(report.matches.map(({ rule }: { rule: string }) => rule)).toEqual(['exact-file'])
  expect(report.unreadable).toEqual([
    { path: mirrored?.path, messageId: String(mirrored?.messageId), code: 'FILE_UNREADABLE' },
  ])
})

const HTML = (body: string): string =>
  `<!DOCTYPE html><html><head><meta charset="utf-8"/></head><body><div class="page_wrap"><div class="page_header"><div class="content"><div class="text bold">Kumpulan Contoh </div></div></div><div class="page_body chat_page"><div class="history">${body}</div></div></div></body></html>`

const HTML_PHOTO = `<div class="message default clearfix" id="message7"><div class="body"><div class="pull_right date details" title="15.01.2026 10:00:00 UTC+08:00">10:00</div><div class="from_name">Contoh</div><div class="media_wrap clearfix"><a class="photo_wrap clearfix pull_left" href="photos/photo_1.jpg"><img class="photo" src="photos/photo_1_thumb.jpg"/></a></div><div class="text">hubungi 012-000 0123</div></div></div>`

it('scans a Telegram HTML export', async () => {
  const path = write('html', {
    'messages.html': HTML(HTML_PHOTO),
    'photos/photo_1.jpg': await jpegOf(100),
  })
  const out = join(folder, 'html-report')
  expect((await scan(path, '--out', out)).code).toBe(0)
  const report = readReport(out)
  expect(report.export.format).toBe('telegram-html')
  expect(report.matches).toMatchObject([
    { entry: 'P-1', rule: 'exact-file', messageId: '7', sentAt: '2026-01-15T02:00:00.000Z' },
  ])
  expect(report.matches[0]?.identifiers).toMatchObject([{ kind: 'phone', messagesApart: 0 }])
  checkDigests(path, join(out, 'export-sha256.txt'))
})

const WHATSAPP = `15/01/2026, 22:00 - Messages and calls are end-to-end encrypted.
15/01/2026, 22:01 - +60 12-000 0123: IMG-20260115-WA0001.jpg (file attached)
15/01/2026, 22:02 - Contoh: cari dia di 012-000 0456
15/01/2026, 22:03 - Contoh: apa khabar
`

it('scans a WhatsApp zip, and shows no number of a sender', async () => {
  const picture = { name: 'IMG-20260115-WA0001.jpg', content: await jpegOf(100) }
  const path = zipped('WhatsApp Chat.zip', [{ name: '_chat.txt', content: WHATSAPP }, picture])
  const out = join(folder, 'whatsapp-report')
  expect((await scan(path, '--out', out, '--zone', 'Asia/Kuala_Lumpur')).code).toBe(0)
  const report = readReport(out)
  expect(report.export.format).toBe('whatsapp-text')
  expect(report.matches).toMatchObject([
    {
      entry: 'P-1',
      rule: 'exact-file',
      messageId: null,
      senderId: expect.stringMatching(/^wa:phone:\+60 12-•/),
    },
  ])
  expect(report.matches[0]?.sentAt).toMatch(/^2026-01-15T14:01/)
  expect(report.matches[0]?.identifiers.map(({ messagesApart }) => messagesApart)).toContain(1)
  for (const name of readdirSync(out)) {
    expect(readFileSync(join(out, name), 'utf8')).not.toMatch(/12[^0-9]{0,3}000[^0-9]{0,3}0(?:123|456)/)
  }
  const { raw } = report.matches[0] ?? { raw: { start: 0, end: 0 } }
  expect(WHATSAPP.slice(raw.start, raw.end)).toContain('IMG-20260115-WA0001.jpg')
})

it('withholds a WhatsApp picture by its file name', async () => {
  const picture = { name: 'IMG-20260115-WA0001.jpg', content: await jpegOf(100) }
  const path = zipped('withheld.zip', [{ name: '_chat.txt', content: WHATSAPP }, picture])
  const ran = await scan(path, '--withhold', picture.name)
  expect(ran.code).toBe(0)
  expect(ran.stdout).not.toContain(picture.name)
  expect(JSON.parse(ran.stdout).counts.pictures).toMatchObject({ withheld: 1, compared: 0 })
})

it('scans a folder of pictures, and lists each file once', async () => {
  const path = write('pictures', { 'a.jpg': await jpegOf(100), 'b.jpg': await jpegOf(999), 'c.txt': 'no' })
  const report = JSON.parse((await scan(path)).stdout)
  expect(report.export).toMatchObject({ format: 'pictures', filesRead: 2 })
  expect(report.matches).toMatchObject([{ entry: 'P-1', messageId: null, attachment: { path: 'a.jpg' } }])
  const withheld = JSON.parse((await scan(path, '--withhold', 'a.jpg')).stdout)
  expect(withheld.matches).toEqual([])
  expect(withheld.counts.pictures).toMatchObject({ withheld: 1, compared: 1 })
  expect(JSON.stringify(withheld)).not.toContain('a.jpg')
})

it('recognises a picture of few details by its digest only', async () => {
  const plain = await sharp({ create: { width: 400, height: 300, channels: 3, background: '#808080' } })
    .jpeg()
    .toBuffer()
  const again = await sharp(plain).jpeg({ quality: 50 }).toBuffer()
  const bank = join(folder, 'plain.bank')
  const original = join(write('plain-original', { 'plain.jpg': plain }), 'plain.jpg')
  const added = await saksi(['bank', 'add', bank, '--entry', 'Q-1', original, '--json'])
  expect(JSON.parse(added.stdout)).toMatchObject({ usable: false, prints: 0 })
  const path = write('plain', { 'copy.jpg': plain, 'saved-again.jpg': again })
  const report = JSON.parse((await saksi(['scan', path, '--bank', bank, '--json'])).stdout)
  expect(report.counts.pictures).toMatchObject({ compared: 2, tooPlain: 2 })
  expect(report.matches).toMatchObject([
    { entry: 'Q-1', rule: 'exact-file', distance: null, variant: null, attachment: { path: 'copy.jpg' } },
  ])
})

it('refuses the export of a whole account, and keeps no value of it', async () => {
  const secret = 'Puan Rahsia'
  const account = {
    about: secret,
    personal_information: { first_name: secret, phone_number: '+60 12-000 0123' },
    contacts: { about: '', list: [{ first_name: secret, phone_number: '012-000 0456' }] },
    chats: { about: '', list: [] },
  }
  const ran = await scan(write('account', { 'result.json': JSON.stringify(account, null, 1) }))
  expect(ran.code).toBe(3)
  expect(JSON.parse(ran.stdout).error.code).toBe('TG_FULL_ACCOUNT')
  expect(ran.stdout + ran.stderr).not.toMatch(/Rahsia|000/)
})

it('refuses what is no export', async () => {
  for (const [name, files] of [
    ['unknown', { 'notes.txt': 'nothing of the kind' }],
    ['empty-json', { 'result.json': '{"a": 1}' }],
  ] as const) {
    const ran = await scan(write(name, files))
    expect([name, ran.code]).toEqual([name, 3])
    expect(JSON.parse(ran.stdout).error.code).toBe('FORMAT_UNKNOWN')
  }
  mkdirSync(join(folder, 'empty'))
  expect(JSON.parse((await scan(join(folder, 'empty'))).stdout).error.code).toBe('EXPORT_EMPTY')
  copyFileSync(join(planted.exportPath, 'result.json'), join(folder, 'cut.zip'))
  writeFileSync(join(folder, 'cut.zip'), buildZip(partsOf(planted.exportPath)).subarray(0, 5000))
  expect(JSON.parse((await scan(join(folder, 'cut.zip'))).stdout).error.code).toBe('ZIP_INVALID')
})

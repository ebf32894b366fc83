import { linkSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { buildZip } from '#cli/source/testing/zip-builder.ts'
import { jpegOf, registerScenes } from './planted-export.ts'
import { checkDigests, matchKeys, readReport, saksi, temporaryFolder } from './run-saksi.ts'

const { path: folder, remove } = temporaryFolder()
const bank = join(folder, 'test.bank')
const outside = join(folder, 'outside')

beforeAll(async () => {
  await registerScenes(bank, folder, [['P-1', 100]])
  mkdirSync(outside)
  writeFileSync(join(outside, 'secret.jpg'), await jpegOf(100))
})
afterAll(remove)

interface HostileMessage {
  [member: string]: unknown
}

function exportOf(name: string, messages: HostileMessage[], title = 'Kumpulan Contoh'): string {
  const path = join(folder, name)
  mkdirSync(join(path, 'photos'), { recursive: true })
  writeFileSync(join(path, 'result.json'), jsonOf(messages, title))
  return path
}

function jsonOf(messages: HostileMessage[], title: string): string {
  const all = messages.map((members, i) => ({
    id: i + 1,
    type: 'message',
    date: '2026-01-15T10:00:00',
    date_unixtime: '1768442400',
    from: 'Contoh',
    from_id: 'user990720370001',
    text: '',
    text_entities: [],
    ...members,
  }))
  return JSON.stringify(
    { name: title, type: 'private_supergroup', id: 990_000_000_001, messages: all },
    null,
    1,
  )
}

it('refuses pictures whose path leads out of the export, and never reads them', async () => {
  const path = exportOf('paths', [
    { photo: '../outside/secret.jpg' },
    { photo: join(outside, 'secret.jpg') },
    { photo: 'photos/../../outside/secret.jpg' },
    { photo: 'photos/link.jpg' },
    { photo: 'linked/secret.jpg' },
    { photo: 'photos/hard.jpg' },
    { photo: 'photos/folder.jpg' },
    { photo: '..\\outside\\secret.jpg' },
  ])
  symlinkSync(join(outside, 'secret.jpg'), join(path, 'photos', 'link.jpg'))
  symlinkSync(outside, join(path, 'linked'))
  linkSync(join(outside, 'secret.jpg'), join(path, 'photos', 'hard.jpg'))
  mkdirSync(join(path, 'photos', 'folder.jpg'))
  const out = join(folder, 'paths-report')
  const ran = await saksi(['scan', path, '--bank', bank, '--out', out])
  expect(ran.code).toBe(1)
  const report = readReport(out)
  expect(report.matches).toEqual([])
  expect(report.counts.pictures).toMatchObject({ compared: 0, unreadable: 7, notInExport: 1 })
  expect(report.unreadable.every(({ code }) => code === 'PATH_HOSTILE')).toBe(true)
  expect(report.export.filesRead).toBe(1)
  checkDigests(path, join(out, 'export-sha256.txt'))
})

it('refuses a zip entry whose name leads out of it, and reads the others', async () => {
  const zip = join(folder, 'slip.zip')
  const messages = [{ photo: '../secret.jpg' }, { photo: 'photos/fine.jpg' }]
  writeFileSync(
    zip,
    buildZip([
      { name: 'result.json', content: jsonOf(messages, 'Kumpulan Contoh') },
      { name: '../secret.jpg', content: await jpegOf(100) },
      { name: 'photos/fine.jpg', content: await jpegOf(100) },
    ]),
  )
  const ran = await saksi(['scan', zip, '--bank', bank, '--json'])
  expect(ran.code).toBe(1)
  const report = JSON.parse(ran.stdout)
  expect(matchKeys(report)).toEqual(['2 P-1 exact-file'])
  expect(report.counts.pictures).toMatchObject({ compared: 1, unreadable: 1 })
})

const HTML = '<img src=x onerror=alert(1)><script>alert(2)</script>"\'&'
const ESCAPES = '\u001b[31m\u001b]0;title\u0007\u009b2J'
const DIRECTIONS = '\u202egpj.exe\u2066\u200b'

it('keeps hostile words harmless in the page and on the terminal', async () => {
  const hostile = `${HTML}${ESCAPES}${DIRECTIONS}`
  const named = (mark: string): string => `photos/${HTML.replaceAll('/', '')}${mark}.jpg`
  const message = { from: hostile, text: hostile, forwarded_from: hostile, actor: hostile }
  const photos = [named(DIRECTIONS), `${named(DIRECTIONS)}-cut.jpg`, named(ESCAPES)]
  const path = exportOf(
    `name ${DIRECTIONS}<b>`,
    photos.map((photo) => ({ ...message, photo })),
    hostile,
  )
  const jpeg = await jpegOf(100)
  for (const [i, photo] of photos.entries())
    writeFileSync(join(path, photo), i === 1 ? jpeg.subarray(0, 200) : jpeg)
  const out = join(folder, 'hostile-report')
  const ran = await saksi(['scan', path, '--bank', bank, '--out', out])
  expect(ran.code).toBe(1)
  const report = readReport(out)
  expect(report.matches.map(({ attachment }) => attachment.path)).toEqual([photos[0]])
  expect(report.unreadable.map(({ code }) => code).sort()).toEqual(['PATH_HOSTILE', 'PICTURE_DAMAGED'])
  checkDigests(path, join(out, 'export-sha256.txt'))
  const html = readFileSync(join(out, 'report.html'), 'utf8')
  expect(html).not.toMatch(/<(?:img|script|b)\b/i)
  expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;')
  for (const text of [html, ran.stdout, ran.stderr]) expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u)
})

it('masks identifiers in titles and names as it does in messages', async () => {
  const title = 'Hubungi 012-000 0123 atau test_rusa@example.com'
  const path = exportOf('titled', [{ photo: 'photos/a.jpg', from_id: undefined, from: title }], title)
  writeFileSync(join(path, 'photos', 'a.jpg'), await jpegOf(100))
  const out = join(folder, 'titled-report')
  const ran = await saksi(['scan', path, '--bank', bank, '--out', out])
  expect(ran.code).toBe(0)
  expect(readReport(out).export.places[0]?.titles).toEqual(['Hubungi +60 12-••• ••23 atau t…@example.com'])
  for (const text of [...readdirSync(out).map((name) => readFileSync(join(out, name), 'utf8')), ran.stdout]) {
    expect(text).not.toMatch(/000[^0-9]?0123|test_rusa/)
  }
})

it('says what a hostile name on the command line is, without obeying it', async () => {
  const { code, stderr } = await saksi(['scan', `none${ESCAPES}`, '--bank', bank])
  expect(code).toBe(3)
  expect(stderr).not.toMatch(/\p{Cc}(?<!\n)/u)
})

it('finds a picture whatever its file is called and whatever kind it is said to be', async () => {
  const picture = await jpegOf(100)
  const names = ['a.bin', 'b', 'c.pdf', 'd.mp4', 'e.JPE', 'f.vcf']
  const path = exportOf(
    'disguised',
    names.map((name) => ({
      file: `photos/${name}`,
      file_name: name,
      mime_type: name === 'd.mp4' ? 'video/mp4' : 'application/octet-stream',
      ...(name === 'd.mp4' && { media_type: 'video_file' }),
    })),
  )
  for (const name of names) writeFileSync(join(path, 'photos', name), picture)
  const out = join(folder, 'disguised-report')
  await saksi(['scan', path, '--bank', bank, '--out', out])
  expect(readReport(out).matches.map(({ messageId }) => messageId)).toEqual(['1', '2', '3', '4', '5', '6'])
})

it('finds a picture that no readable message names', async () => {
  const path = exportOf('unnamed', [{ text: 'nothing here' }])
  writeFileSync(join(path, 'photos', 'left-over'), await jpegOf(100))
  const out = join(folder, 'unnamed-report')
  await saksi(['scan', path, '--bank', bank, '--out', out])
  expect(readReport(out).matches).toMatchObject([
    { entry: 'P-1', messageId: null, senderId: null, attachment: { path: 'photos/left-over' } },
  ])
  checkDigests(path, join(out, 'export-sha256.txt'))
})

it('says that the sender is doubtful when several messages name one file', async () => {
  const path = exportOf('twice', [
    { photo: 'photos/a.jpg' },
    { photo: 'photos/a.jpg', from_id: 'user990720370002' },
    { photo: 'photos/b.jpg' },
  ])
  for (const name of ['a.jpg', 'b.jpg']) writeFileSync(join(path, 'photos', name), await jpegOf(100))
  const out = join(folder, 'twice-report')
  const { stdout } = await saksi(['scan', path, '--bank', bank, '--out', out])
  const report = readReport(out)
  expect(report.matches.map(({ isNamedTwice }) => isNamedTwice)).toEqual([true, true, false])
  expect(report.warnings).toContainEqual({
    code: 'ATTACHMENT_NAMED_TWICE',
    count: 1,
    firstAt: 'photos/a.jpg',
  })
  expect(stdout).toContain('sender is not certain')
})

it('never opens a withheld picture under another spelling of its name', async () => {
  const path = exportOf('withheld-spelling', [
    { photo: 'photos/gambar-\u00e9.jpg' },
    { photo: './photos//dotted.jpg' },
    { photo: 'photos/CASE.JPG' },
    { photo: 'photos/other.jpg' },
  ])
  const stored = ['gambar-e\u0301.jpg', 'dotted.jpg', 'case.jpg', 'other.jpg']
  for (const name of stored) writeFileSync(join(path, 'photos', name), await jpegOf(100))
  const out = join(folder, 'withheld-spelling-report')
  await saksi(['scan', path, '--bank', bank, '--out', out, '--withhold', '1', '2', '3'])
  expect(readReport(out).matches.map(({ attachment }) => attachment.path)).toEqual(['photos/other.jpg'])
  expect(readFileSync(join(out, 'export-sha256.txt'), 'utf8')).not.toMatch(/gambar|dotted|case/i)
})

it('never opens the preview of a withheld picture, which an HTML export names only as an image', async () => {
  const path = join(folder, 'withheld-preview')
  mkdirSync(join(path, 'photos'), { recursive: true })
  const one = (id: number, name: string): string =>
    `<div class="message default clearfix" id="message${id}"><div class="body"><div class="pull_right date details" title="15.01.2026 10:00:00 UTC+08:00">10:00</div><div class="from_name">Contoh</div><div class="media_wrap clearfix"><a class="photo_wrap clearfix pull_left" href="photos/${name}.jpg"><img class="photo" src="photos/${name}_thumb.jpg"></a></div></div></div>`
  const page = `<!DOCTYPE html><html><body><div class="page_wrap"><div class="page_header"><div class="text bold">Kumpulan</div></div><div class="history">${one(1, 'a')}${one(2, 'b')}</div></div></body></html>`
  writeFileSync(join(path, 'messages.html'), page)
  for (const name of ['a', 'a_thumb', 'b', 'b_thumb']) {
    writeFileSync(join(path, 'photos', `${name}.jpg`), await jpegOf(100))
  }
  const out = join(folder, 'withheld-preview-report')
  await saksi(['scan', path, '--bank', bank, '--out', out, '--withhold', '1'])
  expect(readReport(out).matches.map(({ attachment }) => attachment.path)).toContain('photos/b.jpg')
  expect(readFileSync(join(out, 'export-sha256.txt'), 'utf8')).not.toMatch(/photos\/a/)
})

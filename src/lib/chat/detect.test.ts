import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ChatError, detectChat, openChat } from './index.ts'
import { memoryTree, readAll, testReadOptions, toBytes } from './testing/index.ts'

const JSON_CHAT =
  '{"name":"G","type":"private_supergroup","id":1,"messages":[{"id":1,"type":"message","date":"2025-01-15T21:09:00","date_unixtime":"1736946540","from":"Ali","from_id":"user1","photo":"photos/a.jpg","text":"hi"}]}'
const FULL_ACCOUNT =
  '{"about":"x","personal_information":{"phone_number":"+60 12-000 0001"},"chats":{"list":[]}}'
const HTML_PAGE =
  '<!DOCTYPE html><html><body><div class="page_body chat_page"><div class="history"><div class="message default clearfix" id="message1"><div class="body"><div class="pull_right date details" title="15.01.2025 21:09:00 UTC+08:00"></div><div class="from_name">Ali</div><div class="text">hi</div></div></div></div></div></body></html>'
const WHATSAPP = '15/1/25, 21:09 - Ali: hi\n15/1/25, 21:10 - Siti: yo\n15/1/25, 21:11 - Ali: x\n'
const GIF = 'GIF89a..'

const detect = (files: Record<string, string | Uint8Array>) => detectChat(memoryTree(files))

it('tells the formats by content, whatever the files are called', async () => {
  expect(await detect({ 'notes.bin': JSON_CHAT })).toMatchObject({
    format: 'telegram-json',
    confidence: 'certain',
    paths: ['notes.bin'],
  })
  expect(await detect({ 'x.txt': HTML_PAGE })).toMatchObject({
    format: 'telegram-html',
    confidence: 'certain',
  })
  expect(await detect({ 'holiday.jpg': WHATSAPP })).toMatchObject({
    format: 'whatsapp-text',
    confidence: 'certain',
  })
  expect(await detect({ 'result.json': `\ufeff\u200e${WHATSAPP}` })).toMatchObject({
    format: 'whatsapp-text',
  })
  expect(await detect({ '1.dat': GIF })).toMatchObject({ format: 'pictures', paths: ['1.dat'] })
})

it('finds the chat at the top or one folder down, with media beside it', async () => {
  const found = await detect({
    'Chat/photos/a.jpg': GIF,
    'Chat/result.json': JSON_CHAT,
    '__MACOSX/Chat/._r': WHATSAPP,
  })
  expect(found).toMatchObject({ format: 'telegram-json', paths: ['Chat/result.json'] })
  const tree = memoryTree({ 'Chat/photos/a.jpg': GIF, 'Chat/result.json': JSON_CHAT })
  const { messages } = await readAll(await openChat(tree, testReadOptions()))
  expect(messages[0]?.attachments).toMatchObject([{ state: 'present', path: 'Chat/photos/a.jpg' }])
})

it('puts pages in the order of their numbers', async () => {
  const pages = Object.fromEntries(['10', '2', '', '9'].map((n) => [`C/messages${n}.html`, HTML_PAGE]))
  expect((await detect(pages)).paths).toEqual([
    'C/messages.html',
    'C/messages2.html',
    'C/messages9.html',
    'C/messages10.html',
  ])
})

it('prefers the JSON of one Telegram export, and refuses two chats', async () => {
  expect(await detect({ 'result.json': JSON_CHAT, 'messages.html': HTML_PAGE })).toMatchObject({
    format: 'telegram-json',
  })
  for (const files of [
    { 'A/result.json': JSON_CHAT, 'B/messages.html': HTML_PAGE },
    { 'A/result.json': JSON_CHAT, 'B/result.json': JSON_CHAT },
    { 'A/messages.html': HTML_PAGE, 'B/messages.html': HTML_PAGE },
    { 'a.txt': WHATSAPP, 'b.txt': WHATSAPP },
    { 'a.txt': WHATSAPP, 'result.json': JSON_CHAT },
  ]) {
    await expect(detect(files)).rejects.toMatchObject({ code: 'FORMAT_AMBIGUOUS' })
  }
})

it('refuses the export of a whole account without repeating a value of it', async () => {
  const html = '<html><div class="personal_info clearfix">+60 12-000 0001</div></html>'
  for (const files of [{ 'result.json': FULL_ACCOUNT }, { 'export_results.html': html }]) {
    const error = await detect(files).catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(ChatError)
    expect(error).toMatchObject({ code: 'TG_FULL_ACCOUNT' })
    expect(String(error)).not.toContain('0001')
  }
})

const IN_FILES: Record<string, string> = {
  'files/notes.txt': WHATSAPP,
  'files/WhatsApp Chat with B.txt': WHATSAPP,
  'files/data.json': '{"contacts":{}}',
  'files/result.json': JSON_CHAT,
  'files/x.html': '<html><div class="personal_info clearfix"></div></html>',
  'files/messages.html': HTML_PAGE,
  'chats/_chat.txt': '\xff\xfe',
}

it('reads the chat of a folder whatever members posted into it', async () => {
  for (const [path, chat] of [
    ['result.json', JSON_CHAT],
    ['messages.html', HTML_PAGE],
    ['a.dat', JSON_CHAT],
  ] as const) {
    expect((await detect({ ...IN_FILES, [path]: chat })).paths).toEqual([path])
  }
  for (const [path, content] of Object.entries(IN_FILES)) {
    expect((await detect({ [path]: content, 'Chat/result.json': JSON_CHAT })).paths).toEqual([
      'Chat/result.json',
    ])
  }
  const many = Object.fromEntries(Array.from({ length: 2001 }, (_, i) => [`files/${i}.bin`, 'x']))
  expect((await detect({ ...many, 'photos/a.jpg': GIF, 'result.json': JSON_CHAT })).format).toBe(
    'telegram-json',
  )
})

it('looks at files named like chats first, and does not take a chat for pictures when it stops looking', async () => {
  const many = Object.fromEntries(Array.from({ length: 2001 }, (_, i) => [`${i}.txt`, 'x']))
  expect((await detect({ ...many, '_chat.txt': WHATSAPP })).paths).toEqual(['_chat.txt'])
  for (const files of [
    { ...many, 'a.jpg': GIF },
    { ...many, 'a.jpg': GIF, 'Z/result.json': JSON_CHAT },
    { ...many, '0.txt': WHATSAPP },
  ]) {
    await expect(detect(files)).rejects.toMatchObject({ code: 'FORMAT_UNKNOWN' })
  }
  const pictures = Object.fromEntries(Array.from({ length: 2001 }, (_, i) => [`${i}.jpg`, GIF]))
  expect((await detect(pictures)).format).toBe('pictures')
})

it('tells a WhatsApp chat from the chats and accounts that were posted in it', async () => {
  const posting = (line: string) => `${WHATSAPP}15/1/25, 21:12 - Ali: ${line}\n`
  const claims = posting('c.txt (file attached)') + posting('WhatsApp Chat with A.txt (file attached)')
  const cases: [string, Record<string, string>][] = [
    ['c.txt', { 'c.txt': posting('\u200ea (1).txt (file attached)'), 'a (1).txt': WHATSAPP }],
    ['c.txt', { 'c.txt': posting('<attached: 0-a.txt>'), '0-a.txt': WHATSAPP }],
    ['c.txt', { 'c.txt': posting('cafe\u0301.txt (fail dilampirkan)'), 'caf\u00e9.txt': WHATSAPP }],
    ['c.txt', { 'c.txt': posting('d.json (file attached)'), 'd.json': '{"contacts":{}}' }],
    ['c.txt', { 'c.txt': posting('result.json (file attached)'), 'result.json': JSON_CHAT }],
    ['W/c.txt', { 'W/c.txt': posting('x.html (file attached)'), 'W/x.html': HTML_PAGE }],
    ['_chat.txt', { '_chat.txt': WHATSAPP, 'b.txt': WHATSAPP }],
    ['Sembang WhatsApp dengan A.txt', { 'Sembang WhatsApp dengan A.txt': WHATSAPP, 'b.txt': WHATSAPP }],
    [
      'WhatsApp Chat with A.txt',
      { 'WhatsApp Chat with A.txt': posting('b.txt (file attached)'), 'b.txt': claims },
    ],
  ]
  for (const [path, files] of cases) {
    expect((await detect(files)).paths).toEqual([path])
    expect((await detect(Object.fromEntries(Object.entries(files).reverse()))).paths).toEqual([path])
  }
  for (const files of [
    { 'WhatsApp Chat with A.txt': WHATSAPP, 'WhatsApp Chat with B.txt': WHATSAPP },
    { 'WhatsApp Chat with A.txt': WHATSAPP, 'b.txt': claims },
    { 'c.txt': WHATSAPP, 'my c.txt': posting('my c.txt') },
  ]) {
    await expect(detect(files)).rejects.toMatchObject({ code: 'FORMAT_AMBIGUOUS' })
  }
})

it('refuses pictures beside a file that is named like a chat and cannot be read', async () => {
  const utf16 = Uint8Array.from(`\ufeff${JSON_CHAT}`, (unit) => unit.charCodeAt(0))
  for (const path of ['result.json', 'Chat/result.json', '_chat.txt', 'a/b/messages3.html']) {
    const error = detect({ [path]: utf16, 'photos/a.jpg': GIF })
    await expect(error).rejects.toMatchObject({ code: 'FORMAT_UNKNOWN' })
    await expect(error).rejects.toThrow(path)
  }
  for (const files of [
    { 'result.json': utf16, 'files/notes.txt': WHATSAPP },
    { '_chat.txt': utf16, 'notes.txt': WHATSAPP },
    { '_chat.txt': '', 'a.jpg': GIF },
  ]) {
    await expect(detect(files)).rejects.toMatchObject({ code: 'FORMAT_UNKNOWN' })
  }
  const refused = [{ path: 'result.json', code: 'ENTRY_TYPE' as const }]
  await expect(detectChat(memoryTree({ 'a.jpg': GIF }, { refused }))).rejects.toMatchObject({
    code: 'FORMAT_UNKNOWN',
  })
  const pages = { 'messages.html': HTML_PAGE, 'messages2.html': utf16 }
  expect((await detect(pages)).paths).toEqual(['messages.html', 'messages2.html'])
})

it('refuses what it does not know', async () => {
  for (const content of [
    'hello',
    '{"a":1}',
    '[1]',
    '<html></html>',
    '\0\0\0',
    '2025-01-15 21:09:00 INFO started',
  ]) {
    await expect(detect({ 'a.txt': content })).rejects.toMatchObject({ code: 'FORMAT_UNKNOWN' })
  }
  await expect(detect({})).rejects.toMatchObject({ code: 'EXPORT_EMPTY' })
  await expect(detect({ '.DS_Store': 'x', 'Thumbs.db': 'x' })).rejects.toMatchObject({ code: 'EXPORT_EMPTY' })
  await expect(detect({ 'a.txt': '' })).rejects.toMatchObject({ code: 'FORMAT_UNKNOWN' })
})

it('opens the reader of each format', async () => {
  for (const [content, format, count] of [
    [JSON_CHAT, 'telegram-json', 1],
    [HTML_PAGE, 'telegram-html', 1],
    [WHATSAPP, 'whatsapp-text', 3],
    [GIF, 'pictures', 1],
  ] as const) {
    const reader = await openChat(memoryTree({ file: content }), testReadOptions())
    const { messages, summary } = await readAll(reader)
    expect([reader.format, messages.length, summary.format]).toEqual([format, count, format])
    expect(summary.sources.map((source) => source.path)).toEqual(['file'])
  }
})

it('never throws an error without a code, whatever the bytes', async () => {
  const bases = [JSON_CHAT, HTML_PAGE, WHATSAPP, GIF].map(toBytes)
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...bases),
      fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 8 }),
      fc.nat(400),
      async (base, edits, length) => {
        const bytes = base.slice(0, Math.max(1, length))
        for (const [at, value] of edits) if (at < bytes.length) bytes[at] = value
        try {
          await readAll(await openChat(memoryTree({ file: bytes }), testReadOptions()))
        } catch (error) {
          if (!(error instanceof ChatError)) throw error
        }
      },
    ),
    { numRuns: 300 },
  )
})

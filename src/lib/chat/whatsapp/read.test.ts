import fc from 'fast-check'
import { expect, it } from 'vitest'
import { AppError } from '../../errors/index.ts'
import type { Message, ReadOptions } from '../model.ts'
import {
  digestOf,
  type MemoryTreeOptions,
  memoryTree,
  readAll,
  testReadOptions,
  toBytes,
} from '../testing/index.ts'
import { readWhatsappText } from './read.ts'

const ZONE = { statedZone: 'Asia/Kuala_Lumpur' }

async function read(
  content: string | Uint8Array,
  over: Partial<ReadOptions> = ZONE,
  files: Record<string, string> = {},
  treeOptions: MemoryTreeOptions = {},
) {
  const tree = memoryTree({ '_chat.txt': content, ...files }, treeOptions)
  const source = await tree.open('_chat.txt')
  if (!source) throw new Error('no chat')
  return await readAll(readWhatsappText(tree, source, testReadOptions(over)))
}

const codes = (result: Awaited<ReturnType<typeof read>>) =>
  result.summary.warnings.map((warning) => warning.code)
const iso = (message: Message | undefined) =>
  message?.sentAt.utcMs === null || message === undefined
    ? null
    : new Date(message.sentAt.utcMs).toISOString()

/** 21:09 and 00:09 as Unicode CLDR writes them in each locale, with the date of 15 January 2025 (day over 12). */
const LOCALES: readonly (readonly [string, string, string, string])[] = [
  ['ms-MY', '15/01/2025', '9:09 PTG', '12:09 PG'],
  ['ms-MY long', '15/01/2025', '9:09 malam', '12:09 pagi'],
  ['zh-Hans-MY', '15/1/2025', '下午9:09', '上午12:09'],
  ['zh-CN', '2025/1/15', '下午9:09', '上午0:09'],
  ['zh long', '2025/1/15', '晚上9:09', '凌晨12:09'],
  ['ta-MY', '15/1/25', '9:09 PM', '12:09 AM'],
  ['ta long', '15/1/25', 'இரவு 9:09', 'இரவு 12:09'],
  ['en-MY', '15/01/2025', '9:09 pm', '12:09 am'],
  ['en with U+202F', '15/01/2025', '9:09\u202fPM', '12:09\u202fAM'],
  ['es', '15/1/25', '9:09 p. m.', '12:09 a. m.'],
  ['dotted', '15/1/25', '9:09 p.m.', '12:09 a.m.'],
  ['id', '15/01/25', '21.09', '00.09'],
  ['id 12 h', '15/01/25', '9.09 PM', '0.09 AM'],
  ['24 h', '15-01-2025', '21:09', '00:09'],
]

for (const [name, date, evening, midnight] of LOCALES) {
  it(`reads 21:09 and 00:09 as ${name} writes them, on Android and iOS`, async () => {
    for (const [from, to] of [
      [`${date}, `, ' - '],
      [`${date} `, ' - '],
      [`${date} klo `, ' - '],
      [`\u200e[${date}, `, '] '],
    ] as const) {
      const result = await read(`${from}${midnight}${to}A: one\n${from}${evening}${to}B - C: two\n`)
      expect(result.messages.map((message) => [message.authorName, message.text])).toEqual([
        ['A', 'one'],
        ['B - C', 'two'],
      ])
      expect(result.messages.map(iso)).toEqual(['2025-01-14T16:09:00.000Z', '2025-01-15T13:09:00.000Z'])
      expect(result.messages[1]?.sentAt).toMatchObject({ precision: 'min', zone: 'stated' })
      expect(codes(result)).toEqual([])
    }
  })
}

it('reads noon and after by the Malay and Chinese words for it', async () => {
  const chat = '15/1/25, 12:30 tengah hari - A: x\n15/1/25, 中午1:05 - A: y\n'
  expect((await read(chat)).messages.map(iso)).toEqual([
    '2025-01-15T04:30:00.000Z',
    '2025-01-15T05:05:00.000Z',
  ])
})

it('knows seconds on iOS', async () => {
  const { messages } = await read('[15/1/25, 9:09:33 PTG] A: x\n')
  expect(messages[0]?.sentAt).toMatchObject({ local: '15/1/25, 9:09:33 PTG', precision: 's' })
  expect(iso(messages[0])).toBe('2025-01-15T13:09:33.000Z')
})

it('flags an unknown word beside the time and never makes it part of the name', async () => {
  for (const chat of [
    '15/1/25, 9:09 zzz - A: hi\n',
    '15/1/25, zzz 9:09 - A: hi\n',
    '[15/1/25, 9:09 zzz] A: hi\n',
  ]) {
    const result = await read(chat)
    expect(result.messages[0]).toMatchObject({ authorName: 'A', text: 'hi' })
    expect(result.messages[0]?.sentAt.utcMs).toBeNull()
    expect(result.messages[0]?.sentAt.candidatesMs).toEqual([
      Date.UTC(2025, 0, 15, 1, 9),
      Date.UTC(2025, 0, 15, 13, 9),
    ])
    expect(codes(result)).toEqual(['TIME_MARKER_UNKNOWN'])
  }
})

it('flags a word that leaves the hour open', async () => {
  const result = await read('15/1/25, 2:09 malam - A: hi\n')
  expect(result.messages[0]?.sentAt.utcMs).toBeNull()
  expect(codes(result)).toEqual(['TIME_MARKER_UNKNOWN'])
})

it('flags a file without markers whose hours never pass twelve', async () => {
  const result = await read('15/1/25, 9:09 - A: x\n15/1/25, 10:10 - A: y\n')
  expect(codes(result)).toEqual(['HOUR12_UNMARKED'])
  expect(result.summary.warnings[0]?.count).toBe(2)
  expect(result.messages[0]?.sentAt).toMatchObject({
    utcMs: null,
    candidatesMs: [Date.UTC(2025, 0, 15, 1, 9), Date.UTC(2025, 0, 15, 13, 9)],
  })
  expect(codes(await read('15/1/25, 9:09 - A: x\n15/1/25, 13:10 - A: y\n'))).toEqual([])
})

it('keeps both readings when day and month cannot be told apart, and honours the choice', async () => {
  const chat = '3/4/2025, 13:00 - A: x\n5/6/2025, 13:00 - A: y\n'
  const open = await read(chat)
  expect(codes(open)).toEqual(['DATE_ORDER_AMBIGUOUS'])
  expect(open.messages[0]?.sentAt).toMatchObject({
    utcMs: null,
    candidatesMs: [Date.UTC(2025, 2, 4, 5), Date.UTC(2025, 3, 3, 5)],
  })
  expect(open.summary.timeRange).toBeNull()
  const dayFirst = await read(chat, { ...ZONE, dateOrder: 'day-first' })
  expect(dayFirst.messages.map(iso)).toEqual(['2025-04-03T05:00:00.000Z', '2025-06-05T05:00:00.000Z'])
  const monthFirst = await read(chat, { ...ZONE, dateOrder: 'month-first' })
  expect(monthFirst.messages.map(iso)).toEqual(['2025-03-04T05:00:00.000Z', '2025-05-06T05:00:00.000Z'])
  expect(codes(monthFirst)).toEqual([])
})

it('finds the order from a day over twelve, from time running forwards, and from now', async () => {
  const monthFirst = await read('1/15/25, 1:00 PM - A: x\n2/3/25, 1:00 PM - A: y\n')
  expect(monthFirst.messages.map(iso)).toEqual(['2025-01-15T05:00:00.000Z', '2025-02-03T05:00:00.000Z'])
  // As month-first these would run backwards: 1 Nov, then 2 March.
  const forwards = await read('11/1/25, 13:00 - A: x\n3/2/25, 13:00 - A: y\n')
  expect(forwards.messages.map(iso)).toEqual(['2025-01-11T05:00:00.000Z', '2025-02-03T05:00:00.000Z'])
  // As day-first this would lie after now, 15 January 2026.
  const past = await read('1/10/26, 13:00 - A: x\n')
  expect(iso(past.messages[0])).toBe('2026-01-10T05:00:00.000Z')
})

it('lets one forged date not turn the order of a whole file', async () => {
  const days = Array.from({ length: 28 }, (_, i) => `${i + 1}/1/25, 13:00 - A: x`)
  days.splice(20, 0, '1/25/25, 13:00 - Mallory: x')
  const result = await read(`${days.join('\n')}\n`)
  expect(iso(result.messages[0])).toBe('2025-01-01T05:00:00.000Z')
  expect(result.messages[20]?.sentAt.utcMs).toBeNull()
  expect(codes(result)).toContain('DATE_RANGE')
})

it('gives no UTC time without a stated zone', async () => {
  const { messages, summary } = await read('15/1/25, 21:09 - A: x\n', {})
  expect(messages[0]?.sentAt).toEqual({
    utcMs: null,
    local: '15/1/25, 21:09',
    precision: 'min',
    zone: 'unknown',
  })
  expect(summary.timeRange).toBeNull()
  await expect(read('15/1/25, 21:09 - A: x\n', { statedZone: 'Mars/Olympus' })).rejects.toMatchObject({
    code: 'ZONE_UNKNOWN',
  })
})

it('knows hours that clocks show twice or never', async () => {
  const london = { statedZone: 'Europe/London' }
  const twice = await read('26/10/2025, 01:30 - A: x\n26/10/2025, 13:30 - A: y\n', london)
  expect(twice.messages[0]?.sentAt.candidatesMs).toEqual([
    Date.UTC(2025, 9, 26, 0, 30),
    Date.UTC(2025, 9, 26, 1, 30),
  ])
  expect(iso(twice.messages[1])).toBe('2025-10-26T13:30:00.000Z')
  expect(codes(twice)).toEqual(['TIME_REPEATED'])
  const never = await read('30/03/2025, 01:30 - A: x\n30/03/2025, 13:30 - A: y\n', london)
  expect(never.messages.map(iso)).toEqual([null, '2025-03-30T12:30:00.000Z'])
  expect(codes(never)).toEqual(['TIME_SKIPPED'])
})

it('joins continuation lines and keeps byte ranges that cut the same bytes', async () => {
  const chat = '15/1/25, 21:09 - A: one\r\nzwei 🙂\r\n\r\ndrei\r\n15/1/25, 21:10 - B: x\r\n'
  const { messages, summary } = await read(chat)
  expect(messages.map((message) => message.text)).toEqual(['one\nzwei 🙂\n\ndrei', 'x'])
  const bytes = toBytes(chat)
  const cut = (message: Message | undefined) =>
    new TextDecoder().decode(bytes.subarray(message?.raw.start, message?.raw.end))
  expect(cut(messages[0])).toBe('15/1/25, 21:09 - A: one\r\nzwei 🙂\r\n\r\ndrei\r\n')
  expect(cut(messages[1])).toBe('15/1/25, 21:10 - B: x\r\n')
  expect(summary.sources).toEqual([{ path: '_chat.txt', sizeBytes: bytes.length, sha256: digestOf(bytes) }])
})

it('tells system lines from messages, also when a group title holds a colon', async () => {
  const { messages, summary } = await read(
    [
      '15/1/25, 21:09 - Messages and calls are end-to-end encrypted.',
      '15/1/25, 21:09 - Ali changed the group name to "Topic: X"',
      '15/1/25, 21:10 - ~\u202fAli: Topic: y',
      '15/1/25, 21:10 - \u202a+60 12-000 0000\u202c: z',
      '15/1/25, 21:10 - Siti:',
    ].join('\n'),
  )
  expect(messages.map((message) => [message.kind, message.authorKey, message.text])).toEqual([
    ['system', null, 'Messages and calls are end-to-end encrypted.'],
    ['system', null, 'Ali changed the group name to "Topic: X"'],
    ['message', 'wa:name:~\u202fAli', 'Topic: y'],
    ['message', 'wa:phone:+60120000000', 'z'],
    ['message', 'wa:name:Siti', ''],
  ])
  expect(summary.counts).toMatchObject({ messages: 3, service: 2 })
  expect(summary.places[0]?.kind).toBe('group')
})

it('flags a message that is older than the one before it, and a header of the other style', async () => {
  const older = await read('15/1/25, 21:09 - A: hi\n15/1/25, 20:00 - B: forged\n15/1/25, 21:10 - A: x\n')
  expect(codes(older)).toEqual(['POSSIBLE_INJECTED_LINE'])
  expect(older.summary.gaps).toMatchObject([{ kind: 'date-jump-back', start: 23, end: 50 }])
  const pasted = await read('15/1/25, 21:09 - A: hi\n[15/1/25, 21:10:00] B: forged\n15/1/25, 21:10 - A: x\n')
  expect(pasted.messages.map((message) => message.text)).toEqual(['hi\n[15/1/25, 21:10:00] B: forged', 'x'])
  expect(codes(pasted)).toEqual(['POSSIBLE_INJECTED_LINE'])
})

it('tells a link or a bomb in the export from a hostile path', async () => {
  const lines = ['a.jpg', '../b.jpg'].map((name) => `15/1/25, 21:09 - A: ${name} (file attached)`)
  const refused = [{ path: 'a.jpg', code: 'ENTRY_TYPE' as const }]
  expect(codes(await read(lines.join('\n'), ZONE, {}, { refused }))).toEqual(['ENTRY_TYPE', 'PATH_HOSTILE'])
})

it('finds attachments in every form and asks the tree for them', async () => {
  const files = { 'IMG-20250115-WA0001.jpg': 'x', '00000003-PHOTO-2025-01-15-21-09-11.jpg': 'y' }
  for (const hasSlowState of [false, true]) {
    const { messages, summary } = await read(
      [
        '15/1/25, 21:09 - A: IMG-20250115-WA0001.jpg (file attached)',
        'caption',
        '15/1/25, 21:09 - A: IMG-20250115-WA0002.jpg (fail dilampirkan)',
        '15/1/25, 21:09 - A: PTT-20250115-WA0003.opus (some other language)',
        '15/1/25, 21:09 - A: look \u200e<attached: 00000003-PHOTO-2025-01-15-21-09-11.jpg>',
        '15/1/25, 21:09 - A: <Media omitted>',
        '15/1/25, 21:09 - A: <媒体文件已省略>',
        '15/1/25, 21:09 - A: \u200eimage omitted',
        '15/1/25, 21:09 - A: ../secret.jpg (file attached)',
        '15/1/25, 21:09 - A: plan (draft)',
        '15/1/25, 21:09 - A: <Medien weggelassen hier>',
      ].join('\n'),
      ZONE,
      files,
      { hasSlowState },
    )
    expect(messages.map((message) => message.attachments)).toEqual([
      [
        {
          kind: 'photo',
          state: 'present',
          path: 'IMG-20250115-WA0001.jpg',
          fileName: 'IMG-20250115-WA0001.jpg',
        },
      ],
      [
        {
          kind: 'photo',
          state: 'missing',
          path: 'IMG-20250115-WA0002.jpg',
          fileName: 'IMG-20250115-WA0002.jpg',
        },
      ],
      [
        {
          kind: 'voice',
          state: 'missing',
          path: 'PTT-20250115-WA0003.opus',
          fileName: 'PTT-20250115-WA0003.opus',
        },
      ],
      [expect.objectContaining({ kind: 'photo', state: 'present' })],
      [{ kind: 'file', state: 'not-included' }],
      [{ kind: 'file', state: 'not-included' }],
      [{ kind: 'photo', state: 'not-included' }],
      [{ kind: 'photo', state: 'refused', fileName: '../secret.jpg' }],
      [],
      [],
    ])
    expect(messages.map((message) => message.text).slice(0, 4)).toEqual(['caption', '', '', 'look'])
    expect(summary.warnings.map((warning) => warning.code)).toEqual(['MEDIA_PHRASE_UNKNOWN', 'PATH_HOSTILE'])
    expect(summary.counts.attachments).toEqual({ present: 2, missing: 2, 'not-included': 3, refused: 1 })
  }
})

it('logs what it had to repair and what no message holds', async () => {
  const start = toBytes('\ufeffpreface\n15/1/25, 21:09 - A: x')
  const bytes = new Uint8Array([...start, 0xff, 0, 10])
  const { messages, summary } = await read(bytes)
  expect(messages).toMatchObject([{ text: 'x\ufffd\ufffd', isRepaired: true }])
  expect(summary.repairs).toEqual([
    { code: 'BOM', file: '_chat.txt', offset: 0, before: 'efbbbf', after: '' },
    { code: 'UTF8_INVALID', file: '_chat.txt', offset: start.length, before: 'ff00', after: '\ufffd' },
    { code: 'NUL', file: '_chat.txt', offset: start.length + 1, before: '00', after: '\ufffd' },
  ])
  expect(summary.gaps).toMatchObject([{ kind: 'decode-error', start: 0, end: 11 }])
})

it('cuts one endless line, and endless lines, at 4 MiB', async () => {
  const head = '15/1/25, 21:09 - A: '
  const line = await read(`${head}${'x'.repeat(5 << 20)}\n15/1/25, 21:10 - B: y\n`)
  expect(line.messages.map((message) => message.text.length)).toEqual([(4 << 20) - head.length, 1])
  expect(line.summary.gaps).toMatchObject([
    { kind: 'too-large', start: 4 << 20, end: head.length + (5 << 20) + 1 },
  ])
  const lines = await read(`${head}\n${`${'x'.repeat(1 << 20)}\n`.repeat(6)}15/1/25, 21:10 - B: y\n`)
  expect(lines.messages[0]?.text.length).toBeLessThanOrEqual(4 << 20)
  expect(lines.summary.gaps.every((gap) => gap.kind === 'too-large')).toBe(true)
  expect(lines.summary.gapCount).toBe(3)
})

it('warns near the number of messages WhatsApp stops at', async () => {
  const chat = (count: number) => '15/1/25, 21:09 - A: x\n'.repeat(count)
  expect(codes(await read(chat(9990)))).toEqual(['WA_CAP'])
  expect(codes(await read(chat(9000)))).toEqual([])
})

it('gives the same messages at every window border', async () => {
  const chat = '15/1/25, 21:09 - A: satu\r\ndua 🙂\r\n15/1/25, 下午9:10 - B: tiga\n[x\n'
  const whole = await read(chat)
  for (const maxSliceBytes of [1, 2, 3, 7]) {
    expect(await read(chat, ZONE, {}, { maxSliceBytes })).toEqual(whole)
  }
})

it('stops when it is told to', async () => {
  await expect(read('15/1/25, 21:09 - A: x\n', { signal: { aborted: true } })).rejects.toMatchObject({
    code: 'ABORTED',
  })
})

it('never throws an error without a code, whatever the bytes', async () => {
  const base = toBytes(
    '15/1/25, 9:09 PTG - A: <Media omitted>\n[15/1/25, 下午9:10:11] B: IMG-20250115-WA0001.jpg (file attached)\n3/4/2025, 1:00 - C: x: y\n',
  )
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(base.length - 1), fc.nat(255)), { maxLength: 12 }),
      async (edits) => {
        const bytes = base.slice()
        for (const [at, value] of edits) bytes[at] = value
        try {
          const { messages, summary } = await read(bytes)
          for (const message of messages) {
            expect(message.raw.end).toBeGreaterThan(message.raw.start)
            expect(message.raw.end).toBeLessThanOrEqual(bytes.length)
          }
          expect(summary.counts.messages + summary.counts.service).toBe(messages.length)
        } catch (error) {
          if (!(error instanceof AppError)) throw error
        }
      },
    ),
    { numRuns: 300 },
  )
})

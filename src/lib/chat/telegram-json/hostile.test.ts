import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ChatError } from '../errors.ts'
import type { Collection, Message } from '../model.ts'
import { TEST_NOW_MS, toBytes } from '../testing/index.ts'
import { readSample, sampleExport, sampleMessage, warningsOf } from './sample.ts'

const LARGEST = 4 << 20

it('keeps both of two messages with one id', async () => {
  const messages = [sampleMessage(1), sampleMessage(2), sampleMessage(1, { text: 'lain', text_entities: [] })]
  const { messages: read, summary } = await readSample(sampleExport(messages))
  expect(read.map((message) => message.id)).toEqual(['1', '2', '1'])
  expect(warningsOf(summary)).toEqual({ DUPLICATE_ID: 1, TEXT_MISMATCH: 1 })
})

it.each([
  ['1.5', '1.5'],
  ['1e3', '1e3'],
  ['9007199254740993', '9007199254740993'],
  ['-123456789012345678901234567890', '-123456789012345678901234567890'],
  ['"77"', '77'],
  ['null', null],
  ['{"a":1}', null],
])('keeps the odd id %s as text', async (id, expected) => {
  const text = sampleExport([sampleMessage(1)]).replace('"id": 1,', `"id": ${id},`)
  const { messages, summary } = await readSample(text)
  expect(messages.map((message) => message.id)).toEqual([expected])
  expect(warningsOf(summary)).toEqual({ ID_FORM: 1 })
})

it.each([
  ['946684799', 946_684_799_000],
  ['-5', -5000],
  [String(TEST_NOW_MS / 1000 + 2 * 86_400 + 1), TEST_NOW_MS + 2 * 86_400_000 + 1000],
  ['NaN', null],
  ['1e9', null],
  ['', null],
  ['999999999999999', null],
])('flags the time %j and keeps the message', async (unixtime, utcMs) => {
  const message = sampleMessage(1, { date: 'x', date_unixtime: unixtime })
  const { messages, summary } = await readSample(sampleExport([message]))
  expect(messages[0]?.sentAt.utcMs).toBe(utcMs)
  expect(warningsOf(summary)).toEqual({ DATE_RANGE: 1 })
  expect(summary.timeRange).toBeNull()
})

it('cuts a message over 4 MiB out and goes on', async () => {
  const text = sampleExport([sampleMessage(1), sampleMessage(2, { text: 'BIG' }), sampleMessage(3)])
  const big = text.replace('"BIG"', `"${'x\\"'.repeat(LARGEST / 3)}"`)
  for (const windowBytes of [100_000, 8 << 20]) {
    const { messages, summary } = await readSample(big, { windowBytes })
    expect(messages.map((message) => message.id)).toEqual(['1', '3'])
    const start = big.indexOf('{', (messages[0]?.raw.end ?? 0) + 1)
    const end = big.lastIndexOf(',', messages[1]?.raw.start)
    expect(summary.gaps).toEqual([
      { kind: 'too-large', file: 'result.json', start, end, detail: 'MESSAGE_TOO_LARGE' },
    ])
    expect(warningsOf(summary)).toEqual({ MESSAGE_TOO_LARGE: 1 })
  }
})

it('finds its way out of a string that never ends', async () => {
  const text = sampleExport([sampleMessage(1), sampleMessage(2, { text: 'BIG' }), sampleMessage(3)])
  const big = text.replace('"BIG"', `"${'x'.repeat(LARGEST + 5)}`)
  const { messages } = await readSample(big, { windowBytes: 100_000 })
  expect(messages.map((message) => message.id)).toEqual(['1', '3'])
})

it('reads past strings of any length with the memory of a window', async () => {
  const head = toBytes('{"id":1,"type":"bot_chat","messages":[{"id":1,"type":"message","text":"')
  const tail = toBytes('"},{"id":2,"type":"message"}]}')
  const sizeBytes = 24 << 20
  let largest = 0
  const source = {
    path: 'result.json',
    sizeBytes,
    slice: async (start: number, end: number) => {
      largest = Math.max(largest, end - start)
      const bytes = new Uint8Array(Math.min(end, sizeBytes) - start).fill(120)
      for (let i = 0; i < head.length; i++) if (i >= start && i < end) bytes[i - start] = head[i] ?? 0
      const tailStart = sizeBytes - tail.length
      for (let i = Math.max(start, tailStart); i < end; i++) bytes[i - start] = tail[i - tailStart] ?? 0
      return bytes
    },
  }
  const { readTelegramJson } = await import('./index.ts')
  const { memoryTree, readAll, testReadOptions } = await import('../testing/index.ts')
  const { messages, summary } = await readAll(readTelegramJson(memoryTree({}), source, testReadOptions()))
  expect(messages.map((message) => message.id)).toEqual(['2'])
  expect(summary.gaps.map((gap) => gap.kind)).toEqual(['too-large'])
  expect(largest).toBeLessThanOrEqual(2 * LARGEST)
})

it('takes 64 levels and no more', async () => {
  const nested = (levels: number) => JSON.parse('['.repeat(levels) + ']'.repeat(levels))
  const messages = [
    sampleMessage(1, { a: nested(63) }),
    sampleMessage(2, { a: nested(64) }),
    sampleMessage(3),
  ]
  const { messages: read, summary } = await readSample(sampleExport(messages))
  expect(read.map((message) => message.id)).toEqual(['1', '3'])
  expect(summary.gaps.map((gap) => gap.kind)).toEqual(['nesting'])
  expect(warningsOf(summary)).toEqual({ NESTING: 1 })
})

it('survives brackets a million deep', async () => {
  const deep = `{"id":1,"type":"bot_chat","x":${'['.repeat(1e6)}`
  await expect(readSample(deep)).rejects.toMatchObject({ code: 'JSON_DAMAGED' })
  const inMessage = `{"id":1,"type":"bot_chat","messages":[{"id":1,"a":${'[{"a":'.repeat(1e6)}`
  const { summary } = await readSample(inMessage)
  expect(summary.gaps.map((gap) => gap.kind)).toEqual(['too-large', 'truncated'])
})

it('leaves markup, formulas and bidirectional marks as they are', async () => {
  const text = '<script>alert(1)</script> =1+1 \u202egnp.\u2066 \u001b[31m'.replace('\u001b', '')
  const message = sampleMessage(1, { from: text, text, text_entities: [{ type: 'plain', text }] })
  const { messages } = await readSample(sampleExport([message]))
  expect(messages[0]).toMatchObject({ text, authorName: text })
})

it('gives whole characters for lone surrogates and NUL, and says so', async () => {
  const text = sampleExport([sampleMessage(1)]).replaceAll('apa khabar 1', 'a\\ud83d\\u0000b')
  const { messages, summary } = await readSample(text)
  expect(messages[0]).toMatchObject({ text: 'a\ufffd\ufffdb', isRepaired: true })
  expect(summary.repairs.map((repair) => repair.code)).toEqual([
    'SURROGATE_LONE',
    'NUL',
    'SURROGATE_LONE',
    'NUL',
  ])
})

const GOOD = toBytes(
  sampleExport([
    sampleMessage(1, { photo: 'photos/a.jpg', width: 4 }),
    sampleMessage(2, {
      text: ['a', { type: 'link', text: 'https://example.org' }],
      text_entities: undefined,
    }),
    sampleMessage(3, { type: 'service', action: 'pin_message', actor_id: 'user1', message_id: 1 }),
    sampleMessage(4, { from: 'வணக்கம்', reactions: [{ type: 'emoji', emoji: '👍', count: 1 }] }),
  ]),
)

/** Ranges of messages and of gaps (beside those that repeat a message), in order and apart. */
function expectOrderedRanges(messages: Message[], summary: Collection, sizeBytes: number): void {
  const gaps = summary.gaps.filter((gap) => gap.kind !== 'unsupported')
  const ranges = [...messages.map((message) => message.raw), ...gaps].sort(
    (a, b) => a.start - b.start || a.end - b.end,
  )
  let last = 0
  for (const { start, end } of ranges) {
    expect(start).toBeGreaterThanOrEqual(last)
    expect(end).toBeGreaterThanOrEqual(start)
    last = end
  }
  expect(last).toBeLessThanOrEqual(sizeBytes)
  expect(messages.map((message) => message.seq)).toEqual(messages.map((_, i) => i))
}

async function readOrCode(bytes: Uint8Array, windowBytes: number) {
  try {
    return await readSample(bytes, { windowBytes })
  } catch (error) {
    if (error instanceof ChatError) return error.code
    throw error
  }
}

const INTERESTING = [...'"\\{}[]:,\n\0x0u-9'].map((character) => character.charCodeAt(0))
const BYTE = fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(...INTERESTING))
const MUTATION = fc.record({
  at: fc.nat(GOOD.length - 1),
  removed: fc.oneof(fc.constant(1), fc.nat(40)),
  added: fc.array(BYTE, { maxLength: 3 }),
})

it('never throws uncoded, never loses order, and reads the same in small windows, whatever bytes change', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(MUTATION, { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 64 }),
      async (mutations, windowBytes) => {
        const bytes = [...GOOD]
        for (const { at, removed, added } of mutations) bytes.splice(at, removed, ...added)
        const mutated = Uint8Array.from(bytes)
        const whole = await readOrCode(mutated, 1 << 20)
        if (typeof whole !== 'string') expectOrderedRanges(whole.messages, whole.summary, mutated.length)
        expect(await readOrCode(mutated, windowBytes)).toEqual(whole)
      },
    ),
    { numRuns: 300 },
  )
})

it('agrees with JSON.parse about every export that is valid JSON', async () => {
  const value = fc.jsonValue({ maxDepth: 3 })
  const key = fc.constantFrom('from', 'text', 'photo', 'reactions', 'poll', 'action', 'date', 'edited', 'x')
  const extra = fc.dictionary(key, value, { maxKeys: 5 })
  await fc.assert(
    fc.asyncProperty(fc.array(extra, { maxLength: 6 }), fc.constantFrom(0, 1, 4), async (extras, indent) => {
      const messages = extras.map((over, i) => sampleMessage(i, over))
      const text = JSON.stringify({ type: 'bot_chat', id: 1, messages }, null, indent)
      const { messages: read, summary } = await readSample(text)
      expect(read.map((message) => message.id)).toEqual(messages.map((message) => String(message['id'])))
      expect(summary.gaps).toEqual([])
      expect(read.map((message) => message.authorName)).toEqual(
        messages.map((message) => (typeof message['from'] === 'string' ? message['from'] : null)),
      )
      for (const message of read) {
        const cut = JSON.parse(
          new TextDecoder().decode(toBytes(text).subarray(message.raw.start, message.raw.end)),
        )
        expect(String(cut.id)).toBe(message.id)
      }
    }),
  )
})

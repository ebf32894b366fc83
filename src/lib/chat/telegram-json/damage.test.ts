import { expect, it } from 'vitest'
import { digestOf, toBytes } from '../testing/index.ts'
import { readSample, SAMPLE_HEADER, sampleExport, sampleMessage, sampleReader, warningsOf } from './sample.ts'

const TEXT_DECODER = new TextDecoder()
const THREE = sampleExport([sampleMessage(1), sampleMessage(2, { photo: 'a.jpg' }), sampleMessage(3)])

function latin(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}

it('keeps the complete messages of a file cut at any byte', async () => {
  const bytes = toBytes(THREE)
  const whole = await readSample(bytes)
  const ends = whole.messages.map((message) => message.raw.end)
  const listStart = THREE.indexOf('[') + 1
  const listEnd = THREE.lastIndexOf(']') + 1
  for (let cut = 0; cut < bytes.length; cut++) {
    const part = bytes.subarray(0, cut)
    if (cut < listStart) {
      const code = cut === 0 ? 'FORMAT_UNKNOWN' : 'JSON_DAMAGED'
      await expect(readSample(part), String(cut)).rejects.toMatchObject({ code })
      continue
    }
    const { messages, summary } = await readSample(part)
    const complete = ends.filter((end) => end <= cut).length
    expect(messages, String(cut)).toEqual(whole.messages.slice(0, complete))
    expect(warningsOf(summary)).toEqual({ TRUNCATED: 1 })
    if (cut >= listEnd) expect(summary.gaps).toEqual([])
    else expect(summary.gaps).toMatchObject([{ kind: 'truncated', end: cut }])
    expect(summary.sources).toEqual([{ path: 'result.json', sizeBytes: cut, sha256: digestOf(part) }])
  }
})

it('reads the same at every window border', async () => {
  const odd = latin('"text": "x\\x0By\\u2028\x80\xa8z\xff",')
  const parts = sampleExport([
    sampleMessage(1, { photo: '../x', reactions: [{ type: 'emoji', emoji: '👍', count: 1 }] }),
    sampleMessage(2, { text: 'MARK', text_entities: undefined }),
    sampleMessage(3, { text: ['வணக்கம் ', { type: 'bold', text: '你好' }] }),
    ...Array.from({ length: 20 }, (_, i) => sampleMessage(i)),
    sampleMessage(2.5),
  ]).split('"text": "MARK"')
  const before = toBytes(parts[0] ?? '')
  const after = toBytes(parts[1] ?? '')
  const bytes = new Uint8Array([...before, ...odd.subarray(0, -1), ...after])
  const whole = await readSample(bytes)
  expect(whole.messages).toHaveLength(24)
  expect(whole.messages[1]?.text).toBe('x\u000by\u2028z\ufffd')
  expect(whole.summary.repairs.map((repair) => repair.code)).toEqual([
    'TG_CTRL_ESCAPE',
    'TG_LS_STRAY',
    'UTF8_INVALID',
  ])
  for (const options of [
    { windowBytes: 1 },
    { windowBytes: 7 },
    { windowBytes: 997 },
    { maxSliceBytes: 1 },
  ]) {
    expect(await readSample(bytes, options), JSON.stringify(options)).toEqual(whole)
  }
})

it('splits a file at every offset with the same result', async () => {
  const bytes = latin(THREE.replace('apa khabar 2', 'a\\u2028\x80\xa8b\\x1F'))
  const whole = await readSample(bytes)
  expect(whole.summary.repairCount).toBe(2)
  for (let windowBytes = 1; windowBytes <= bytes.length; windowBytes++) {
    expect(await readSample(bytes, { windowBytes }), String(windowBytes)).toEqual(whole)
  }
})

it('logs repairs with offsets in the file and marks the message', async () => {
  const text = THREE.replaceAll('apa khabar 2', 'a\\x0Bb')
  const { messages, summary } = await readSample(text)
  expect(messages.map((message) => message.isRepaired)).toEqual([undefined, true, undefined])
  expect(messages[1]?.text).toBe('a\u000bb')
  const first = text.indexOf('\\x0B')
  expect(summary.repairs).toEqual([
    { code: 'TG_CTRL_ESCAPE', file: 'result.json', offset: first, before: '5c783042', after: '\\u000b' },
    {
      code: 'TG_CTRL_ESCAPE',
      file: 'result.json',
      offset: text.lastIndexOf('\\x0B'),
      before: '5c783042',
      after: '\\u000b',
    },
  ])
})

it('accepts a byte order mark and lines ended by CRLF', async () => {
  const { messages } = await readSample(THREE)
  const texts = messages.map((message) => message.text)
  const again = await readSample(`\ufeff${THREE.replaceAll('\n', '\r\n')}`)
  expect(again.messages.map((message) => message.text)).toEqual(texts)
  expect(again.summary.repairs).toEqual([
    { code: 'BOM', file: 'result.json', offset: 0, before: 'efbbbf', after: '' },
  ])
})

it('warns of bytes behind the root', async () => {
  const { messages, summary } = await readSample(`${THREE}\n{"a":1}`)
  expect(messages).toHaveLength(3)
  expect(summary.warnings).toEqual([{ code: 'TRAILING', count: 1, firstAt: String(THREE.length + 1) }])
  expect((await readSample(`${THREE}\r\n \t`)).summary.warnings).toEqual([])
})

const DAMAGE: [string, (text: string) => string][] = [
  ['a lost quote', (text) => text.replace('apa khabar 2"', 'apa khabar 2')],
  ['a lost opening quote', (text) => text.replace('"apa khabar 2', 'apa khabar 2')],
  ['a raw line break', (text) => text.replace('apa khabar 2', 'apa\nkhabar 2')],
  ['a bad escape', (text) => text.replace('apa khabar 2', 'apa\\qkhabar 2')],
  ['a comment', (text) => text.replace('"id": 2,', '"id": 2, // two\n')],
  ['NaN', (text) => text.replace('"id": 2,', '"id": 2, "n": NaN,')],
  ['single quotes', (text) => text.replace('"id": 2,', "'id': 2,")],
  ['a lost colon', (text) => text.replace('"id": 2,', '"id" 2,')],
  ['a lost comma', (text) => text.replace('"id": 2,', '"id": 2')],
  ['a lost bracket', (text) => text.replace('"photo": "a.jpg"', '"photo": [{"a": 1}')],
  ['a bracket too many', (text) => text.replace('"photo": "a.jpg"', '"photo": [{"a": [1}]')],
  ['a lost opening brace', (text) => text.replace('{\n   "id": 2', '\n   "id": 2')],
  ['a scalar instead', (text) => text.replace(/\{\n {3}"id": 2[\s\S]*?\n {2}\}/, '17')],
  ['a list instead', (text) => text.replace(/\{\n {3}"id": 2[\s\S]*?\n {2}\}/, '[{"id":2}]')],
  ['an object that is no message', (text) => text.replace(/\{\n {3}"id": 2[\s\S]*?\n {2}\}/, '{"x": 2}')],
]

it.each(DAMAGE)('loses only the message with %s', async (_, damage) => {
  const text = damage(THREE)
  expect(text).not.toBe(THREE)
  for (const windowBytes of [1, 50, 1 << 20]) {
    const { messages, summary } = await readSample(text, { windowBytes })
    expect(messages.map((message) => message.id)).toEqual(['1', '3'])
    expect(summary.gaps).toMatchObject([{ kind: 'decode-error' }])
    const [gap] = summary.gaps
    expect(gap?.start).toBeGreaterThanOrEqual(messages[0]?.raw.end ?? Infinity)
    expect(gap?.end).toBeLessThanOrEqual(messages[1]?.raw.start ?? -1)
    expect(warningsOf(summary)).toEqual({})
  }
})

it('goes on in a file without line breaks', async () => {
  const compact = JSON.stringify(JSON.parse(THREE))
  const damaged = compact.replace('apa khabar 2"', 'apa khabar 2')
  for (const windowBytes of [1, 1 << 20]) {
    const { messages, summary } = await readSample(damaged, { windowBytes })
    expect(messages.map((message) => message.id)).toEqual(['1', '3'])
    expect(summary.gaps.map((gap) => gap.kind)).toEqual(['decode-error'])
  }
})

it('loses the last message only, when that is the damaged one', async () => {
  const { messages, summary } = await readSample(THREE.replace('apa khabar 3"', 'apa khabar 3'))
  expect(messages.map((message) => message.id)).toEqual(['1', '2'])
  expect(summary.gaps.map((gap) => gap.kind)).toEqual(['decode-error'])
  expect(summary.warnings).toEqual([])
})

it('notes a lost comma between messages and loses nothing', async () => {
  const { messages, summary } = await readSample(THREE.replace('  },\n  {', '  }\n  {'))
  expect(messages).toHaveLength(3)
  expect(warningsOf(summary)).toEqual({ COMMA_MISSING: 1 })
})

function damagedExport(count: number, everyNth: number): string {
  const messages = Array.from({ length: count }, (_, i) =>
    sampleMessage(i, i % everyNth === 0 ? { text: 'BAD', text_entities: [] } : {}),
  )
  return sampleExport(messages, SAMPLE_HEADER).replaceAll('"BAD"', '"\\q"')
}

it('stops when more than one message in a hundred is unreadable', async () => {
  await expect(readSample(damagedExport(3000, 30))).rejects.toMatchObject({ code: 'JSON_DAMAGED' })
  const { messages, summary } = await readSample(damagedExport(2970, 30))
  expect(messages).toHaveLength(2871)
  expect(summary.gapCount).toBe(99)
})

it('stops when asked to', async () => {
  const signal = { aborted: false }
  const reader = sampleReader(THREE, { windowBytes: 16, signal, onProgress: () => (signal.aborted = true) })
  await expect(reader.batches().next()).rejects.toMatchObject({ code: 'ABORTED' })
})

it('reports progress to the last byte', async () => {
  const seen: number[] = []
  await readSample(THREE, { windowBytes: 100, onProgress: (read) => seen.push(read) })
  expect(seen.at(-1)).toBe(THREE.length)
  expect(seen).toEqual([...seen].sort((a, b) => a - b))
})

it('gives ranges that cut the same message out of the file', async () => {
  const bytes = latin(THREE.replace('apa khabar 2', 'a\\u2028\x80\xa8b'))
  const { messages } = await readSample(bytes)
  for (const message of messages) {
    const cut = TEXT_DECODER.decode(bytes.subarray(message.raw.start, message.raw.end))
    expect(String(JSON.parse(cut).id)).toBe(message.id)
  }
})

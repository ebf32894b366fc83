import { expect, it } from 'vitest'
import type { Message } from './model.ts'
import { KEPT_FAULTS, Tally } from './tally.ts'

const NOW = Date.UTC(2026, 0, 15)

function message(over: Partial<Message> = {}): Message {
  return {
    seq: 0,
    kind: 'message',
    placeKey: 'p',
    id: '7',
    sentAt: { utcMs: Date.UTC(2025, 5, 1), local: null, precision: 's', zone: 'utc' },
    authorKey: null,
    authorName: null,
    text: '',
    entities: [],
    attachments: [],
    raw: { file: 'result.json', start: 40, end: 50 },
    ...over,
  }
}

function at(utcMs: number | null): Partial<Message> {
  return { sentAt: { utcMs, local: null, precision: 's', zone: 'utc' } }
}

it('counts messages by kind, edits, forwards and attachment states', () => {
  const tally = new Tally('telegram-json', NOW)
  tally.message(message({ attachments: [{ kind: 'photo', state: 'present' }] }))
  tally.message(
    message({
      editedAt: message().sentAt,
      forward: { name: 'A' },
      attachments: [
        { kind: 'photo', state: 'missing' },
        { kind: 'thumbnail', state: 'present' },
      ],
    }),
  )
  tally.message(message({ kind: 'service' }))
  tally.message(message({ kind: 'system' }))
  tally.message(message({ kind: 'unsupported' }))
  expect(tally.collection().counts).toEqual({
    messages: 2,
    service: 2,
    unsupported: 1,
    edited: 1,
    forwarded: 1,
    attachments: { present: 2, missing: 1 },
  })
})

it('keeps dates out of range from the time range and warns once with a count', () => {
  const tally = new Tally('telegram-json', NOW)
  expect(tally.collection().timeRange).toBeNull()
  const impossible = [Date.UTC(1999, 11, 31, 23, 59, 59), NOW + 2 * 86_400_000 + 1, Number.NaN, -1]
  for (const utcMs of impossible) tally.message(message({ ...at(utcMs), id: null }))
  tally.message(message(at(null)))
  expect(tally.collection().timeRange).toBeNull()
  for (const utcMs of [Date.UTC(2000, 0, 1), NOW + 2 * 86_400_000]) tally.message(message(at(utcMs)))
  expect(tally.collection().timeRange).toEqual({
    firstMs: Date.UTC(2000, 0, 1),
    lastMs: NOW + 2 * 86_400_000,
  })
  expect(tally.collection().warnings).toEqual([{ code: 'DATE_RANGE', count: 4, firstAt: '40' }])
})

it('lists warnings by code, with the first place of each', () => {
  const tally = new Tally('telegram-json', NOW)
  for (const [code, at] of [
    ['B', '1'],
    ['A', '2'],
    ['B', '3'],
  ] as const)
    tally.warn(code, at)
  expect(tally.collection().warnings).toEqual([
    { code: 'A', count: 1, firstAt: '2' },
    { code: 'B', count: 2, firstAt: '1' },
  ])
})

it('keeps ten thousand repairs and gaps, and counts them all', () => {
  const tally = new Tally('whatsapp-text', NOW)
  for (let i = 0; i < KEPT_FAULTS + 3; i++) {
    tally.repair('UTF8_INVALID', 'f', i, Uint8Array.of(255), '')
    tally.gap({ kind: 'decode-error', file: 'f', start: i, end: i + 1, detail: '' })
  }
  const collection = tally.collection()
  expect(collection.repairs).toHaveLength(KEPT_FAULTS)
  expect(collection.repairCount).toBe(KEPT_FAULTS + 3)
  expect(collection.gaps).toHaveLength(KEPT_FAULTS)
  expect(collection.gapCount).toBe(KEPT_FAULTS + 3)
})

it('keeps sixteen bytes of what was repaired', () => {
  const tally = new Tally('whatsapp-text', NOW)
  tally.repair('UTF8_INVALID', 'f', 5, new Uint8Array(40).fill(0xab), '?')
  expect(tally.collection().repairs).toEqual([
    { code: 'UTF8_INVALID', file: 'f', offset: 5, before: 'ab'.repeat(16), after: '?' },
  ])
})

it('joins reports of one place and hands out copies', () => {
  const tally = new Tally('telegram-json', NOW)
  tally.place({ key: 'k', platform: 'telegram', kind: 'unknown', ids: ['1'], titles: ['A'] })
  const before = tally.collection()
  tally.place({ key: 'k', platform: 'telegram', kind: 'channel', ids: ['1', '2'], titles: ['A', 'B'] })
  tally.place({ key: 'k', platform: 'telegram', kind: 'group', ids: [], titles: [] })
  expect(tally.collection().places).toEqual([
    { key: 'k', platform: 'telegram', kind: 'channel', ids: ['1', '2'], titles: ['A', 'B'] },
  ])
  expect(before.places[0]?.titles).toEqual(['A'])
})

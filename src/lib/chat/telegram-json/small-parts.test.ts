import fc from 'fast-check'
import { expect, it } from 'vitest'
import { isHostilePath } from './hostile-path.ts'
import { localMs } from './moments.ts'
import { RecurringValues } from './recurring-values.ts'
import { SeenIds } from './seen-ids.ts'
import { hashStep, SLOT_KEYS, slotOf } from './slots.ts'

const ENCODE = (text: string) => new TextEncoder().encode(text)

it.each([
  ['', '/etc/passwd', '..', 'a/../b', 'photos/..', './a', 'a/./b', 'a//b', 'a/', 'a\\b', 'C:/a', 'c:a'],
  ['file:///etc/passwd', 'http://example.org/a', 'a\0b', 'a\nb', 'a\u007f', 'x'.repeat(5000), '../../x'],
])('refuses hostile paths: %j …', (...paths) => {
  for (const path of paths) expect(isHostilePath(path), JSON.stringify(path)).toBe(true)
})

it('accepts the paths the exporter writes', () => {
  const paths = [
    'photos/photo_1@15-01-2026_17-59-43.jpg',
    'files/a (1).tar.gz',
    '...',
    'a/..b',
    'வணக்கம்/你好.jpg',
  ]
  for (const path of paths) expect(isHostilePath(path), path).toBe(false)
})

it('remembers exactly the ids it was given', () => {
  const id = fc.oneof(fc.integer({ min: -9000, max: 9000 }), fc.maxSafeInteger())
  fc.assert(
    fc.property(fc.array(id), (ids) => {
      const seen = new SeenIds()
      const model = new Set<number>()
      for (const value of ids) {
        expect(seen.hasThenAdd(value)).toBe(model.has(value))
        model.add(value)
      }
    }),
  )
})

it('gives up on strewn ids instead of filling the memory, and still knows its pages', () => {
  const seen = new SeenIds()
  for (let i = 0; i < 131_072; i++) expect(seen.hasThenAdd(i * 1_000_003)).toBe(false)
  expect(seen.isFull).toBe(false)
  expect(seen.hasThenAdd(-5)).toBe(false)
  expect(seen.isFull).toBe(true)
  expect(seen.hasThenAdd(1_000_003)).toBe(true)
})

it('finds the slot of each key and of no other', () => {
  const ask = (key: string) => {
    const bytes = ENCODE(key)
    return slotOf(bytes, 0, bytes.length, bytes.reduce(hashStep, 0))
  }
  const keys: readonly string[] = SLOT_KEYS
  keys.forEach((key, slot) => {
    expect(ask(key)).toBe(slot)
  })
  fc.assert(
    fc.property(fc.string(), (key) => {
      expect(ask(key)).toBe(keys.indexOf(key))
    }),
  )
})

it('recognises recurring values, through being full and starting anew', () => {
  const values = new RecurringValues()
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 12_000; i++) {
      const json = ENCODE(`  "Ahli வணக்கம் ${i}"`)
      expect(values.valueAt(json, 2, json.length)).toBe(`Ahli வணக்கம் ${i}`)
    }
  }
  const long = ENCODE(`"${'x'.repeat(1000)}"`)
  expect(values.valueAt(long, 0, long.length)).toBe('x'.repeat(1000))
  for (const bad of [ENCODE('tru'), ENCODE('"\\x00"'), Uint8Array.of(34, 0xff, 34)]) {
    expect(values.valueAt(bad, 0, bad.length)).toBeUndefined()
  }
})

it('counts the days of the calendar as Date does', () => {
  fc.assert(
    fc.property(fc.integer({ min: -3e10, max: 2e11 }), (seconds) => {
      const text = new Date(seconds * 1000).toISOString().slice(0, 19)
      expect(localMs(text)).toBe(seconds * 1000)
    }),
  )
  for (const text of ['', '2026-01-15', '2026-01-15 17:59:43', '2026-0a-15T17:59:43']) {
    expect(localMs(text)).toBeNaN()
  }
})

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type FieldName, readFields } from './fields.ts'

function read(name: FieldName, value: unknown): unknown {
  return readFields({ [name]: value }, [name], [])?.[name]
}

it('refuses a body with a field missing, a field too many, or one of the wrong form', () => {
  expect(readFields({ id: 'a' }, ['id'], ['note'])).toEqual({ id: 'a' })
  expect(readFields({ id: 'a', note: 'b', at: '09:00' }, ['id'], ['note'])).toEqual({
    id: 'a',
    note: 'b',
    at: 540,
  })
  for (const body of [
    {},
    { id: 'a', extra: 1 },
    { id: 'a', __proto__: null, constructor: 1 },
    { id: 'a', note: null },
    { id: 'a', at: '9:00' },
    JSON.parse('{"id":"a","__proto__":{"note":"b"}}'),
    Object.create({ id: 'a' }),
    ['id'],
    null,
    'id',
  ])
    expect([body, readFields(body, ['id'], ['note'])]).toEqual([body, null])
})

const BAD: Partial<Record<FieldName, readonly unknown[]>> = {
  at: ['24:00', '09:60', 540, ''],
  id: ['', 'a b', 'a:b', 'a@b', 'x'.repeat(65), 7, '\u00e9'],
  task: ['', 'x'.repeat(201), 'a b'],
  reason: ['', '   ', 'x'.repeat(20_001), '\ud800', 7],
  text: ['x'.repeat(262_145), '\udc00', null],
  members: ['a', [''], ['a', 'a'], Array.from({ length: 257 }, (_, index) => `m${index}`), [1]],
  level: ['extreme', 'Urgent', 0],
  factors: [['threat', 'threat'], ['nonsense'], 'threat'],
  nextReview: ['2026-03-02', '2026-03-02T09:00', '2026-02-30T09:00Z'],
  expires: ['2026-02-30', '2026-3-2', 20260302],
  language: ['m', 'en_GB', 'en-', 7],
  sha256: ['AB'.repeat(32), 'ab'.repeat(31), 'ab'.repeat(33)],
  noticeType: ['Takedown', '-x', 'x-', 'a--b', ''],
  epoch: [0, -1, 1.5, '2', Number.NaN, 2 ** 53],
  costSeen: ['true', 1, null],
  content: [[], 'x', null],
  entryRole: ['god', 'Survivor'],
}

it('refuses every value of a corpus of bad ones', () => {
  // The corpus is keyed by field names just above.
  for (const [name, values] of Object.entries(BAD))
    for (const value of values)
      expect([name, value, read(name as FieldName, value)]).toEqual([name, value, undefined])
})

it('takes what is well formed', () => {
  expect(read('id', 'a-B_9')).toBe('a-B_9')
  expect(read('members', ['a', 'b'])).toEqual(['a', 'b'])
  expect(read('language', 'zh-Hans')).toBe('zh-Hans')
  expect(read('noticeType', 'us-tida-48h')).toBe('us-tida-48h')
  expect(read('reason', 'kerana \u0b85')).toBe('kerana \u0b85')
})

it('never throws', () => {
  fc.assert(
    fc.property(fc.anything(), (body) => {
      const fields = readFields(body, ['id', 'members'], ['note', 'content', 'nextReview'])
      expect(fields === null || typeof fields.id === 'string').toBe(true)
    }),
    { numRuns: 500 },
  )
})

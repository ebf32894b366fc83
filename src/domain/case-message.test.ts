import { expect, it } from 'vitest'
import { MESSAGE_RULES, type Message } from '#lib/seal/index.ts'
import { EVENTS, type EventType } from './case/index.ts'
import { entryOf, messageOf, messageTypeOf } from './case-message.ts'

const MESSAGE: Message = {
  v: 1,
  t: 'entry',
  caseRef: 'AAAAAAAAAAAAAAAAAAAAAA',
  epoch: 2,
  author: 'survivor',
  seq: 2,
  prev: 'ab'.repeat(32),
  seen: { AAAAAAAAAAAAAAAAAAAAAQ: 3 },
  roster: 1,
  day: '2026-11-24',
  body: {},
}
const verified = (changes: Partial<Message>) => ({
  message: { ...MESSAGE, ...changes },
  sha256: 'cd'.repeat(32),
  key: 'ef'.repeat(32),
  role: 'survivor' as const,
})
const roleOf = (entry: string) => (entry === 'devi' ? ('caseworker' as const) : undefined)

it('carries every kind of entry there and back', () => {
  for (const type of Object.keys(EVENTS) as EventType[]) {
    const body = { about: 'x', at: '10:00' }
    const entry = entryOf(verified(messageOf({ type, body })), roleOf)
    expect(entry).toEqual({
      id: 'cd'.repeat(32),
      key: 'ef'.repeat(32),
      author: 'survivor',
      role: 'survivor',
      day: '2026-11-24',
      seq: 2,
      prev: 'ab'.repeat(32),
      seen: MESSAGE.seen,
      type,
      body,
    })
  }
})

it('takes a consent or a withdrawal from a message that was signed as one alone', () => {
  for (const type of ['consent.give', 'consent.end', 'case.erase', 'case.withdraw-keep']) {
    const said = { type, body: {} }
    expect(entryOf(verified({ t: 'entry', body: said }), roleOf)).toBeNull()
    expect(entryOf(verified({ t: messageTypeOf(type), body: said }), roleOf)).toMatchObject({ type })
    expect(MESSAGE_RULES[messageTypeOf(type)].label).not.toBe(MESSAGE_RULES.entry.label)
  }
})

it('reads new keys and wraps as entries, with the role of the roster', () => {
  const epoch = entryOf(verified({ t: 'epoch', body: { reason: 'routine', wraps: 12 } }), roleOf)
  expect(epoch).toMatchObject({ type: 'epoch.new', body: { epoch: 2, epochReason: 'routine' } })
  const wrap = (toEntry: string) =>
    entryOf(verified({ t: 'wrap', body: { toEntry, epochs: [1], why: 'takes over' } }), roleOf)
  expect(wrap('devi')).toMatchObject({
    type: 'member.add',
    body: { entry: 'devi', entryRole: 'caseworker', reason: 'takes over' },
  })
  expect(wrap('nobody')?.body).not.toHaveProperty('entryRole')
})

it('is no entry: a list of files, and what has more or less in it than an entry', () => {
  expect(entryOf(verified({ t: 'file-list', body: { v: 1, files: [] } }), roleOf)).toBeNull()
  expect(entryOf(verified({ body: { type: 'case.open', body: {}, more: 1 } }), roleOf)).toBeNull()
  expect(entryOf(verified({ body: { body: {} } }), roleOf)).toBeNull()
})

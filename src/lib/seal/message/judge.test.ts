import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { DeliveredItem } from './check-message.ts'
import { judgeMessages } from './judge.ts'
import type { Heads, SignedMessage } from './model.ts'
import { isSignedMessage } from './signed-message.ts'
import { authorOf, context, converse, headOf, type Name, write } from './testing.ts'

const NAMES = ['survivor', 'worker', 'supervisor'] as const
const turnsOf = (names: readonly Name[]) => names.map((name) => ({ name }))
const six = converse(turnsOf(['survivor', 'worker', 'survivor', 'supervisor', 'worker', 'survivor']))
const judge = (items: readonly DeliveredItem[], known?: Heads) => judgeMessages(items, context, known)
const verdicts = (items: readonly DeliveredItem[]) => judge(items).items.map(({ verdict }) => verdict)
const item = (payload: unknown, id = 'new'): DeliveredItem => ({ id, epoch: 1, payload })
const signedIn = ({ payload }: DeliveredItem): SignedMessage => {
  if (!isSignedMessage(payload)) throw new Error('a signed message is expected')
  return payload
}

it('verifies messages that were delivered as they were written', () => {
  const { items, missing, heads, isRosterBehind } = judge(six)
  expect(items.map(({ verdict }) => verdict)).toEqual(Array(6).fill('verified'))
  expect(items.map((each) => 'role' in each && each.role)).toEqual([
    'survivor',
    'caseworker',
    'survivor',
    'supervisor',
    'caseworker',
    'survivor',
  ])
  expect(missing).toEqual([])
  expect(isRosterBehind).toBe(false)
  expect(heads.get(authorOf('survivor'))).toEqual(headOf(signedIn(six[5] ?? item(null))))
})

it('lets two people write at once', () => {
  const both = converse([
    { name: 'survivor' },
    { name: 'worker' },
    { name: 'supervisor', unread: 1 },
    { name: 'survivor' },
  ])
  const [a, b, c, d] = both
  expect(verdicts(both)).toEqual(Array(4).fill('verified'))
  expect(verdicts([a, c, b, d].flatMap((each) => each ?? []))).toEqual(Array(4).fill('verified'))
})

it('names a dropped message by its author and number, and marks what follows it', () => {
  const { items, missing } = judge(six.filter((_, i) => i !== 2))
  expect(missing).toEqual([{ author: 'survivor', from: 2, to: 2 }])
  expect(items.map(({ verdict }) => verdict)).toEqual([
    'verified',
    'verified',
    'missing-before',
    'missing-before',
    'missing-before',
  ])
})

it('notices dropped newest messages by what was known before', () => {
  const { heads } = judge(six)
  const { items, missing } = judge(six.slice(0, 4), heads)
  expect(items.every(({ verdict }) => verdict === 'verified')).toBe(true)
  expect(missing).toEqual([
    { author: 'survivor', from: 3, to: 3 },
    { author: authorOf('worker'), from: 2, to: 2 },
  ])
  expect(judge([], heads).missing).toHaveLength(3)
})

it('marks both messages of a pair that was delivered the wrong way round', () => {
  const [a, b, c, ...rest] = six
  const swapped = [b, a, c, ...rest].flatMap((each) => each ?? [])
  expect(verdicts(swapped)).toEqual(['order-changed', 'order-changed', ...Array(4).fill('verified')])
})

it('ignores a message delivered again, wherever', () => {
  const again = [...six, six[0], six[4]].flatMap((each, i) =>
    each ? [{ ...each, id: `delivered ${i}` }] : [],
  )
  const { items, missing } = judge(again)
  expect(items.slice(0, 6).every(({ verdict }) => verdict === 'verified')).toBe(true)
  expect(items.slice(6)).toEqual([
    { id: 'delivered 6', verdict: 'duplicate', of: 'delivered 0' },
    { id: 'delivered 7', verdict: 'duplicate', of: 'delivered 4' },
  ])
  expect(missing).toEqual([])
})

it('counts neither of two messages with one number, and shows what stands before', () => {
  const { heads } = judge(six.slice(0, 4))
  const one = write('worker', heads, { body: { text: 'one' } })
  const two = write('worker', heads, { body: { text: 'two' } })
  const { items, missing } = judge([...six.slice(0, 4), item(one, 'one'), item(two, 'two')])
  expect(items.slice(4)).toMatchObject([
    { id: 'one', verdict: 'unverified', reason: 'contradiction' },
    { id: 'two', verdict: 'unverified', reason: 'contradiction' },
  ])
  expect(items.slice(0, 4).every(({ verdict }) => verdict === 'verified')).toBe(true)
  expect(missing).toEqual([])
  const knownFirst = new Map([...heads, [authorOf('worker'), headOf(one)] as const])
  expect(
    judge([...six.slice(0, 4), item(two, 'two'), item(one, 'one')], knownFirst).items.slice(4),
  ).toMatchObject([
    { id: 'two', verdict: 'unverified', reason: 'contradiction' },
    { id: 'one', verdict: 'verified' },
  ])
})

it('counts neither of two messages that do not follow each other', () => {
  const other = write('worker', new Map(), { body: { text: 'another first' } })
  const follows = write('worker', new Map([[authorOf('worker'), headOf(other)]]))
  const { items } = judge([...six.slice(0, 2), item(follows)])
  expect(items.map(({ verdict }) => verdict)).toEqual(['verified', 'unverified', 'unverified'])
})

it('says when an author used a newer roster than the one at hand', () => {
  const newer = write('worker', judge(six).heads, { roster: 2 })
  expect(judge([...six, item(newer)]).isRosterBehind).toBe(true)
  const hers = write('survivor', judge(six).heads, { roster: 2 })
  expect(judge([...six, item(hers)]).isRosterBehind).toBe(true)
})

it('is not exhausted by numbers that cannot be', () => {
  const { heads } = judge(six)
  const boast = write(
    'worker',
    new Map([...heads, ['survivor', { seq: Number.MAX_SAFE_INTEGER - 1, sha256: 'ab'.repeat(32) }]]),
  )
  const { items, missing } = judge([...six, item(boast)])
  expect(items.at(-1)).toMatchObject({ verdict: 'missing-before' })
  expect(missing).toEqual([{ author: 'survivor', from: 4, to: Number.MAX_SAFE_INTEGER - 1 }])
})

const conversations = fc
  .array(fc.record({ name: fc.constantFrom(...NAMES), unread: fc.nat({ max: 2 }) }), {
    minLength: 2,
    maxLength: 9,
  })
  .map(converse)

/** What a message had read, of those given: the plain definition, without the library's shortcuts. */
function hasRead(later: SignedMessage, earlier: SignedMessage): boolean {
  const { author, seq } = earlier.b
  const upTo = author === later.b.author ? later.b.seq - 1 : (later.b.seen[author] ?? 0)
  return seq <= upTo
}

it('reports every order in which something stands before what it had read, and no other order', () => {
  fc.assert(
    fc.property(
      conversations.chain((items) =>
        fc.tuple(fc.constant(items), fc.shuffledSubarray(items, { minLength: items.length })),
      ),
      ([items, shuffled]) => {
        const messages = shuffled.map(signedIn)
        const isWrong = messages.some((a, i) => messages.slice(i + 1).some((b) => hasRead(a, b)))
        const found = judge(shuffled).items.map(({ verdict }) => verdict)
        expect(found.includes('order-changed')).toBe(isWrong)
        for (const [i, a] of messages.entries()) {
          const isBeforeRead = messages.slice(i + 1).some((b) => hasRead(a, b))
          if (isBeforeRead) expect(found[i]).toBe('order-changed')
        }
        expect(judge(shuffled).missing).toEqual([])
        expect(judge(shuffled).heads).toEqual(judge(items).heads)
      },
    ),
    { numRuns: 60 },
  )
})

it('reports exactly the dropped messages to whoever knew of them', () => {
  fc.assert(
    fc.property(
      conversations.chain((items) => fc.tuple(fc.constant(items), fc.subarray(items))),
      ([items, left]) => {
        const { missing, items: judged } = judge(left, judge(items).heads)
        const named = missing.flatMap(({ author, from, to }) =>
          Array.from({ length: to - from + 1 }, (_, i) => `${author} ${from + i}`),
        )
        const dropped = items.filter((each) => !left.includes(each)).map(signedIn)
        expect(named.sort()).toEqual(dropped.map(({ b }) => `${b.author} ${b.seq}`).sort())
        for (const [i, each] of left.entries()) {
          const { b } = signedIn(each)
          const lacks = dropped.some((lost) => hasRead({ ...signedIn(each), b }, lost) && isDirect(b, lost))
          expect(judged[i]?.verdict).toBe(lacks ? 'missing-before' : 'verified')
        }
      },
    ),
    { numRuns: 60 },
  )
})

function isDirect(b: SignedMessage['b'], lost: SignedMessage): boolean {
  const { author, seq } = lost.b
  return author === b.author ? seq === b.seq - 1 : b.seen[author] === seq
}

it('shows each message once as an ordinary one, however often each is delivered', () => {
  fc.assert(
    fc.property(
      conversations.chain((items) =>
        fc.tuple(fc.constant(items), fc.array(fc.constantFrom(...items), { maxLength: 6 })),
      ),
      ([items, again]) => {
        const found = judge([...items, ...again]).items.map(({ verdict }) => verdict)
        expect(found).toEqual([...items.map(() => 'verified'), ...again.map(() => 'duplicate')])
      },
    ),
    { numRuns: 40 },
  )
})

it('never shows an altered message as an ordinary one', () => {
  const changes = [
    (m: SignedMessage) => ({ ...m, b: { ...m.b, body: { text: 'other words' } } }),
    (m: SignedMessage) => ({ ...m, b: { ...m.b, seq: m.b.seq + 1, prev: 'ab'.repeat(32) } }),
    (m: SignedMessage) => ({ ...m, b: { ...m.b, day: '2026-11-23' } }),
    (m: SignedMessage) => ({ ...m, b: { ...m.b, t: 'consent' } }),
    (m: SignedMessage) => ({ ...m, b: { ...m.b, roster: 7 } }),
    (m: SignedMessage) => ({
      ...m,
      sig: `${m.sig.slice(0, 20)}${m.sig[20] === 'A' ? 'B' : 'A'}${m.sig.slice(21)}`,
    }),
  ]
  fc.assert(
    fc.property(fc.nat({ max: 5 }), fc.constantFrom(...changes), (at, change) => {
      const forged = six.map((each, i) => (i === at ? item(change(signedIn(each)), 'forged') : each))
      const judged = judge(forged)
      expect(judged.items[at]).toMatchObject({ verdict: 'unverified', reason: 'signature' })
      const { author, seq } = signedIn(six[at] ?? item(null)).b
      const isNoticed = judged.missing.some(
        (gap) => gap.author === author && gap.from <= seq && seq <= gap.to,
      )
      // The last message of all is followed by nothing that names it.
      expect(isNoticed || at === 5).toBe(true)
    }),
    { numRuns: 60 },
  )
})

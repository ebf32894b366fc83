import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Entry, readEntry } from './entry.ts'
import { mergeChains } from './merge.ts'
import { Journal } from './testing/journal.ts'

function entries(journal: Journal): Entry[] {
  return journal.entries.map(readEntry).filter((entry) => entry !== null)
}

function note(journal: Journal, author: 'worker' | 'other', changes: object = {}): Journal {
  return journal.say(author, 'task.done', {}, changes)
}

function order(list: readonly Entry[]): string[] {
  return mergeChains(list).ordered.map(({ id }) => id)
}

function warnings(list: readonly Entry[]): string[] {
  return mergeChains(list).warnings.map(({ entry, code }) => `${entry} ${code}`)
}

it('puts an entry after what its author had seen, whatever the dates say', () => {
  const journal = note(note(new Journal(), 'worker').wait(-60), 'other')
  expect(order(entries(journal).reverse())).toEqual(['e1', 'e2'])
  expect(warnings(entries(journal))).toEqual(['e2 TIME_BACKWARDS'])
})

it('puts entries that have not seen each other in the order of their time, then of their authors', () => {
  const journal = note(note(note(new Journal(), 'worker'), 'other', { seen: {} }).wait(-5), 'other', {
    author: 'z',
    seq: 1,
    seen: {},
  })
  expect(order(entries(journal))).toEqual(['e3', 'e2', 'e1'])
})

it('says what is missing, doubled, forked or broken, and still takes what is there', () => {
  const journal = note(note(note(new Journal(), 'worker'), 'worker'), 'worker')
  const [first, second, third] = entries(journal)
  if (!first || !second || !third) throw new Error('three entries were written')
  expect(warnings([first, third])).toEqual(['e3 CHAIN_GAP'])
  expect(warnings([third, second])).toEqual(['e2 CHAIN_GAP'])
  expect(warnings([first, second, first])).toEqual(['e1 DUPLICATE'])
  expect(order([first, second, first])).toEqual(['e1', 'e2'])
  expect(warnings([first, { ...second, id: 'z' }, second])).toEqual(['z CHAIN_FORK'])
  expect(order([first, { ...second, id: 'z' }, second])).toEqual(['e1', 'e2', 'z'])
  expect(warnings([first, { ...second, prev: 'x' }])).toEqual(['e2 CHAIN_BROKEN'])
  expect(warnings([{ ...first, seen: new Map([['other', 4]]) }])).toEqual(['e1 SEEN_MISSING'])
})

it('goes on where two entries claim to have seen each other', () => {
  const journal = note(note(new Journal(), 'worker', { seen: { other: 1 } }), 'other', {
    seen: { worker: 1 },
  })
  expect(order(entries(journal))).toEqual(['e2', 'e1'])
  expect(warnings(entries(journal))).toEqual(['e2 SEEN_CYCLE'])
})

const anyEntries = fc
  .array(
    fc.record({
      author: fc.constantFrom('a', 'b', 'c'),
      seq: fc.integer({ min: 1, max: 6 }),
      at: fc.integer({ min: 1, max: 20 }),
      seen: fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.integer({ min: 1, max: 6 })),
      prev: fc.option(fc.constantFrom('e0', 'e1', 'e2')),
    }),
    { maxLength: 25 },
  )
  .map((list) =>
    list.map(
      ({ author, seq, at, seen, prev }, index): Entry => ({
        id: `e${index}`,
        by: { id: author, key: author, role: 'caseworker' },
        seq,
        prev,
        seen: new Map(Object.entries(seen)),
        at,
        hasTime: true,
        type: 'x',
        body: {},
      }),
    ),
  )

it('gives every order of arrival, with doubles, the same order and loses nothing', () => {
  fc.assert(
    fc.property(
      anyEntries.chain((list) =>
        fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }), fc.subarray(list)),
      ),
      ([list, shuffled, again]) => {
        const merged = mergeChains(list)
        expect(mergeChains(shuffled)).toEqual(merged)
        expect(order([...again, ...shuffled])).toEqual(order(list))
        expect(order(list).toSorted()).toEqual(list.map(({ id }) => id).toSorted())
        const places = new Map<string, number>()
        for (const { by, seq } of merged.ordered) {
          expect(seq).toBeGreaterThanOrEqual(places.get(by.id) ?? 0)
          places.set(by.id, seq)
        }
      },
    ),
    { numRuns: 500 },
  )
})

import { expect, it } from 'vitest'
import { bytesToBase64, utf8ToText } from '../../bytes/index.ts'
import {
  canonicalItem,
  commit,
  commitmentOf,
  formatLeaf,
  inclusionProof,
  itemLeafHash,
  leafHash,
  type Opening,
  paddedItemCount,
  rootOf,
  verifyChain,
  verifyInclusion,
} from '../index.ts'
import { codeOf, RECORD, seedOf } from '../testing/fixtures.ts'
import { referenceTree } from '../testing/reference.ts'

const CHAIN = '101112131415161718191a1b1c1d1e1f'

/** Records 0, 1, ... of one chain. */
function chainOf(length: number): Opening[] {
  const openings: Opening[] = []
  for (let n = 0; n < length; n++) {
    const last = openings.at(-1)
    const prev = last === undefined ? {} : { prev: bytesToBase64(commitmentOf(last)) }
    openings.push({ salt: seedOf(`salt ${n}`), record: { ...RECORD, chain: { id: CHAIN, n, ...prev } } })
  }
  return openings
}

it('accepts a chain from its first record on', () => {
  for (const length of [0, 1, 2, 5]) expect(codeOf(() => verifyChain(chainOf(length)))).toBeNull()
})

it('finds out a record that is missing, moved, changed or of another chain', () => {
  const chain = chainOf(5)
  const [first, second, third] = chain
  if (first === undefined || second === undefined || third === undefined) throw new Error('too short')
  const elsewhere = { ...second.record, chain: { ...second.record.chain, id: CHAIN.replace('1', '2'), n: 1 } }
  const bad = [
    chain.slice(1),
    chain.toSpliced(2, 1),
    chain.with(1, third).with(2, second),
    [...chain, third],
    chain.with(1, { ...second, salt: seedOf('another salt') }),
    chain.with(1, { ...second, record: { ...second.record, at: '2026-01-15T10:00:01Z' } }),
    chain.with(1, { ...second, record: elsewhere }),
    [first, { ...second, record: { ...second.record, chain: { ...second.record.chain, id: CHAIN, n: 7 } } }],
    [{ ...first, record: RECORD }],
  ]
  bad.forEach((openings, i) => {
    expect(
      codeOf(() => verifyChain(openings)),
      `chain ${i}`,
    ).toBe('RECORD_CHAIN')
  })
})

it('discloses one item of a collection alone', async () => {
  const items = Array.from({ length: 5 }, (_, i) => ({ message: `m${i}`, at: 1768500000 + i }))
  const real = items.map((item, i) => itemLeafHash(seedOf(`item ${i}`), canonicalItem(item)))
  const count = paddedItemCount(items.length)
  const leaves = [...real, ...[5, 6, 7].map((i) => leafHash(seedOf(`pad ${i}`)))]
  expect(count).toBe(8)
  const proof = await inclusionProof(3, count, referenceTree(leaves).reader)
  const root = rootOf(leaves)
  expect(utf8ToText(canonicalItem(items[3] ?? {}))).toBe('{"at":1768500003,"message":"m3"}')
  const disclosed = itemLeafHash(seedOf('item 3'), canonicalItem(items[3] ?? {}))
  verifyInclusion({ index: 3, size: count, leafHash: disclosed, root, proof })
  const asRecord = leafHash(formatLeaf(commit(seedOf('item 3'), canonicalItem(items[3] ?? {}))))
  const confused = { index: 3, size: count, leafHash: asRecord, root, proof }
  expect(codeOf(() => verifyInclusion(confused))).toBe('INCLUSION_INVALID')
})

it('pads collections to powers of two', () => {
  expect([1, 2, 3, 4, 5, 100_000].map(paddedItemCount)).toEqual([1, 2, 4, 4, 8, 131_072])
  for (const items of [0, -1, 0.5]) expect(codeOf(() => paddedItemCount(items))).toBe('TREE_RANGE')
})

it('holds items to the limits of records', () => {
  expect(codeOf(() => canonicalItem({ a: 0.5 }))).toBe('RECORD_MALFORMED')
  expect(codeOf(() => canonicalItem({ a: 'x'.repeat(2049) }))).toBe('RECORD_LIMIT')
})

import { bytesToBase64 } from '../bytes/index.ts'
import {
  canonicalRecord,
  commit,
  formatItemLeaf,
  inclusionProof,
  leafHash,
  paddedItemCount,
  rootOf,
} from '../tlog/index.ts'
import { utf8 } from './format/bytes.ts'
import { itemText } from './format/item.ts'
import type { CapturedCollection, Exhibit } from './model.ts'
import { testSalt } from './testing-log.ts'

export const COLLECTION_ID = 'c0'.repeat(16)

/** The exhibits as items of a sealed capture that holds an item of somebody else too, and the record that seals it. */
export async function sealedCapture(
  exhibits: readonly Exhibit[],
  collection: CapturedCollection,
  origin: string,
): Promise<{ exhibits: Exhibit[]; collection: CapturedCollection; record: Uint8Array }> {
  const texts = [
    '{"of":"somebody else"}',
    ...exhibits.map(({ source, original }) =>
      source?.raw && original ? itemText(source.raw, original.sha256) : '{}',
    ),
  ]
  const size = paddedItemCount(texts.length)
  const salts = Array.from({ length: size }, (_, i) => testSalt(`item ${i}`))
  const hashes = salts.map((salt, i) => leafHash(formatItemLeaf(commit(salt, utf8(texts[i] ?? 'fill')))))
  const root = rootOf(hashes)
  const record = canonicalRecord({
    v: 1,
    type: 'collection.sealed',
    id: 'd0'.repeat(16),
    log: origin,
    at: '2026-01-16T08:01:00Z',
    by: { role: 'system', key: 'system' },
    body: {
      collection: COLLECTION_ID,
      format: collection.format,
      sourceSha256: collection.sourceSha256,
      sourceBytes: collection.sourceBytes,
      itemsRoot: bytesToBase64(root),
      itemsPadded: size,
      repairs: collection.repairCount,
      gaps: collection.gapCount,
    },
  })
  const withItems = exhibits.map(async (exhibit, i): Promise<Exhibit> => {
    const index = i + 1
    const path = await inclusionProof(index, size, (subtrees) =>
      subtrees.map(({ level, index: at }) => rootOf(hashes.slice(at * 2 ** level, (at + 1) * 2 ** level))),
    )
    const salt = salts[index] ?? new Uint8Array()
    return { ...exhibit, item: { item: utf8(texts[index] ?? ''), salt, index, path } }
  })
  return {
    exhibits: await Promise.all(withItems),
    collection: { ...collection, recordId: COLLECTION_ID },
    record,
  }
}

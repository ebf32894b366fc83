import { base64ToBytes, equalBytes } from '../../bytes/index.ts'
import { itemLeafHash, TlogError, verifyInclusion } from '../../tlog/index.ts'
import { BundleError } from '../errors.ts'
import { utf8 } from '../format/bytes.ts'
import { itemText } from '../format/item.ts'
import type { BundleInput, Exhibit, ProvenItem } from '../model.ts'
import type { NumberedRecord } from './proven.ts'

/**
 * Every capture that a log holds has its record here, and each of its exhibits the item that the record seals. Throws
 * `BundleError` `PROOF_MISSING`, or `EXHIBIT_DIGEST` where the log seals something else.
 */
export function checkItems(input: BundleInput, records: readonly NumberedRecord[]): void {
  for (const { id, recordId, sourceSha256 } of input.collections) {
    const seal = records.find(({ collection }) => collection === id)
    if (recordId === null) continue
    if (!seal) throw new BundleError('PROOF_MISSING', 'The record that seals a capture is missing.')
    if (seal.facts.body['sourceSha256'] !== sourceSha256) throw different()
    for (const exhibit of input.exhibits) {
      if (exhibit.source?.collection === id && exhibit.original !== null) checkItem(exhibit, seal)
    }
  }
  const stray = input.exhibits.some(({ item, source }) => item && !isSealed(input, source?.collection))
  if (stray) throw new BundleError('PROOF_MISSING', 'An exhibit is an item of a capture that no log holds.')
}

function checkItem({ item, source, original }: Exhibit, { facts }: NumberedRecord): void {
  if (item === null || !source?.raw || original === null)
    throw new BundleError('PROOF_MISSING', 'An exhibit has no item in the capture that the log holds.')
  if (!equalBytes(item.item, utf8(itemText(source.raw, original.sha256)))) throw different()
  const { itemsRoot, itemsPadded } = facts.body
  const root = typeof itemsRoot === 'string' ? base64ToBytes(itemsRoot) : null
  if (root === null || typeof itemsPadded !== 'number' || !isIncluded(item, root, itemsPadded))
    throw new BundleError('PROOF_MISSING', 'The item of an exhibit does not lead to the root in the log.')
}

function isIncluded({ item, salt, index, path }: ProvenItem, root: Uint8Array, size: number): boolean {
  try {
    verifyInclusion({ index, size, root, proof: path, leafHash: itemLeafHash(salt, item) })
    return true
  } catch (error) {
    if (error instanceof TlogError) return false
    throw error
  }
}

function isSealed({ collections }: BundleInput, collection: string | undefined): boolean {
  return collections.some(({ id, recordId }) => id === collection && recordId !== null)
}

function different(): BundleError {
  return new BundleError('EXHIBIT_DIGEST', 'The log seals another capture or another message.')
}

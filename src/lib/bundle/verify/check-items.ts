import { base64ToBytes, equalBytes, hexToBytes, utf8ToText } from '../../bytes/index.ts'
import { itemLeafHash, verifyInclusion } from '../../tlog/index.ts'
import { utf8 } from '../format/bytes.ts'
import { formatItemPath, parseItemPath } from '../format/item.ts'
import type { BagReader } from './bag-reader.ts'
import type { CheckList } from './check-list.ts'
import type { IndexRow, ProvenEntry } from './read-proof.ts'

const MOST_BYTES = 64 * 1024

interface Logged {
  proven: ReadonlyMap<string, ProvenEntry>
  /** Bodies of the records that seal captures. */
  seals: ReadonlyMap<string, Readonly<Record<string, unknown>>>
}

/**
 * That each item which lies beside a record is in the tree of the capture whose root the log holds. Answers the text of
 * the items that hold, by number of the record.
 */
export async function checkItems(
  reader: BagReader,
  list: CheckList,
  rows: readonly IndexRow[],
  { proven, seals }: Logged,
): Promise<ReadonlyMap<string, string>> {
  const items = new Map<string, string>()
  for (const { number, sealedBy } of rows) {
    if (sealedBy === null) continue
    await list.check(
      `proof.${number}.item`,
      `${number}: the item beside it is sealed by the record ${sealedBy} of its capture.`,
      async () => {
        const seal = seals.get(sealedBy)
        if (seal === undefined) return 'There is no record that seals the capture and holds.'
        const said = proven.get(number)?.record.body ?? {}
        const { item, index } = await readItem(reader, `proofs/${number}`, seal)
        const isSaid = said['collection'] === undefined && said['item'] === undefined
        if (!isSaid && (said['collection'] !== seal['collection'] || said['item'] !== index))
          return 'The record names another item.'
        items.set(number, item)
        return null
      },
    )
  }
  return items
}

/** Throws `TlogError` or `BundleError` unless the item leads to the root of the capture. */
async function readItem(
  reader: BagReader,
  stem: string,
  seal: Readonly<Record<string, unknown>>,
): Promise<{ item: string; index: number }> {
  const item = await reader.read(`${stem}.item.json`, MOST_BYTES)
  const saltText = utf8ToText(await reader.read(`${stem}.item.salt.hex`, 1024)) ?? ''
  const salt = /^[0-9a-f]{64}\n$/.test(saltText) ? hexToBytes(saltText.trimEnd()) : null
  const pathFile = await reader.read(`${stem}.item.path`, MOST_BYTES)
  const { index, hashes } = parseItemPath(pathFile)
  const root = base64ToBytes(String(seal['itemsRoot']))
  if (salt === null || root === null || !equalBytes(utf8(formatItemPath({ index, hashes })), pathFile))
    throw new Error('salt, root or path is malformed')
  verifyInclusion({
    index,
    size: Number(seal['itemsPadded']),
    root,
    proof: hashes,
    leafHash: itemLeafHash(salt, item),
  })
  return { item: utf8ToText(item) ?? '', index }
}

import { bytesToHex } from '../../bytes/index.ts'
import { commit, formatLeaf } from '../../tlog/index.ts'
import { formatCsv } from '../format/csv.ts'
import { formatItemPath } from '../format/item.ts'
import { PATHS } from '../format/paths.ts'
import type { ProvenItem, ProvenRecord } from '../model.ts'
import { type MadeFile, madeFile } from './bag-file.ts'
import type { NumberedRecord } from './proven.ts'

/** The index of the records and, for each, the four files that open and prove it. */
export function proofFiles(records: readonly NumberedRecord[]): MadeFile[] {
  const rows = records.map(({ number, facts, exhibit, index, item }) => [
    number,
    facts.type,
    exhibit ?? '-',
    String(index),
    item?.sealedBy ?? '-',
  ])
  // The dash stands unescaped: it is ours, and a formula guard would hide it from the script.
  const index = rows.map((row) => `${row.map((cell) => `"${cell}"`).join(',')}\n`).join('')
  return [
    madeFile(
      PATHS.proofIndex,
      formatCsv([['proof', 'type', 'exhibit', 'log-index', 'item-sealed-by']]) + index,
    ),
    ...records.flatMap(({ number, proven, item }) => [
      ...openingFiles(`proofs/${number}`, proven),
      ...(item ? itemFiles(`proofs/${number}`, item.proven) : []),
    ]),
  ]
}

/** Record, salt, leaf and proof of one entry of the log, under a common path. */
export function openingFiles(stem: string, proven: ProvenRecord): MadeFile[] {
  return [
    madeFile(`${stem}.record.json`, proven.record),
    madeFile(`${stem}.salt.hex`, `${bytesToHex(proven.salt)}\n`),
    madeFile(`${stem}.leaf`, formatLeaf(commit(proven.salt, proven.record))),
    madeFile(`${stem}.tlog-proof`, proven.proof),
  ]
}

/** The opening of an item and its way to the root that the capture's record holds. */
function itemFiles(stem: string, { item, salt, index, path }: ProvenItem): MadeFile[] {
  return [
    madeFile(`${stem}.item.json`, item),
    madeFile(`${stem}.item.salt.hex`, `${bytesToHex(salt)}\n`),
    madeFile(`${stem}.item.path`, formatItemPath({ index, hashes: path })),
  ]
}

import { bytesToBase64, canonicalJson, utf8ToText } from '../../bytes/index.ts'
import { PATHS } from '../format/paths.ts'
import type { BagReader } from './bag-reader.ts'
import { type CheckList, type Finding, named } from './check-list.ts'
import { parseCsv } from './parse-csv.ts'
import type { IndexRow, ProvenEntry } from './read-proof.ts'

const MOST_BYTES = 64 * 1024 * 1024

/** That the records of each exhibit follow each other without a gap, and that the custody tables show just them. */
export async function checkCustody(
  reader: BagReader,
  list: CheckList,
  rows: readonly IndexRow[],
  proven: ReadonlyMap<string, ProvenEntry>,
): Promise<void> {
  await list.check('custody.chains', 'The records of each exhibit follow each other without a gap.', () =>
    chainFinding(rows, proven),
  )
  await list.check(
    'custody.table',
    'metadata/custody.csv has a row for each record, in order, as it was recorded.',
    async () => {
      const [, ...table] = parseCsv(utf8ToText(await reader.read(PATHS.custodyCsv, MOST_BYTES)) ?? '')
      if (table.length !== rows.length) return 'It has another number of rows.'
      return named(
        'Told otherwise',
        rows.filter(({ number }, i) => !isSameRow(table[i], number, proven)).map(({ number }) => number),
      )
    },
  )
  await list.check('custody.json', 'metadata/custody.json has the same records.', async () => {
    const said: unknown = JSON.parse(utf8ToText(await reader.read(PATHS.custodyJson, MOST_BYTES)) ?? '')
    const all = typeof said === 'object' && said !== null && 'rows' in said ? said.rows : null
    if (!Array.isArray(all) || all.length !== rows.length) return 'It has another number of records.'
    return named(
      'Told otherwise',
      rows.filter(({ number }, i) => !isSameRecord(all[i], number, proven)).map(({ number }) => number),
    )
  })
}

function chainFinding(rows: readonly IndexRow[], proven: ReadonlyMap<string, ProvenEntry>): Finding {
  const last = new Map<string, { n: number; commitment: string }>()
  for (const { number } of rows) {
    const entry = proven.get(number)
    if (!entry) return `${number} does not hold.`
    const { chain } = entry.record
    if (!chain) continue
    const before = last.get(chain.id)
    const isNext = before
      ? chain.n === before.n + 1 && chain.prev === before.commitment
      : chain.n === 0 && chain.prev === undefined
    if (!isNext) return `${number} does not follow the record before it.`
    last.set(chain.id, { n: chain.n, commitment: bytesToBase64(entry.commitment) })
  }
  return null
}

function isSameRow(
  row: readonly string[] | undefined,
  number: string,
  proven: ReadonlyMap<string, ProvenEntry>,
): boolean {
  const entry = proven.get(number)
  if (!entry || row?.length !== 10) return false
  const [n, at, event, role, key, , , index, , proof] = row
  const { record } = entry
  return (
    n === String(record.chain?.n ?? '') &&
    at === record.at &&
    event === record.type &&
    role === record.by.role &&
    key === record.by.key &&
    index === String(entry.index) &&
    proof === number
  )
}

function isSameRecord(said: unknown, number: string, proven: ReadonlyMap<string, ProvenEntry>): boolean {
  const entry = proven.get(number)
  if (!entry || typeof said !== 'object' || said === null || !('record' in said) || !('proof' in said))
    return false
  return said.proof === number && canonicalJson(said.record) === canonicalJson(entry.record)
}

import { utf8ToText } from '../../bytes/index.ts'
import { itemText } from '../format/item.ts'
import { MESSAGE_REFERENCE, PATHS } from '../format/paths.ts'
import type { BagReader } from './bag-reader.ts'
import { checkCollections } from './check-collections.ts'
import type { FoundFiles } from './check-files.ts'
import { type CheckList, type Finding, named } from './check-list.ts'
import type { CheckedLog, LoggedExhibit } from './check-log.ts'
import { fieldOf, parseJson } from './json-fields.ts'
import { parseCsv } from './parse-csv.ts'

const MOST_BYTES = 64 * 1024 * 1024
const COLUMNS = 19

interface ExhibitRow {
  number: string
  state: string
  plain: string
  file: string
  fileSha256: string
  recordId: string
  proof: string
}

/** That tables, descriptions, manifests and log say the same about each exhibit. `log` is null where none was kept. */
export async function checkExhibits(
  reader: BagReader,
  list: CheckList,
  files: FoundFiles,
  log: CheckedLog | null,
): Promise<void> {
  const sealedBy = await checkCollections(reader, list, files, log)
  let rows: ExhibitRow[] = []
  await list.check(
    'exhibits.table',
    'metadata/exhibits.csv has one row for each exhibit under data/.',
    async () => {
      rows = readRows(utf8ToText(await reader.read(PATHS.exhibitsCsv, MOST_BYTES)) ?? '')
      const folders = new Set(
        [...files.paths].flatMap((path) => /^data\/exhibits\/([^/]+)\//.exec(path)?.[1] ?? []),
      )
      const numbers = new Set(rows.map(({ number }) => number))
      if (numbers.size !== rows.length) return 'An exhibit has two rows.'
      return (
        named(
          'Without a row',
          [...folders].filter((one) => !numbers.has(one)),
        ) ??
        named(
          'Without a folder',
          [...numbers].filter((one) => !folders.has(one)),
        )
      )
    },
  )
  for (const row of rows) {
    await list.check(
      `exhibit.${row.number}`,
      `${row.number}: table, description, manifest and log agree.`,
      async () => {
        const said = parseJson(await reader.read(`data/exhibits/${row.number}/exhibit.json`, 1024 * 1024))
        return (
          compare(row, said, files) ??
          (log === null
            ? null
            : (compareLog(row, log.exhibits, files) ?? compareItem(row, said, { log, sealedBy })))
        )
      },
    )
  }
  await list.check(
    'withheld',
    'data/withheld.json names pointers only, and as many as it counts.',
    async () => {
      const text = utf8ToText(await reader.read(PATHS.withheld, MOST_BYTES)) ?? ''
      return withheldFinding(JSON.parse(text), files.listed.get(PATHS.withheld), log)
    },
  )
}

function readRows(text: string): ExhibitRow[] {
  const [head, ...rows] = parseCsv(text)
  if (head?.length !== COLUMNS || rows.some((row) => row.length !== COLUMNS)) return []
  return rows.map((row) => {
    const [
      number = '',
      ,
      ,
      state = '',
      plain = '',
      ,
      ,
      file = '',
      fileSha256 = '',
      ,
      recordId = '',
      proof = '',
    ] = row
    return { number, state, plain, file, fileSha256, recordId, proof }
  })
}

function compare(row: ExhibitRow, said: unknown, files: FoundFiles): Finding {
  const field = (name: string): unknown => fieldOf(said, name)
  if (field('v') !== 1) return 'exhibit.json is of a version that is not known here.'
  const pairs: [string, string][] = [
    ['exhibit', row.number],
    ['state', row.state],
    ['plainSha256', row.plain],
    ['file', row.file],
    ['fileSha256', row.fileSha256],
    ['recordId', row.recordId],
    ['proof', row.proof],
  ]
  const different = pairs.filter(([name, value]) => (field(name) ?? '') !== value).map(([name]) => name)
  if (different.length > 0) return named('Told in two ways', different)
  if ((row.state === 'captured') !== (row.plain !== ''))
    return 'It has digests without having been captured, or none.'
  const bytes = files.listed.get(`data/exhibits/${row.number}/raw.bin`)
  if (bytes !== undefined && bytes !== fieldOf(fieldOf(field('source'), 'raw'), 'sha256'))
    return 'The bytes of the message are not those described.'
  if (row.file === '') return null
  if (row.file !== 'original.age' && row.file !== 'original.bin')
    return 'The file has a name that is not known here.'
  if (files.listed.get(`data/exhibits/${row.number}/${row.file}`) !== row.fileSha256)
    return 'The file is not the one described.'
  return row.file === 'original.bin' && row.fileSha256 !== row.plain ? 'The file is not the original.' : null
}

function compareLog(row: ExhibitRow, logged: ReadonlyMap<string, LoggedExhibit>, files: FoundFiles): Finding {
  if (row.plain === '') return null
  const found = logged.get(row.proof)
  if (!found || found.exhibit !== row.recordId) return 'The log has no first record of it.'
  if (found.plainSha256 !== null)
    return found.plainSha256 === row.plain ? null : 'The log records another file for it.'
  const reference = files.listed.get(`data/exhibits/${row.number}/${MESSAGE_REFERENCE}`)
  return reference !== undefined && found.messageRefSha256 === reference
    ? null
    : 'The log records another message for it.'
}

/** A captured exhibit of a sealed capture is the item that lies beside its record, sealed by the capture's own record. */
function compareItem(
  row: ExhibitRow,
  said: unknown,
  { log, sealedBy }: { log: CheckedLog; sealedBy: ReadonlyMap<string, string | null> },
): Finding {
  if (row.plain === '') return null
  const source = fieldOf(said, 'source')
  const seal = sealedBy.get(String(fieldOf(source, 'collection'))) ?? null
  const found = log.exhibits.get(row.proof)
  if ((found?.sealedBy ?? null) !== seal) return 'Its item is sealed by another record, or missing.'
  if (seal === null) return null
  const raw = fieldOf(source, 'raw')
  const [start, end, sha256] = [fieldOf(raw, 'start'), fieldOf(raw, 'end'), fieldOf(raw, 'sha256')]
  if (typeof start !== 'number' || typeof end !== 'number') return 'It does not say where it stood.'
  const place = { start, end, sha256: typeof sha256 === 'string' ? sha256 : null }
  return found?.item === itemText(place, row.plain) ? null : 'The log seals another message or file.'
}

const POINTER_FIELDS = new Set([
  'platform',
  'placeId',
  'link',
  'messageId',
  'sentAt',
  'authorId',
  'markedBy',
  'markedAt',
])

/** A scan that keeps nothing but the number has no pointers: the list is then empty. */
function withheldFinding(value: unknown, digest: string | undefined, log: CheckedLog | null): Finding {
  if (typeof value !== 'object' || value === null || !('count' in value)) return 'It has no count.'
  const { count } = value
  if (!Number.isSafeInteger(count) || Number(count) < 0) return 'Its count is no number.'
  if (log?.withheld.some((body) => body['count'] !== count || body['pointersSha256'] !== digest))
    return 'The log records another number or other pointers.'
  const items: unknown = 'items' in value ? value.items : []
  if (!Array.isArray(items) || items.length > Number(count)) return 'It has more pointers than it counts.'
  const fields = items.flatMap((item: unknown) =>
    typeof item === 'object' && item ? Object.keys(item) : ['?'],
  )
  return named('Not a pointer', [...new Set(fields.filter((name) => !POINTER_FIELDS.has(name)))])
}

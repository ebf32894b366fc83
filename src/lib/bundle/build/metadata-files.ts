import { compareBytes } from '../format/bytes.ts'
import { formatCsv } from '../format/csv.ts'
import { jsonBytes } from '../format/json.ts'
import { BUNDLE_PROOF, exhibitNumber, PATHS, PROOF_ENDINGS } from '../format/paths.ts'
import type { BundleInput } from '../model.ts'
import { type MadeFile, madeFile } from './bag-file.ts'
import { isoSeconds } from './iso-seconds.ts'
import { type NumberedRecord, preservations } from './proven.ts'

const EXHIBIT_COLUMNS = [
  'exhibit',
  'exhibit_number',
  'kind',
  'state',
  'plain_sha256',
  'plain_bytes',
  'mime',
  'file',
  'file_sha256',
  'file_bytes',
  'record_id',
  'proof',
  'platform',
  'place_id',
  'message_id',
  'author_id',
  'sent_at_utc',
  'sent_at_local',
  'precision',
]

const CUSTODY_COLUMNS = [
  'n',
  'time_utc_claimed',
  'event',
  'role',
  'actor_key',
  'exhibit',
  'detail_code',
  'log_index',
  'observed_by_witnesses_not_later_than',
  'proof',
]

/** Tables of exhibits and custody, the names as they were, and the list of what the seal must consist of. */
export function metadataFiles(input: BundleInput, records: readonly NumberedRecord[]): MadeFile[] {
  return [
    madeFile(PATHS.exhibitsCsv, formatCsv([EXHIBIT_COLUMNS, ...exhibitRows(input, records)])),
    madeFile(PATHS.custodyCsv, formatCsv([CUSTODY_COLUMNS, ...records.map(custodyRow)])),
    madeFile(PATHS.custodyJson, jsonBytes({ v: 1, rows: records.map(custodyEntry) })),
    madeFile(
      PATHS.names,
      jsonBytes({
        v: 1,
        names: Object.fromEntries(
          input.exhibits.map(({ originalName }, i) => [exhibitNumber(i), originalName]),
        ),
      }),
    ),
    madeFile(
      PATHS.sealExpected,
      sealPaths(input)
        .map((path) => `${path}\n`)
        .join(''),
    ),
  ]
}

/** Every file that must be in `seal/`, sorted. It is signed, so that nothing can be taken out of the seal. */
export function sealPaths({ authorities, policy }: BundleInput): string[] {
  return [
    PATHS.signature,
    PATHS.sealList,
    PATHS.sealListSignature,
    ...authorities.flatMap(({ name }) => [`seal/${name}.tsq`, `seal/${name}.tsr`]),
    ...(policy === null ? [] : PROOF_ENDINGS.map((ending) => `${BUNDLE_PROOF}${ending}`)),
  ].sort(compareBytes)
}

export function exhibitRows(
  { bagName, exhibits }: BundleInput,
  records: readonly NumberedRecord[],
): string[][] {
  const preserved = preservations(records)
  return exhibits.map(({ kind, state, original, enclosed, recordId, source }, i) => {
    const number = exhibitNumber(i)
    return [
      number,
      `${bagName}/${number}`,
      kind,
      state,
      original?.sha256 ?? '',
      String(original?.sizeBytes ?? ''),
      original?.mime ?? '',
      enclosed?.name ?? '',
      enclosed?.sha256 ?? '',
      String(enclosed?.sizeBytes ?? ''),
      recordId,
      preserved.get(number)?.number ?? '',
      source?.platform ?? '',
      source?.placeId ?? '',
      source?.messageId ?? '',
      source?.authorId ?? '',
      source?.sentAt.utc ?? '',
      source?.sentAt.local ?? '',
      source?.sentAt.precision ?? '',
    ]
  })
}

export function custodyRow({ number, facts, exhibit, index, witnessedAt }: NumberedRecord): string[] {
  return [
    String(facts.chain?.n ?? ''),
    facts.at,
    facts.type,
    facts.by.role,
    facts.by.key,
    exhibit ?? '',
    detailOf(facts.body),
    String(index),
    witnessedAt === null ? '' : isoSeconds(witnessedAt),
    number,
  ]
}

function custodyEntry({ number, facts, exhibit, index, commitment, witnessedAt }: NumberedRecord): unknown {
  return {
    proof: number,
    exhibit,
    logIndex: index,
    commitment,
    observedNotLaterThan: witnessedAt === null ? null : isoSeconds(witnessedAt),
    record: facts,
  }
}

function detailOf(body: Readonly<Record<string, unknown>>): string {
  const code = body['reason'] ?? body['method'] ?? body['what'] ?? ''
  return typeof code === 'string' ? code : ''
}

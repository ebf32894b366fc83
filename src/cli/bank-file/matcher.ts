import {
  type DigestHit,
  decideMatches,
  MATCH_MIN_QUALITY,
  MATCH_RADIUS,
  type Match,
  type MatchRule,
  mergeMatches,
  type PrintHit,
  type QueryPrintName,
  type WindowHit,
} from '#domain/index.ts'
import { fromHex } from '#lib/phash/index.ts'
import { ExactIndex } from '#lib/radius/index.ts'
import { type WindowHitRecord, type WindowSighting, WindowTable } from '../decode/index.ts'
import { type BankCoverage, bankCoverage } from './bank-coverage.ts'
import type { BankContents, BankEntry } from './read-bank.ts'
import { rowBytesOf } from './registered-windows.ts'

const PRINT_BYTES = 32

/** A print of the looked-up picture. `name` says what part it describes; `pdq` is 64 hexadecimal digits. */
export interface LookupPrint {
  readonly name: string
  readonly pdq: string
  readonly quality: number
  readonly usable: boolean
}

/** Lower-case hexadecimal digests of the looked-up file. */
export interface LookupDigests {
  readonly sha256: string
  readonly md5: string
}

/** What was compared with, for a report. */
export interface BankFacts {
  /** SHA-256 of the bank file as read. */
  readonly sha256: string
  /** Entries that can match. */
  readonly entries: number
  readonly withdrawn: number
  /** Registered prints of those entries. */
  readonly prints: number
  /** Registered windows of those entries. */
  readonly windowRows: number
  readonly coverage: BankCoverage
}

export interface BankMatcher {
  readonly facts: BankFacts
  /** What look-ups have to search for `sightings`. */
  readonly windows: WindowTable
  /**
   * Every entry the looked-up picture is a copy of, each once, strongest first. Unusable prints are not compared.
   * `sightings` are those of a look-up in `windows`. Throws `FingerprintError` BAD_HEX.
   */
  match(
    prints: readonly LookupPrint[],
    digests: LookupDigests,
    sightings?: readonly WindowSighting[],
  ): Match<MatchRule>[]
}

/** Registered prints by number, in columns: a million small objects would take ten times the memory. */
interface Columns {
  readonly entryIds: string[]
  readonly entryOf: Uint32Array
  readonly variantOf: string[]
  readonly qualityOf: Uint8Array
}

/**
 * Makes a bank ready to be matched against. Withdrawn entries are not loaded, and the match rule refuses them once more.
 * A million prints take some seconds and about 400 bytes each.
 */
export function buildMatcher(contents: BankContents): BankMatcher {
  const active = contents.entries.filter((entry) => entry.state === 'active')
  const withdrawn = new Set(
    contents.entries.filter((entry) => entry.state === 'withdrawn').map(({ id }) => id),
  )
  const { index, columns } = indexPrints(active)
  const bySha256 = entriesBy(active, 'sha256')
  const byMd5 = entriesBy(active, 'md5')
  const windows = windowTable(active)

  return {
    windows,
    facts: {
      sha256: contents.sha256,
      entries: active.length,
      withdrawn: withdrawn.size,
      prints: index.size,
      windowRows: windows.rowCount,
      coverage: bankCoverage(active),
    },
    match(prints, digests, sightings = []) {
      const digestHits: DigestHit[] = [
        ...(bySha256.get(digests.sha256) ?? []).map((entry) => ({ entry, algorithm: 'sha256' as const })),
        ...(byMd5.get(digests.md5) ?? []).map((entry) => ({ entry, algorithm: 'md5' as const })),
      ]
      const plain: Match<MatchRule>[] = decideMatches(
        printHits(index, columns, prints),
        digestHits,
        withdrawn,
      )
      // Windows of different frames lie in different places, so that each frame is decided on its own.
      const byWindows = sightings.map(({ frame, hits }) =>
        decideMatches([], [], withdrawn, {
          hits: windowHits(windows, columns.entryIds, hits),
          bankRows: windows.rowCount,
          frame,
        }),
      )
      return mergeMatches([plain, ...byWindows])
    },
  }
}

function* printHits(
  index: ExactIndex,
  columns: Columns,
  prints: readonly LookupPrint[],
): Generator<PrintHit> {
  for (const { name, pdq, quality, usable } of prints) {
    if (!usable || quality < MATCH_MIN_QUALITY) continue
    for (const { id, distance } of index.query(fromHex(pdq), MATCH_RADIUS)) {
      const row = {
        entry: columns.entryIds[columns.entryOf[id] ?? 0] ?? '',
        variant: columns.variantOf[id] ?? '',
        quality: columns.qualityOf[id] ?? 0,
      }
      yield { row, distance, queryPrint: queryPrintName(name), queryQuality: quality }
    }
  }
}

function* windowHits(
  table: WindowTable,
  entryIds: readonly string[],
  hits: readonly WindowHitRecord[],
): Generator<WindowHit> {
  for (const { row: number, ...hit } of hits) {
    const row = table.row(number)
    yield { ...hit, row: { ...row, entry: entryIds[Number(row.entry)] ?? '' } }
  }
}

function windowTable(active: readonly BankEntry[]): WindowTable {
  return WindowTable.of(
    active.flatMap(({ pictures }, entry) =>
      pictures.flatMap((picture) => {
        const rows = picture.windows && rowBytesOf(picture.windows, picture)
        if (!picture.windows || !rows) return []
        const { width, height } = picture
        return [{ entry, width, height, shorterSide: picture.windows.shorterSide, rows }]
      }),
    ),
  )
}

function indexPrints(active: readonly BankEntry[]): { index: ExactIndex; columns: Columns } {
  let count = 0
  for (const { pictures } of active) for (const { prints } of pictures) count += prints.length
  const columns: Columns = {
    entryIds: active.map(({ id }) => id),
    entryOf: new Uint32Array(count),
    variantOf: [],
    qualityOf: new Uint8Array(count),
  }
  const joined = new Uint8Array(count * PRINT_BYTES)
  let row = 0
  for (const [number, { pictures }] of active.entries()) {
    for (const { prints } of pictures) {
      for (const { variant, pdq, quality } of prints) {
        joined.set(fromHex(pdq), row * PRINT_BYTES)
        columns.entryOf[row] = number
        columns.variantOf.push(variant)
        columns.qualityOf[row] = quality
        row++
      }
    }
  }
  const index = new ExactIndex()
  index.addMany(
    Uint32Array.from({ length: count }, (_, n) => n),
    joined,
  )
  return { index, columns }
}

/** Entries per digest: the same file may be registered under several. */
function entriesBy(active: readonly BankEntry[], algorithm: 'sha256' | 'md5'): Map<string, string[]> {
  const entries = new Map<string, string[]>()
  for (const { id, pictures } of active) {
    for (const picture of pictures) {
      const known = entries.get(picture[algorithm])
      if (known) known.push(id)
      else entries.set(picture[algorithm], [id])
    }
  }
  return entries
}

/** A part we do not know is still part of the picture: it must not be left unmatched. */
function queryPrintName(name: string): QueryPrintName {
  return name === 'trimmed' || name === 'on-white' || name === 'on-black' ? name : 'whole'
}

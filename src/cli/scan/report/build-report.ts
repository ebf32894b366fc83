import { createHash } from 'node:crypto'
import type { ReportedMatch, ScanReport } from '#contract/scan-report.ts'
import type { Collection, Moment } from '#lib/chat/index.ts'
import type { BankFacts } from '../../bank-file/index.ts'
import type { DecodeMode } from '../../decode/index.ts'
import type { LocalTree } from '../../source/index.ts'
import { VERSION } from '../../version.ts'
import { maskKey, maskText } from '../mask-text.ts'
import type { FoundMatch, ScanFindings } from '../scan-export.ts'
import type { ReportTexts } from './texts/index.ts'

export interface ReportInput {
  tree: LocalTree
  collection: Collection
  findings: ScanFindings
  bank: BankFacts
  mode: DecodeMode
  statedZone: string | null
  startedMs: number
  finishedMs: number
  texts: ReportTexts
}

export interface BuiltReport {
  report: ScanReport
  /** `export-sha256.txt`: every file that was read, in `sha256sum -c` form. */
  exportDigests: string
}

const iso = (ms: number): string => new Date(ms).toISOString()

/** Puts the findings into the form of the contract. Reads the matched messages' bytes once more to give their digests. */
export async function buildReport(input: ReportInput): Promise<BuiltReport> {
  const { collection, findings, bank, mode, texts } = input
  const digests = digestLines([...collection.sources, ...findings.files])
  const exportDigests = digests.join('')
  const matches: ReportedMatch[] = []
  for (const found of findings.found) matches.push(await reportMatch(input, found))
  const entriesMatched = new Set(matches.map((match) => match.entry)).size
  const { slowTexts } = findings
  const report: ScanReport = {
    saksiScanReport: 1,
    program: { name: 'saksi', version: VERSION },
    startedAt: iso(input.startedMs),
    finishedAt: iso(input.finishedMs),
    export: {
      ...exportFacts(input),
      filesRead: digests.length,
      sha256: createHash('sha256').update(exportDigests).digest('hex'),
    },
    bank,
    settings: { mode, radius: 31, minimumQuality: 50 },
    counts: { ...countFacts(input), pictures: findings.pictures, entriesMatched, matches: matches.length },
    matches,
    identifiers: findings.ledger.lines(),
    identifiersNotListed: findings.ledger.notListed,
    unreadable: findings.unreadable,
    repairs: collection.repairs,
    repairCount: collection.repairCount,
    gaps: collection.gaps,
    gapCount: collection.gapCount,
    warnings: [
      ...collection.warnings,
      ...(slowTexts > 0 ? [{ code: 'SLOW_TEXT', count: slowTexts, firstAt: '' }] : []),
    ],
    coverage: [...texts.coverage],
  }
  return { report, exportDigests }
}

function exportFacts({
  tree,
  collection,
  statedZone,
}: ReportInput): Omit<ScanReport['export'], 'sha256' | 'filesRead'> {
  const { timeRange } = collection
  return {
    name: maskText(tree.name),
    format: collection.format,
    bytesRead: collection.sources.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    statedZone,
    timeRange: timeRange && { first: iso(timeRange.firstMs), last: iso(timeRange.lastMs) },
    places: collection.places.map(({ key, kind, titles, ids }) => ({
      id: key,
      kind,
      titles: titles.map(maskText),
      ids,
    })),
  }
}

function countFacts({
  collection,
  findings,
}: ReportInput): Omit<ScanReport['counts'], 'pictures' | 'entriesMatched' | 'matches'> {
  const { attachments, ...counts } = collection.counts
  const { withheld } = findings.pictures
  if (withheld === 0) return { ...counts, attachments }
  const byState: Record<string, number> = { ...attachments, withheld }
  for (const [state, count] of findings.withheldStates) byState[state] = (byState[state] ?? 0) - count
  return { ...counts, attachments: byState }
}

async function reportMatch({ tree, findings }: ReportInput, found: FoundMatch): Promise<ReportedMatch> {
  const { match, message, attachment, sha256 } = found
  return {
    entry: match.entry,
    rule: match.rule,
    distance: match.distance,
    variant: match.variant,
    copy: match.copy,
    messageId: message.id,
    sentAt: message.sentAt.utcMs === null ? null : iso(message.sentAt.utcMs),
    sentAtLocal: localTime(message.sentAt),
    placeId: message.placeKey,
    senderId: message.authorKey === null ? null : maskKey(message.authorKey),
    isForwarded: message.forward !== undefined,
    attachment: { kind: attachment.kind, state: attachment.state, path: attachment.path, sha256 },
    raw: { ...message.raw, sha256: await digestRange(tree, message.raw) },
    identifiers: findings.nearby.around(message.seq),
  }
}

function localTime({ utcMs, local }: Moment): string | null {
  return utcMs === null ? local : null
}

async function digestRange(
  tree: LocalTree,
  { file, start, end }: FoundMatch['message']['raw'],
): Promise<string | null> {
  const source = await tree.open(file)
  if (!source || end <= start) return null
  return createHash('sha256')
    .update(await source.slice(start, end))
    .digest('hex')
}

/** One line for each file, however many messages show it. */
function digestLines(files: readonly { path: string; sha256: string }[]): string[] {
  return [...new Set(files.map(({ path, sha256 }) => digestLine(path, sha256)))]
}

/** `sha256sum` writes a line with a leading backslash when the name holds a backslash or a line break. */
function digestLine(path: string, sha256: string): string {
  const escaped = path.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r')
  return `${escaped === path ? '' : '\\'}${sha256}  ${escaped}\n`
}

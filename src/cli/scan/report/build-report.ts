import { createHash } from 'node:crypto'
import type { ReportedMatch, ScanReport } from '#contract/scan-report.ts'
import type { Collection, Moment, RawRange } from '#lib/chat/index.ts'
import type { BankFacts } from '../../bank-file/index.ts'
import type { DecodeMode } from '../../decode/index.ts'
import type { LocalTree } from '../../source/index.ts'
import { VERSION } from '../../version.ts'
import { maskId, maskKey, maskPath, maskText } from '../mask-text.ts'
import type { FoundMatch, ScanFindings } from '../scan-export.ts'
import { coverageLines } from './coverage-lines.ts'
import type { ReportTexts } from './texts/index.ts'
import { whatWindowsSay } from './what-windows-say.ts'

export interface ReportInput {
  tree: LocalTree
  collection: Collection
  findings: ScanFindings
  bank: BankFacts
  mode: DecodeMode
  statedZone: string | null
  signal: AbortSignal
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
  const digestOf = rangeDigests(input)
  for (const found of findings.found) {
    input.signal.throwIfAborted()
    matches.push(await reportMatch(input, found, digestOf))
  }
  const entriesMatched = new Set(matches.map((match) => match.entry)).size
  const settings = { mode, radius: 31, minimumQuality: 50, isWholeOnly: findings.isWholeOnly }
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
    settings,
    counts: { ...countFacts(input), pictures: findings.pictures, entriesMatched, matches: matches.length },
    matches,
    identifiers: findings.ledger.lines(),
    identifiersNotListed: findings.ledger.notListed,
    unreadable: findings.unreadable.map(({ path, messageId, code }) => ({
      path: maskPath(path),
      messageId: maskId(messageId),
      code,
    })),
    repairs: collection.repairs,
    repairCount: collection.repairCount,
    gaps: collection.gaps,
    gapCount: collection.gapCount,
    warnings: [
      ...collection.warnings.map((warning) => ({ ...warning, firstAt: maskText(warning.firstAt) })),
      ...namedTwiceWarning(findings),
      ...counted('UNNAMED_NOT_OPENED', findings.unnamedLeft),
      ...counted('SLOW_TEXT', findings.slowTexts),
    ],
    coverage: coverageLines({ bank, settings }, texts),
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
      id: maskKey(key),
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

async function reportMatch(
  { findings }: ReportInput,
  found: FoundMatch,
  digestOf: (raw: RawRange) => Promise<string | null>,
): Promise<ReportedMatch> {
  const { match, message, attachment, sha256 } = found
  const { identifiers, leftOut } = findings.nearby.around(message.seq)
  return {
    entry: match.entry,
    rule: match.rule,
    distance: match.distance,
    variant: match.variant,
    copy: match.copy,
    ...whatWindowsSay(match),
    messageId: maskId(message.id),
    sentAt: message.sentAt.utcMs === null ? null : iso(message.sentAt.utcMs),
    sentAtLocal: localTime(message.sentAt),
    placeId: maskKey(message.placeKey),
    senderId: message.authorKey === null ? null : maskKey(message.authorKey),
    isForwarded: message.forward !== undefined,
    isNamedTwice: (findings.named.get(attachment.path) ?? 0) > 1,
    attachment: { kind: attachment.kind, state: attachment.state, path: maskPath(attachment.path), sha256 },
    raw: { ...message.raw, file: maskPath(message.raw.file), sha256: await digestOf(message.raw) },
    identifiers: identifiers.map((one) => ({ ...one, messageId: maskId(one.messageId) })),
    identifiersLeftOut: leftOut,
  }
}

function localTime({ utcMs, local }: Moment): string | null {
  return utcMs === null && local !== null ? maskText(local) : null
}

/** Digests of message ranges, each made once: reading backwards in an archive unpacks it from its start again. */
function rangeDigests({ tree }: ReportInput): (raw: RawRange) => Promise<string | null> {
  const known = new Map<string, string | null>()
  return async ({ file, start, end }) => {
    const key = `${start}:${end}:${file}`
    const digest = known.get(key)
    if (digest !== undefined) return digest
    const source = end > start ? await tree.open(file) : null
    const made =
      source &&
      createHash('sha256')
        .update(await source.slice(start, end))
        .digest('hex')
    known.set(key, made)
    return made
  }
}

function counted(code: string, count: number): ScanReport['warnings'] {
  return count > 0 ? [{ code, count, firstAt: '' }] : []
}

function namedTwiceWarning({ named }: ScanFindings): ScanReport['warnings'] {
  const twice = [...named].filter(([, count]) => count > 1)
  const [first] = twice
  return first ? [{ code: 'ATTACHMENT_NAMED_TWICE', count: twice.length, firstAt: maskPath(first[0]) }] : []
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

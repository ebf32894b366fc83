import { createHash } from 'node:crypto'
import type { ScanReport } from '#contract/scan-report.ts'
import { type ChatReader, openChat, type ReadOptions, type StreamHash } from '#lib/chat/index.ts'
import { type BankMatcher, buildMatcher, readBank } from '../bank-file/index.ts'
import type { CliContext } from '../context.ts'
import { type DecodeMode, DecodePool } from '../decode/index.ts'
import { type LocalTree, openSourceTree } from '../source/index.ts'
import { assertLogOpens, enterInLog } from './enter-in-log.ts'
import { buildReport } from './report/build-report.ts'
import { renderHtml } from './report/render-html.ts'
import { prepareReportFolder, type ReportPlace } from './report/report-folder.ts'
import type { ReportTexts } from './report/texts/index.ts'
import { writeReport } from './report/write-report.ts'
import { type ScanFindings, scanExport } from './scan-export.ts'
import { findWithheld, hideFiles, NOTHING_WITHHELD, type Withheld } from './withhold.ts'

export interface ScanRequest {
  exportPath: string
  bankPath: string
  /** Null: nothing is written. */
  out: ReportPlace | null
  mode: DecodeMode
  /** Compare whole pictures only, for speed: crops and screenshots are then not found. */
  isWholeOnly: boolean
  statedZone: string | null
  dateOrder: 'day-first' | 'month-first' | null
  /** Message numbers or file names of suspected child abuse material. */
  withheld: ReadonlySet<string>
  /** Folder of the custody log the scan is entered in; null: in none. */
  logFolder: string | null
  texts: ReportTexts
}

export interface ScanOutcome {
  report: ScanReport
  /** Which file of the export shows a picture of which entry, each pair once, in order of the paths. */
  pairs: CopyOfEntry[]
  /** Processor time of our own parts of the picture work, milliseconds. */
  timing: { printMs: number; matchMs: number }
}

/** A file of the export, by its true path, and the entry it was matched with. */
export interface CopyOfEntry {
  path: string
  entry: string
}

/**
 * One scan from start to end: bank, export, pictures, report. The report appears complete or not at all. Throws the coded
 * errors of the bank, the export and the output; an abort of `context.signal` ends it without a trace.
 */
export async function runScan(context: CliContext, request: ScanRequest): Promise<ScanOutcome> {
  const { out, texts } = request
  if (out !== null) await prepareReportFolder(out, request.exportPath)
  if (request.logFolder !== null) await assertLogOpens(request.logFolder)
  const startedMs = context.nowMs()
  const contents = await readBank(request.bankPath)
  // A large bank takes seconds to read and to make ready.
  context.signal.throwIfAborted()
  const matcher = buildMatcher(contents)
  const opened = await openSourceTree(request.exportPath)
  try {
    const withheld = await withheldIn(opened, context, request)
    const tree = hideFiles(opened, withheld.pathKeys)
    const { reader, findings } = await scanTree(tree, matcher, withheld, context, request)
    const built = await buildReport({
      tree,
      collection: reader.summary(),
      findings,
      bank: matcher.facts,
      mode: request.mode,
      statedZone: request.statedZone,
      signal: context.signal,
      startedMs,
      finishedMs: context.nowMs(),
      texts,
    })
    context.signal.throwIfAborted()
    const { exportDigests } = built
    const report = await enterInLog(request.logFolder, built.report, exportDigests)
    if (out !== null) {
      const files = {
        'report.json': `${JSON.stringify(report, null, 1)}\n`,
        'report.html': renderHtml(report, texts),
        'export-sha256.txt': exportDigests,
      }
      await writeReport(out, files, context.signal)
    }
    return { report, pairs: pairsOf(findings), timing: findings.timing }
  } finally {
    await opened.close()
  }
}

/** Without what is only likely: a person has to confirm that first. */
function pairsOf({ found }: ScanFindings): CopyOfEntry[] {
  const pairs = new Map<string, CopyOfEntry>()
  for (const { match, attachment } of found) {
    if (match.isOnlyLikely) continue
    pairs.set(JSON.stringify([attachment.path, match.entry]), { path: attachment.path, entry: match.entry })
  }
  return [...pairs].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, pair]) => pair)
}

async function withheldIn(tree: LocalTree, context: CliContext, request: ScanRequest): Promise<Withheld> {
  if (request.withheld.size === 0) return NOTHING_WITHHELD
  return await findWithheld(tree, request.withheld, (hidden) =>
    openChat(
      hidden,
      readOptions(context, request, () => undefined),
    ),
  )
}

async function scanTree(
  tree: LocalTree,
  matcher: BankMatcher,
  withheld: Withheld,
  context: CliContext,
  request: ScanRequest,
): Promise<{ reader: ChatReader; findings: ScanFindings }> {
  const { texts, mode, isWholeOnly } = request
  const windows = isWholeOnly ? null : matcher.windows
  const pool = new DecodePool(context.decodeWorkerUrl, context.workerCount, windows)
  const progress = context.progress(texts.scanning)
  let compared = 0
  try {
    const options = readOptions(context, request, (done, total) =>
      progress.update(done, total, texts.pictures(compared)),
    )
    const reader = await openChat(tree, options)
    const onPicture = (count: number): void => {
      compared = count
    }
    const { signal } = context
    const parts = { tree, reader, matcher, pool, mode, isWholeOnly, withheld, signal, onPicture }
    const findings = await scanExport(parts)
    return { reader, findings }
  } finally {
    progress.end()
    await pool.close()
  }
}

function readOptions(
  { nowMs, signal }: CliContext,
  { statedZone, dateOrder }: ScanRequest,
  onProgress: (done: number, total: number) => void,
): ReadOptions {
  return {
    sha256: streamSha256,
    nowMs: nowMs(),
    onProgress,
    signal,
    ...(statedZone !== null && { statedZone }),
    ...(dateOrder !== null && { dateOrder }),
  }
}

function streamSha256(): StreamHash {
  const hash = createHash('sha256')
  return { update: (bytes) => void hash.update(bytes), hex: () => hash.digest('hex') }
}

import { createHash } from 'node:crypto'
import type { ScanReport } from '#contract/scan-report.ts'
import { openChat, type ReadOptions, type StreamHash } from '#lib/chat/index.ts'
import { buildMatcher, readBank } from '../bank-file/index.ts'
import type { CliContext } from '../context.ts'
import { type DecodeMode, DecodePool } from '../decode/index.ts'
import { openSourceTree } from '../source/index.ts'
import { buildReport } from './report/build-report.ts'
import { renderHtml } from './report/render-html.ts'
import type { ReportTexts } from './report/texts/index.ts'
import { checkReportFolder, writeReport } from './report/write-report.ts'
import { scanExport } from './scan-export.ts'

export interface ScanRequest {
  exportPath: string
  bankPath: string
  /** Where the report goes; null: nothing is written. */
  outFolder: string | null
  replaces: boolean
  mode: DecodeMode
  statedZone: string | null
  dateOrder: 'day-first' | 'month-first' | null
  withheld: ReadonlySet<string>
  texts: ReportTexts
}

export interface ScanOutcome {
  report: ScanReport
  /** Processor time of our own parts of the picture work, milliseconds. */
  timing: { printMs: number; matchMs: number }
}

export const REPORT_FILES = ['report.json', 'report.html', 'export-sha256.txt'] as const

/**
 * One scan from start to end: bank, export, pictures, report. The report appears complete or not at all. Throws the coded
 * errors of the bank, the export and the output; an abort of `context.signal` ends it without a trace.
 */
export async function runScan(context: CliContext, request: ScanRequest): Promise<ScanOutcome> {
  const { outFolder } = request
  if (outFolder !== null) await checkReportFolder(outFolder, request.replaces, REPORT_FILES)
  const startedMs = context.nowMs()
  const matcher = buildMatcher(await readBank(request.bankPath))
  const tree = await openSourceTree(request.exportPath)
  const pool = new DecodePool(context.decodeWorkerUrl, context.workerCount)
  const progress = context.progress(request.texts.scanning)
  let compared = 0
  try {
    const reader = await openChat(
      tree,
      readOptions(context, request, (done, total) =>
        progress.update(done, total, request.texts.pictures(compared)),
      ),
    )
    const findings = await scanExport({
      tree,
      reader,
      matcher,
      pool,
      mode: request.mode,
      withheld: request.withheld,
      signal: context.signal,
      onPicture: (count) => {
        compared = count
      },
    })
    const { report, exportDigests } = await buildReport({
      tree,
      collection: reader.summary(),
      findings,
      bank: matcher.facts,
      mode: request.mode,
      statedZone: request.statedZone,
      startedMs,
      finishedMs: context.nowMs(),
      texts: request.texts,
    })
    context.signal.throwIfAborted()
    if (outFolder !== null) {
      await writeReport(outFolder, {
        'report.json': `${JSON.stringify(report, null, 1)}\n`,
        'report.html': renderHtml(report, request.texts),
        'export-sha256.txt': exportDigests,
      })
    }
    return { report, timing: findings.timing }
  } finally {
    progress.end()
    await pool.close()
    await tree.close()
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

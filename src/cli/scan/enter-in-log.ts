import { createHash } from 'node:crypto'
import type { ScanReport } from '#contract/scan-report.ts'
import { canonicalJson, textToUtf8 } from '#lib/bytes/index.ts'
import { enterScan, openLog } from '#node/log-store/index.ts'

/** A scan can take hours: a log that cannot be written is said before it, not after. Throws what `openLog` throws. */
export async function assertLogOpens(folder: string): Promise<void> {
  const log = await openLog(folder)
  await log.close()
}

/**
 * Enters a scan in the log of `folder` and gives the report with its receipt; the report as it is where there is no log.
 * What is entered is the digest of `export-sha256.txt`, and with it of every file that was read; each matched message is an
 * item of its own, so that one can be proven without the others. Throws what `enterScan` throws; then nothing was entered.
 */
export async function enterInLog(
  folder: string | null,
  report: ScanReport,
  exportDigests: string,
): Promise<ScanReport> {
  if (folder === null) return report
  const receipt = await enterScan(folder, {
    format: report.export.format,
    sourceSha256: createHash('sha256').update(exportDigests).digest('hex'),
    sourceBytes: report.export.bytesRead,
    repairs: report.repairCount,
    gaps: report.gapCount,
    items: itemsOf(report),
  })
  return { ...report, log: receipt }
}

/** Each matched message and its picture once, by place in the export and digest: no name, no text. */
function itemsOf({ matches }: ScanReport): Uint8Array[] {
  const items = matches.flatMap(({ raw, attachment }) => {
    const { start, end, sha256 } = raw
    const message = sha256 === null ? { start, end } : { start, end, sha256 }
    return canonicalJson({ message, attachment: { sha256: attachment.sha256 } }) ?? []
  })
  return [...new Set(items)].flatMap((item) => textToUtf8(item) ?? [])
}

import type { ScanReport } from '#contract/scan-report.ts'
import type { ReportTexts } from './texts/index.ts'

/** That a scan stands in a custody log, with its time as a person reads it. */
export function loggedLine(
  { origin, record, mergeBy }: NonNullable<ScanReport['log']>,
  texts: ReportTexts,
): string {
  return texts.loggedIn({ origin, record, mergeBy: mergeBy.replace('T', ' ').slice(0, 16) })
}

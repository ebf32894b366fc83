import type { ScanReport } from '#contract/scan-report.ts'
import type { ReportTexts } from './texts/index.ts'

export type CoverageCounts = NonNullable<ScanReport['bank']['coverage']>

/** What decides what a scan can find. */
export interface CoverageFacts {
  bank: Pick<ScanReport['bank'], 'entries' | 'windowRows' | 'coverage'>
  settings: Pick<ScanReport['settings'], 'isWholeOnly'>
}

/** What such a scan finds and what it may miss, in sentences: by kind of copy and registered picture, never a percentage. */
export function coverageLines({ bank, settings }: CoverageFacts, { coverage }: ReportTexts): string[] {
  const haveParts = (bank.windowRows ?? 0) > 0
  if (settings.isWholeOnly || !haveParts) {
    const { entries, coverage: counts } = bank
    return [
      coverage.foundWhole,
      coverage.missedWhole,
      ...(haveParts ? [coverage.partsLeftOut] : []),
      ...(!haveParts && entries > 0 ? [coverage.bankWithoutParts] : []),
      ...(counts?.fileOnly ? [coverage.fileOnly(counts.fileOnly)] : []),
      coverage.anotherPhoto,
      coverage.videos,
    ]
  }
  return [
    coverage.foundWhole,
    coverage.foundParts,
    ...classLines(bank.coverage, coverage),
    coverage.missedParts,
    coverage.anotherPhoto,
    coverage.videos,
  ]
}

function classLines(counts: CoverageCounts | undefined, texts: ReportTexts['coverage']): string[] {
  if (!counts) return [texts.notCounted]
  const classes = ['most', 'many', 'nearIdentical', 'wholeOnly', 'fileOnly'] as const
  return classes.filter((name) => counts[name] > 0).map((name) => texts[name](counts[name]))
}

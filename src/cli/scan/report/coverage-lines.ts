import type { ScanReport } from '#contract/scan-report.ts'
import type { ReportTexts } from './texts/index.ts'

/** Registered pictures by what is recognised of each, as its own window rows tell. */
export interface CoverageCounts {
  /** 40 rows or more. */
  most: number
  /** 5 to 39 rows. */
  many: number
  /** Fewer rows, or a whole print of poor quality. */
  nearIdentical: number
  /** Registered without windows. */
  wholeOnly: number
  /** Without any print: only the same file is recognised. */
  fileOnly: number
}

/** What decides what a scan can find. */
export interface CoverageFacts {
  bank: Pick<ScanReport['bank'], 'entries' | 'windowRows'> & { coverage?: CoverageCounts | undefined }
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

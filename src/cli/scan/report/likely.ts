import type { ScanReport } from '#contract/scan-report.ts'

/** How many postings a person has to confirm first. */
export function countLikely({ matches }: Pick<ScanReport, 'matches'>): number {
  return matches.filter(({ isOnlyLikely }) => isOnlyLikely).length
}

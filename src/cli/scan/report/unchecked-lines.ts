import type { ScanReport } from '#contract/scan-report.ts'
import type { ReportTexts } from './texts/index.ts'

/** Why some pictures are not answered for. */
export function uncheckedLines({ counts, gapCount }: ScanReport, texts: ReportTexts): string[] {
  const { notInExport, unreadable, partlyRead, tooPlain, withheld } = counts.pictures
  const lines = [
    ...(withheld ? [texts.unchecked.withheld(withheld)] : []),
    ...(notInExport ? [texts.unchecked.notInExport(notInExport)] : []),
    ...(unreadable ? [texts.unchecked.unreadable(unreadable)] : []),
    ...(partlyRead ? [texts.unchecked.partlyRead(partlyRead)] : []),
    ...(gapCount ? [texts.unchecked.gaps(gapCount)] : []),
    ...(tooPlain ? [texts.unchecked.tooPlain(tooPlain)] : []),
  ]
  return lines.length > 0 ? lines : [texts.unchecked.none]
}

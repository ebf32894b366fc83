import type { ReportedMatch } from '#contract/scan-report.ts'
import type { ReportTexts } from './report-texts.ts'

/** The kind of copy in words, without anybody looking: "mirrored, border added". */
export function describeCopy(
  texts: ReportTexts,
  { copy, isForwarded, isNamedTwice }: Pick<ReportedMatch, 'copy' | 'isForwarded' | 'isNamedTwice'>,
): string {
  const parts = [
    ...(copy.isSameFile ? [texts.sameFile] : []),
    ...(copy.isMirrored ? [texts.mirrored] : []),
    ...(copy.turnedDegrees ? [texts.turned(copy.turnedDegrees)] : []),
    ...(copy.hasBorder ? [texts.withBorder] : []),
  ]
  if (parts.length === 0) parts.push(texts.sameLook)
  if (isForwarded) parts.push(texts.forwarded)
  if (isNamedTwice) parts.push(texts.namedTwice)
  return parts.join(texts.listSeparator)
}

import type { ReportedMatch } from '#contract/scan-report.ts'
import { copyPlace } from '../copy-place.ts'
import type { ReportTexts } from './report-texts.ts'

/** Votes are not counted beyond. */
const MOST_VOTES = 5

type Told = Pick<ReportedMatch, 'rule' | 'copy' | 'where' | 'isForwarded' | 'isNamedTwice'>

/** What was recognised: "recognised by 4 places that agree". Whether it is only likely is said apart. */
export function describeRule(
  { copy: texts }: ReportTexts,
  { rule, votes }: Pick<ReportedMatch, 'rule' | 'votes'>,
): string {
  switch (rule) {
    case 'exact-file':
      return texts.identicalFile
    case 'whole-frame':
      return texts.wholePicture
    case 'windows':
      if (votes === undefined || !Number.isInteger(votes) || votes < 2) return texts.byParts
      return votes < MOST_VOTES ? texts.byPlaces(votes) : texts.byPlacesOrMore(MOST_VOTES)
  }
}

/** The kind of copy in words, without anybody looking: "cropped, mirrored; cut off at the top, about half of it remains". */
export function describeCopy(texts: ReportTexts, match: Told): string {
  const clauses = [describeKind(texts, match), ...describePlace(texts, match)]
  return clauses.filter((clause) => clause !== '').join(texts.clauseSeparator)
}

/** What has been done to it: "mirrored, border added, forwarded". Empty where nothing has. */
export function describeKind(texts: ReportTexts, { rule, copy, isForwarded, isNamedTwice }: Told): string {
  const parts = [
    ...(copy.isCropped ? [texts.copy.cropped] : []),
    ...(copy.isInsideLargerFrame ? [texts.copy.insideLarger] : []),
    ...(rule === 'windows' && !copy.isCropped && !copy.isInsideLargerFrame ? [texts.copy.covered] : []),
    ...(copy.isMirrored ? [texts.mirrored] : []),
    ...(copy.turnedDegrees ? [texts.turned(copy.turnedDegrees)] : []),
    ...(copy.hasBorder ? [texts.withBorder] : []),
  ]
  if (parts.length === 0 && rule === 'whole-frame') parts.push(texts.sameLook)
  if (isForwarded) parts.push(texts.forwarded)
  if (isNamedTwice) parts.push(texts.namedTwice)
  return parts.join(texts.listSeparator)
}

/** What is left of it and where it lies, as far as that is known and worth telling. */
export function describePlace(
  { copy: texts }: ReportTexts,
  { copy, where }: Pick<Told, 'copy' | 'where'>,
): string[] {
  const place = copyPlace(where)
  if (!place) return []
  const { cutSides, remaining, position, share } = place
  const cut = () =>
    // A crop inside a screenshot has an edge of its own, which no place tells.
    copy.isInsideLargerFrame ? texts.cutOffAtLeast(cutSides) : texts.cutOff(cutSides, remaining)
  return [
    ...(copy.isCropped && cutSides.length > 0 ? [cut()] : []),
    ...(copy.isInsideLargerFrame ? [texts.lies(position, share)] : []),
  ]
}

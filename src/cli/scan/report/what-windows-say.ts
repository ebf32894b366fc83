import type { ReportedMatch } from '#contract/scan-report.ts'
import type { Match, MatchRule, PlaceInCopy } from '#domain/index.ts'
import { copyPlace } from './copy-place.ts'

/** Votes, place and certainty of a match as the report keeps them, with the frame of the place; only what is known. */
export function whatWindowsSay({
  votes,
  where,
  frame,
  isOnlyLikely,
}: Match<MatchRule>): Pick<ReportedMatch, 'votes' | 'where' | 'frame' | 'isOnlyLikely'> {
  return {
    ...(votes !== undefined && { votes }),
    // A place that is no place would be null in JSON, and the whole report not be read for it.
    ...(where && copyPlace(where) && { where: roundedPlace(where), ...(frame && { frame }) }),
    ...(isOnlyLikely && { isOnlyLikely }),
  }
}

/** Places are known to about 2 %. */
function roundedPlace({ left, top, width, height }: PlaceInCopy): PlaceInCopy {
  const rounded = (fraction: number): number => Math.round(fraction * 1000) / 1000
  return { left: rounded(left), top: rounded(top), width: rounded(width), height: rounded(height) }
}

import { type Lie, WINDOW_LIES } from './lie.ts'
import { MATCH_RADIUS } from './match.ts'
import { isCropped, isInsideLargerFrame, placeInCopy } from './place-in-copy.ts'
import type { RecognisedSighting } from './recognise-hits.ts'
import { voteWindows, windowOutcome } from './vote.ts'

/** A picture that was seen is a copy of a registered one, and what kind of copy. A lead for a person to decide. */
export interface DecidedSighting {
  readonly rule: 'whole-frame' | 'windows'
  /** Of the nearest hit that counts, 0..31 bits. */
  readonly distance: number
  /** Independent windows that agree, 2..5; the windows rule only. */
  readonly votes: number | null
  /** Too few votes for a bank of this size: a person has to confirm it first. */
  readonly isOnlyLikely: boolean
  /** `isCropped` and `isInsideLargerFrame` are known by the windows rule only. */
  readonly copy: Lie & { readonly isCropped?: boolean; readonly isInsideLargerFrame?: boolean }
}

/**
 * What all hits of one registered picture in one picture that was seen say together: null when that is no match. The whole
 * frame first, since it leaves less open; one window alone is never a match. `bankRows`: window rows in the bank.
 */
export function decideSighting(
  { whole, windows, frame }: Pick<RecognisedSighting, 'whole' | 'windows' | 'frame'>,
  bankRows: number,
): DecidedSighting | null {
  if (whole !== null && whole.distance <= MATCH_RADIUS) {
    const { distance, orientation } = whole
    return {
      rule: 'whole-frame',
      distance,
      votes: null,
      isOnlyLikely: false,
      copy: WINDOW_LIES[orientation],
    }
  }
  const vote = voteWindows(windows)
  const outcome = windowOutcome(vote, bankRows)
  if (vote === null || (outcome !== 'match' && outcome !== 'likely')) return null
  const where = placeInCopy(vote.where, frame)
  return {
    rule: 'windows',
    distance: vote.bestDistance,
    votes: vote.votes,
    isOnlyLikely: outcome === 'likely',
    copy: {
      ...WINDOW_LIES[vote.orientation],
      isCropped: isCropped(where),
      isInsideLargerFrame: isInsideLargerFrame(where),
    },
  }
}

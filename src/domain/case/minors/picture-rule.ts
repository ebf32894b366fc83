import type { RefusalCode } from '../refusals.ts'
import type { CaseState } from '../state.ts'
import type { AgeBand } from '../vocabulary.ts'

/** Whether the person is, or was in the picture, under 18. */
export function isUnder18(band: AgeBand | null): boolean {
  return band === 'under-18-now' || band === 'under-18-in-picture'
}

/**
 * Why no picture is taken, shown, fingerprinted here or opened: the case is on the minors path, or nobody has answered that she
 * is an adult, now and in the picture ("prefer not to say" is no such answer). Null when pictures may be handled.
 */
export function refusePicture(state: Pick<CaseState, 'isMinorsPath' | 'ageBand'>): RefusalCode | null {
  return state.isMinorsPath || state.ageBand !== 'adult' ? 'MINOR_PICTURE_REFUSED' : null
}

/** Whether fingerprints of this case may enter the organisation's own bank. */
export function mayFeedOwnBank(
  state: Pick<CaseState, 'isMinorsPath' | 'ageBand'>,
  rules: { readonly minorsFingerprintAllowed: boolean },
): boolean {
  return refusePicture(state) === null || (state.isMinorsPath && rules.minorsFingerprintAllowed)
}

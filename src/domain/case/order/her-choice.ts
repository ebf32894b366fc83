import type { CaseState, Consent, Notice } from '../state.ts'

/** Whether she has chosen "take it down now" for the place of a notice: from then on nobody else may hold it up. */
export function isChosenNow(
  { places }: Pick<CaseState, 'places'>,
  { place }: Pick<Notice, 'place'>,
): boolean {
  return (places.get(place)?.chosenNowAt ?? null) !== null
}

/**
 * Whether a consent to take-down may still be needed for a place that she chose to have taken down now: no notice about it has
 * gone out on this consent yet. Until then the consent is hers alone, also before there is a notice at all.
 */
export function isAwaitedByHerChoice(draft: CaseState, consent: Consent): boolean {
  if (consent.purpose !== 'takedown') return false
  const notices = [...draft.notices.values()]
  const hasGoneOut = (place: string) =>
    notices.some(
      (notice) => notice.place === place && notice.consent === consent.id && notice.sentAt !== null,
    )
  return [...draft.places.values()].some(({ id, chosenNowAt }) => chosenNowAt !== null && !hasGoneOut(id))
}

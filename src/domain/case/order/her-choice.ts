import type { CaseState, Notice } from '../state.ts'

/** Whether she has chosen "take it down now" for the place of a notice: from then on nobody else may hold it up. */
export function isChosenNow(
  { places }: Pick<CaseState, 'places'>,
  { place }: Pick<Notice, 'place'>,
): boolean {
  return (places.get(place)?.chosenNowAt ?? null) !== null
}

/** Whether a notice that she chose to send now is not sent yet and needs this consent. */
export function isAwaitedByHerChoice(draft: CaseState, consent: string): boolean {
  return [...draft.notices.values()].some(
    (notice) =>
      notice.consent === consent &&
      notice.sentAt === null &&
      notice.state !== 'cancelled' &&
      isChosenNow(draft, notice),
  )
}

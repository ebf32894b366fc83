import type { Notice } from '../state.ts'
import type { Minute } from '../time.ts'

type Filled = Pick<
  Notice,
  'id' | 'place' | 'consent' | 'recipient' | 'noticeType' | 'sender' | 'content' | 'textSha256'
> &
  Partial<Pick<Notice, 'dataClasses' | 'exhibits'>>

/** A notice nobody has checked, seen or sent yet. */
export function newDraft(filled: Filled, at: Minute): Notice {
  const { id, place, consent, recipient, noticeType, sender, content, textSha256 } = filled
  const { dataClasses = [], exhibits = [] } = filled
  const said = {
    id,
    place,
    consent,
    recipient,
    noticeType,
    sender,
    content,
    textSha256,
    dataClasses,
    exhibits,
  }
  return { ...said, state: 'draft', draftedAt: at, sentAt: null, clockEnds: null, missing: [] }
}

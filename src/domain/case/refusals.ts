import { AppError } from '#lib/errors/index.ts'

/** Every reason for which a journal entry has no effect, with the next step for whoever wrote it. */
export const REFUSALS = {
  ENTRY_TYPE: 'This program does not know that kind of entry; a newer version may.',
  BODY_INVALID: 'The entry lacks a field, has one too many, or one of the wrong form. Write it again.',
  TIME_AHEAD: 'The entry is dated in the future. Check the clock of the device.',
  ROLE_NOT_ALLOWED: 'This role may not do that. Ask somebody whose role it is.',
  NOT_A_MEMBER: 'Only members of the case write in it. Ask a member to add you.',
  SESSION_OVER: 'The session of an interpreter or helper has ended. Ask a member for a new one.',
  CASE_STATE: 'The case is in a state in which that is not done. Change the state of the case first.',
  TRANSITION_REFUSED: 'That step does not follow from where this stands now.',
  UNKNOWN_ID: 'There is nothing with that id in this case.',
  ID_TAKEN: 'That id is in use in this case. Choose another.',
  SELF_APPROVAL: 'Nobody approves a proposal of their own. Ask another person.',
  SECOND_PERSON_NEEDED: 'This needs a second person. Propose it, and let another member approve.',
  NO_PROPOSAL: 'Nobody has proposed that yet.',
  REASON_UNKNOWN: 'Choose a reason from the list.',
  SURVIVOR_ONLY: 'Only the survivor decides this, with her own signature.',
  SAFETY_WORD: 'The report has a word of the safety list, so it cannot be put aside as junk. Answer it.',
  TOO_EARLY: 'The waiting time has not passed yet.',
  SAFETY_ANSWER_MISSING: 'Ask first whether it is safe to talk, or note that she could not be reached.',
  RISK_MISSING: 'Set a risk level with its reason and the date of the next review first.',
  REVIEW_TOO_LATE: 'The next review has to lie ahead, within the time of this level.',
  LEAD_MISSING: 'Name a member who leads this case first.',
  STATUTORY_CLOCK_OPEN: 'A statutory clock is running. It ends only by the event it waits for.',
  SENDS_OPEN: 'A notice or referral is open. Finish it, or say that it is left on purpose.',
  SAFETY_PLAN_OLD: 'Review the safety plan: its last review is more than 14 days ago.',
  SURVIVOR_NOT_ASKED: 'She has not agreed, and silence is not enough here.',
  OVERSIGHT_NEEDED: 'This reason needs the signature of oversight.',
  CONSENT_MISSING: 'She has given no consent for this recipient and purpose. Offer one.',
  CONSENT_EXPIRED: 'Her consent has expired. Offer a new one.',
  CONSENT_FIELDS: 'Her consent does not cover all of this. Take out what it does not name.',
  CONSENT_TOO_LONG: 'A consent lasts a year at most. Choose an earlier date.',
  GUARDIAN_NOT_ALLOWED: 'A guardian consents only where the country requires it, in a case of a minor.',
  ESCROW_NOT_FOR_MINORS: 'Matching with other reports is not open to minors in this country.',
  MINOR_PICTURE_REFUSED: 'No picture is taken or opened here: the person is, or may be, under 18.',
  AGE_NOT_UNDER_18: 'The age band does not say under 18. Set it first.',
  MINORS_TEAM_ONLY: 'Cases of minors are open to the minors team only.',
  MINORS_TEAM_MISSING: 'Add somebody of the minors team before you shut the others out.',
  PICTURE_SEEN: 'A colleague has seen it and described it. A supervisor can give a reason to open it again.',
  EVIDENCE_NOT_PRESERVED: 'The place is not kept as evidence yet. This takes minutes, or less on her word.',
  ORDER_WAITING_CHOICE: 'Ask whether a preservation request is wanted, or wait 72 hours, or take her choice.',
  NOTICE_INCOMPLETE: 'The notice lacks something the platform may insist on. Complete it.',
  TEXT_CHANGED: 'The text is not the one that was seen. Show it again.',
  PREVIEW_NOT_CONFIRMED: 'She has not confirmed the preview, and has not waived it.',
  CHANNEL_REFUSED: 'Not by open e-mail. Seal it, or print it, or use an archive with a passphrase.',
  AGENCY_KEY_MISSING:
    'No key of this agency was checked by voice. Print it, or use an archive with a passphrase.',
  CONFLICT_AGENCY: 'She has taken this agency out of her case. Choose another.',
  CASE_EXCLUDED_RECIPIENT: 'This person is excluded from the case for good.',
  EPOCH_UNTRUSTED: 'The new key of the case does not follow the last one.',
  TASK_LOCKED: 'This task is closed only by the event it waits for.',
  CLOCK_NOT_CANCELLABLE: 'A statutory clock cannot be cancelled. It ends only by the event it waits for.',
  DUTY_UNKNOWN: 'The country pack has no such duty for this agency and this data.',
  ERASURE_HELD: 'A law named in the country pack keeps this record. She is told which, and why.',
  HOLD_TOO_LONG: 'A hold lasts 90 days at most.',
  DELAY_TOO_LONG: 'A delay of what she sees lasts 30 days at most.',
  BREAK_GLASS_TOO_LONG: 'Break-glass ends 24 hours after it is approved, at the latest.',
} as const satisfies Readonly<Record<string, string>>

/** Why an entry has no effect. */
export type RefusalCode = keyof typeof REFUSALS

/** Thrown by nothing in this folder: for callers who have to stop when a rule says no. */
export class CaseError extends AppError<RefusalCode> {
  constructor(code: RefusalCode, options?: { cause?: unknown }) {
    super(code, REFUSALS[code], options)
  }
}

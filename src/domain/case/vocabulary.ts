/** The closed lists of words that entries may use. */

export const AGE_BANDS = ['adult', 'under-18-in-picture', 'under-18-now', 'prefer-not'] as const
export type AgeBand = (typeof AGE_BANDS)[number]

export const RISK_LEVELS = ['low', 'medium', 'high', 'urgent'] as const
export type RiskLevel = (typeof RISK_LEVELS)[number]

/** What a triage screen asks about; several may hold. */
export const RISK_FACTORS = [
  'self-harm-plan',
  'child-in-danger',
  'deadline-within-24h',
  'violence-now',
  'address-known',
  'work-or-school-known',
  'threat',
  'spreading',
  'repeated-extortion',
  'minor',
  'online-known-place',
  'stalkerware',
  'violence-at-home',
  'past-event',
  'removed',
  'wants-record',
] as const
export type RiskFactor = (typeof RISK_FACTORS)[number]

/** What a consent can cover. `exhibits` goes with a list of exhibit ids. */
export const DATA_CLASSES = [
  'identity',
  'contact',
  'story',
  'exhibits',
  'fingerprints',
  'places',
  'other-people',
] as const
export type DataClass = (typeof DATA_CLASSES)[number]

export const PURPOSES = [
  'investigate',
  'takedown',
  'legal-advice',
  'shelter',
  'health',
  'hash-share',
  'statistics',
  'escrow',
  'connect',
] as const
export type Purpose = (typeof PURPOSES)[number]

export const CLOSE_REASONS = [
  'goals-met',
  'survivor-wish',
  'moved-to-other-service',
  'no-contact',
  'not-our-remit',
  'duplicate',
  'false-report',
  'survivor-died',
] as const
export type CloseReason = (typeof CLOSE_REASONS)[number]

/** Closed lists: no score and no free text labels a report junk or false. */
export const JUNK_REASONS = ['advertising', 'test-message', 'empty', 'automated'] as const
export const FALSE_REPORT_REASONS = ['told-us-herself', 'other-person-registered', 'proven-copy'] as const

export const OPENING_REASONS = ['identify-at-her-request', 'notice-needs-it', 'court-order', 'other'] as const

/** By which a picture that was seen is known to be one of hers. */
export const MATCH_RULES = ['whole-frame', 'windows'] as const

export const HOW = ['spoken', 'written', 'mailbox'] as const
export const GIVEN_BY = ['self', 'guardian', 'helper-with-her'] as const
export const SENDERS = ['self', 'representative', 'anonymous'] as const
export const CONTENT_CLASSES = ['picture', 'page', 'text', 'chat', 'other'] as const
/** How a package reaches an agency: never open e-mail. */
export const CHANNELS = ['sealed', 'printed', 'encrypted-archive', 'open-email'] as const
export const EPOCH_REASONS = ['member-left', 'suspected-compromise', 'routine'] as const
export const OUTCOMES = ['did', 'declined', 'sent', 'offered', 'not-applicable'] as const
export const REOPEN_CAUSES = ['new-sighting', 'supervisor-reason'] as const
export const SAFETY_ANSWERS = ['safe', 'not-safe', 'could-not-reach'] as const

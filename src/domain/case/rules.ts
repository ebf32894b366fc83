import type { Role } from './roles.ts'
import { DAY, HOUR, type Minute } from './time.ts'
import type { DataClass } from './vocabulary.ts'

/** How long a platform has to answer a notice. */
export interface NoticeClock {
  readonly minutes: number
  /** A law sets it: its task cannot be cancelled. */
  readonly isStatutory: boolean
}

/** A duty by which a law makes an organisation report without consent, and what exactly. */
export interface StatutoryDuty {
  readonly agencies: ReadonlySet<string>
  readonly dataClasses: readonly DataClass[]
}

/** What a country pack and an organisation decide; the rest of the rules is the same everywhere. */
export interface CaseRules {
  /**
   * Names the elements a notice lacks, none when it is complete. Pure: every reader of the journal asks again, so that nobody
   * can claim a complete notice. Must not throw.
   */
  readonly lintNotice: (noticeType: string, content: Readonly<Record<string, unknown>>) => readonly string[]
  /** Clocks by notice type. A type without one has no clock. */
  readonly noticeClocks: ReadonlyMap<string, NoticeClock>
  /** Roles of the roster's entries, for members who have not written anything yet. */
  readonly roster: ReadonlyMap<string, Role>
  /** Duties to report, by id. Each use is in her access view. */
  readonly statutoryDuties: ReadonlyMap<string, StatutoryDuty>
  /** Agencies whose key was compared by voice, and when. Nothing is sealed to others. */
  readonly agencyKeys: ReadonlyMap<string, Minute>
  /** Roster entries that belong to the minors team besides those whose role says so, such as its supervisor. */
  readonly minorsTeam: ReadonlySet<string>
  /** Words of a report that must never be put aside as junk. Compared without regard to case. */
  readonly safetyWords: readonly string[]
  readonly firstAnswerWorkingDays: number
  /** `YYYY-MM-DD`. */
  readonly holidays: ReadonlySet<string>
  readonly isGuardianConsentRequired: boolean
  readonly isEscrowOpenToMinors: boolean
  readonly minorsFingerprintAllowed: boolean
  /** Authorities of holds that stop even her own erasure, because a law says so. */
  readonly erasureStoppingAuthorities: ReadonlySet<string>
}

/** Defaults of everything that has a safe one. The linter has none. */
export const DEFAULT_RULES: Omit<CaseRules, 'lintNotice'> = {
  noticeClocks: new Map(),
  roster: new Map(),
  statutoryDuties: new Map(),
  agencyKeys: new Map(),
  minorsTeam: new Set(),
  safetyWords: [],
  firstAnswerWorkingDays: 2,
  holidays: new Set(),
  isGuardianConsentRequired: false,
  isEscrowOpenToMinors: false,
  minorsFingerprintAllowed: false,
  erasureStoppingAuthorities: new Set(),
}

/** Times that no pack changes. Minutes. */
export const TIMES = {
  urgentFirstAnswer: 4 * HOUR,
  neverOpened: 90 * DAY,
  closedKept: 90 * DAY,
  closedKeptMinors: 30 * DAY,
  quarantine: 30 * DAY,
  junkAge: DAY,
  closingSilence: 14 * DAY,
  safetyPlanFresh: 14 * DAY,
  consentDefault: 90 * DAY,
  consentLongest: 365 * DAY,
  preservationRequestWait: 72 * HOUR,
  recordingFailureWait: 15,
  agencyKeyFresh: 365 * DAY,
  breakGlassLongest: DAY,
  breakGlassReview: 7 * DAY,
  holdLongest: 90 * DAY,
  viewDelayLongest: 30 * DAY,
  sessionLongest: DAY,
  duplicateNotice: DAY,
} as const satisfies Readonly<Record<string, Minute>>

import type { Author, Role } from './roles.ts'
import type {
  BreakGlassState,
  CaseStatus,
  ConsentState,
  ExhibitState,
  HandoverState,
  NoticeState,
  ReferralState,
  TaskState,
} from './states.ts'
import type { Minute } from './time.ts'
import type { AgeBand, CloseReason, DataClass, Purpose, RiskFactor, RiskLevel } from './vocabulary.ts'

export interface Member {
  readonly role: Role
  readonly since: Minute
  /** A member for one session (interpreter, helper): until when. */
  readonly sessionEnds: Minute | null
}

export interface Risk {
  readonly level: RiskLevel
  readonly factors: readonly RiskFactor[]
  readonly reason: string
  readonly setBy: Author
  readonly setAt: Minute
  readonly nextReview: Minute
}

/** Somebody proposed something that takes effect only when another person approves. */
export interface Proposal {
  readonly by: Author
  /** The latest minute it can be of, so that waiting times are never short. */
  readonly since: Minute
}

export interface RiskProposal extends Proposal {
  readonly risk: Risk
}

export interface Closing extends Proposal {
  readonly reason: CloseReason
  /** Only `false-report` has one: who agreed besides the proposer. */
  readonly second: Author | null
  readonly hasAgreed: boolean
  /** She wrote something else than her agreement: silence no longer counts. */
  readonly hasAnswered: boolean
}

export interface Closed {
  readonly reason: CloseReason
  readonly at: Minute
  readonly keptUntil: Minute
}

export interface Consent {
  readonly id: string
  readonly state: ConsentState
  readonly recipient: string
  readonly purpose: Purpose
  readonly dataClasses: readonly DataClass[]
  /** Which exhibits, where `dataClasses` has `exhibits`. */
  readonly exhibits: readonly string[]
  /** The first minute in which it no longer holds. */
  readonly ends: Minute
  readonly wording: { readonly language: string; readonly version: string; readonly sha256: string }
  readonly givenBy: 'self' | 'guardian' | 'helper-with-her' | null
  readonly conditions: string | null
  /** She signed it herself, or confirmed what a member recorded on her words. */
  readonly isConfirmed: boolean
  readonly replaces: string | null
}

export interface Exhibit {
  readonly id: string
  readonly state: ExhibitState
  readonly contentClass: string | null
  /** Null while nothing is captured, and again once it is withheld: nothing that describes it is kept. */
  readonly sha256: string | null
  readonly openings: number
  /** The first viewer's neutral description. */
  readonly description: string | null
  /** Roster entries that a supervisor allowed to open it again. */
  readonly mayOpen: readonly string[]
}

/** What is known of one place a notice is about. Times are minutes; null: not yet. */
export interface Place {
  readonly id: string
  /** Ciphertext durable and interim receipt signed. */
  readonly recordedAt: Minute | null
  /** In a checkpoint that the witness quorum co-signed. */
  readonly preservedAt: Minute | null
  readonly recordingFailedAt: Minute | null
  readonly fingerprint: 'open' | 'did' | 'declined'
  readonly preservationRequest: 'open' | 'sent' | 'declined' | 'not-applicable'
  /** Her signed choice "take it down now". */
  readonly chosenNowAt: Minute | null
  /** Override for imminent harm, without her signature. */
  readonly override: (Proposal & { readonly isApproved: boolean }) | null
}

export interface Notice {
  readonly id: string
  readonly state: NoticeState
  readonly place: string
  readonly consent: string
  readonly recipient: string
  readonly noticeType: string
  readonly sender: string
  readonly content: Readonly<Record<string, unknown>>
  readonly textSha256: string
  /** What of hers is in it, besides the place. */
  readonly dataClasses: readonly DataClass[]
  readonly exhibits: readonly string[]
  readonly draftedAt: Minute
  readonly sentAt: Minute | null
  readonly clockEnds: Minute | null
  /** What the linter found missing at the last check. */
  readonly missing: readonly string[]
}

export interface Referral {
  readonly id: string
  readonly state: ReferralState
  readonly agency: string
  /** Null where a statutory duty stands in for it. */
  readonly consent: string | null
  readonly duty: string | null
  readonly purpose: Purpose
  readonly dataClasses: readonly DataClass[]
  readonly exhibits: readonly string[]
  readonly previewSha256: string | null
  readonly isPreviewConfirmed: boolean
  readonly date: Minute | null
}

export interface Task {
  readonly id: string
  readonly kind: string
  readonly state: TaskState
  readonly due: Minute | null
  readonly owner: string | null
  readonly createdBy: string
  readonly link: string | null
  readonly outcome: string | null
  /** What alone closes it, for a task that nobody can close or cancel by hand. */
  readonly closedBy: string | null
  readonly isStatutory: boolean
}

export interface Handover {
  readonly id: string
  readonly state: HandoverState
  readonly from: Author
  readonly to: string
  readonly summary: string
}

export interface Hold {
  readonly id: string
  readonly authority: string
  readonly until: Minute
  readonly isLifted: boolean
}

export interface BreakGlass extends Proposal {
  readonly id: string
  readonly state: BreakGlassState
  readonly reason: string
  readonly receiver: string
  readonly dataClasses: readonly DataClass[]
  readonly until: Minute
}

/** A line of her log of what happened. Corrections stand beside it and never replace it. */
export interface LogLine {
  readonly id: string
  readonly by: Author
  readonly date: Minute
  readonly corrects: string | null
  readonly fields: Readonly<Record<string, unknown>>
}

/** What the survivor can see of who did what with her case. */
export interface AccessNote {
  readonly id: string
  /** Kind of entry, as in `referral.send`. */
  readonly what: string
  readonly role: Role
  /** ISO week. */
  readonly week: string
  readonly about: string | null
  /** Two people said that she would be endangered if she saw it before. */
  readonly delayedUntil: Minute | null
  readonly delay: (Proposal & { readonly until: Minute }) | null
}

/** A picture that is looked for: which rows of the bank are hers, and where in the picture they lie. No print is in it. */
export interface RegisteredPrints {
  /** Of the set at the server. */
  readonly id: string
  /** Id and place of each row, 24 bytes in base64url. */
  readonly rows: string
  readonly scope: { readonly width: number; readonly height: number; readonly shorterSide: number }
  readonly isWithdrawn: boolean
}

/** A picture of hers was found in one that somebody saw. A lead for a person to decide, never a verdict. */
export interface CaseMatch {
  readonly id: string
  /** The entry that says so. */
  readonly entry: string
  readonly by: Author
  /** The registered picture. */
  readonly about: string
  readonly sighting: string
  readonly rule: 'whole-frame' | 'windows'
  readonly distance: number
  readonly votes: number | null
  readonly isOnlyLikely: boolean
  readonly copy: Readonly<Record<string, unknown>>
  /** Where and when it was seen, as the witness's program wrote it; null when it was not to be had. */
  readonly context: Readonly<Record<string, unknown>> | null
  /** Opens the context at the server, 64 hexadecimal digits. */
  readonly contextKey: string | null
}

/** Everything a case's journal says, after the entries that were accepted. */
export interface CaseState {
  /** Time of the last thing that happened, at most now. */
  clock: Minute
  status: CaseStatus
  statusSince: Minute
  isMinorsPath: boolean
  ageBand: AgeBand | null
  safetyAnswer: string | null
  hasSafetyWord: boolean
  suggestedRisk: RiskLevel | null
  risk: Risk | null
  riskProposal: RiskProposal | null
  lead: string | null
  safetyPlanReviewedAt: Minute | null
  expires: Minute | null
  junk: Proposal | null
  closing: Closing | null
  closed: Closed | null
  epoch: number
  needsNewEpoch: boolean
  readonly members: Map<string, Member>
  readonly excluded: Set<string>
  readonly blockedAgencies: Set<string>
  readonly consents: Map<string, Consent>
  readonly exhibits: Map<string, Exhibit>
  readonly prints: Map<string, RegisteredPrints>
  readonly matches: Map<string, CaseMatch>
  readonly places: Map<string, Place>
  readonly notices: Map<string, Notice>
  readonly referrals: Map<string, Referral>
  readonly tasks: Map<string, Task>
  readonly handovers: Map<string, Handover>
  readonly holds: Map<string, Hold>
  readonly breakGlasses: Map<string, BreakGlass>
  readonly log: Map<string, LogLine>
  readonly access: AccessNote[]
}

/** Everything of a case that is one value. */
export function blankCase() {
  return {
    clock: 0,
    status: 'unopened',
    statusSince: 0,
    isMinorsPath: false,
    ageBand: null,
    safetyAnswer: null,
    hasSafetyWord: false,
    suggestedRisk: null,
    risk: null,
    riskProposal: null,
    lead: null,
    safetyPlanReviewedAt: null,
    expires: null,
    junk: null,
    closing: null,
    closed: null,
    epoch: 1,
    needsNewEpoch: false,
  } as const satisfies Partial<CaseState>
}

/** A case about which nothing is known yet. */
export function emptyCase(): CaseState {
  return {
    ...blankCase(),
    members: new Map(),
    excluded: new Set(),
    blockedAgencies: new Set(),
    consents: new Map(),
    exhibits: new Map(),
    prints: new Map(),
    matches: new Map(),
    places: new Map(),
    notices: new Map(),
    referrals: new Map(),
    tasks: new Map(),
    handovers: new Map(),
    holds: new Map(),
    breakGlasses: new Map(),
    log: new Map(),
    access: [],
  }
}

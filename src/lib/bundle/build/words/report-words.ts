import type { ExhibitState } from '../../model.ts'

/** Names of facts and columns in a report. */
export interface Labels {
  bundle: string
  madeBy: string
  contact: string
  madeAt: string
  recipient: string
  consent: string
  manifestKey: string
  software: string
  exhibit: string
  kind: string
  state: string
  bytes: string
  fileHere: string
  fileHereSha256: string
  nameInCapture: string
  platform: string
  place: string
  message: string
  account: string
  sentUtc: string
  sentAsWritten: string
  postedAs: string
  recognisedAs: string
  capturedBy: string
  device: string
  logRecord: string
  file: string
  messageSha256: string
  messageOf: string
  nameShown: string
  text: string
  masked: string
  forwardedFrom: string
  editedUtc: string
  fileNamed: string
  capture: string
  form: string
  digestOfAll: string
  filesRead: string
  bytesRead: string
  readAt: string
  statedZone: string
  repairs: string
  gaps: string
  number: string
  timeUtc: string
  event: string
  role: string
  logEntry: string
  seenBy: string
}

/** Words of a report in one language. Data of the bundle, words of the log and platform names are the same in all. */
export interface ReportWords {
  /** BCP 47 tag. */
  language: string
  /** Which text counts, in a translation; null in English. */
  translationNote: string | null
  title: (bagName: string) => string
  /** In the order of the sections, without their numbers. */
  headings: {
    identity: string
    shows: string
    exhibits: string
    messages: string
    captures: string
    custody: string
    withheld: string
    stamps: string
    check: string
    questions: string
  }
  itShows: string
  itShowsNot: string
  proves: readonly string[]
  provesNot: readonly string[]
  noConsent: string
  noLog: string
  noStamps: string
  summary: (exhibits: number, captured: number) => string
  labels: Labels
  states: Readonly<Record<ExhibitState, string>>
  notStated: string
  notRecorded: string
  notKnown: string
  notKnownHere: string
  none: string
  noFileHere: string
  forwarded: string
  original: string
  yesMasked: string
  consentFor: (reference: string, purpose: string) => string
  logRecord: (number: string, index: number) => string
  byteRange: (start: number, end: number) => string
  filesNeverShown: string
  exportStays: string
  claimedTimes: string
  nothingWithheld: string
  withheld: (count: number) => string
  nobodyAsked: string
  stampedBy: (names: string) => string
  noLogKept: string
  inLog: (isWitnessed: boolean) => string
  howToCheck: string
  /** Where the questions are, in a translation; null where the report has them itself. */
  questionsElsewhere: string | null
}

import type { ReportedIdentifier, ReportedMatch } from '#contract/scan-report.ts'
import type { PlaceKind } from '#lib/chat/index.ts'
import type { CopyTexts, CoverageTexts } from './copy-texts.ts'

/**
 * The words of a report. Every sentence a reader sees is here, so that a language is one object of this type. Counts are
 * whole numbers from 0. In `checkSteps`, `digestOfExport` and `digestOfBank` what stands between backticks is to be typed
 * or looked up as it is, in every language.
 */
export interface ReportTexts {
  /** BCP 47 tag, for `<html lang>`. */
  language: string
  /** What stands between the items of a list inside a sentence. */
  listSeparator: string
  /** What stands between parts of sentences that hold lists themselves. */
  clauseSeparator: string
  number(count: number): string
  title: string
  found(entries: number, postings: number): string
  foundNothing: string
  notAVerdict: string
  matchesHeading: string
  distanceExplained: string
  entry: string
  when: string
  where: string
  postedBy: string
  message: string
  kindOfCopy: string
  distance: string
  alongside: string
  unknownTime: string
  forwarded: string
  /** The sender is doubtful: more than one message names the file. */
  namedTwice: string
  /** The whole picture, in another file. */
  sameLook: string
  mirrored: string
  turned(degrees: ReportedMatch['copy']['turnedDegrees']): string
  withBorder: string
  copy: CopyTexts
  moreInReport(count: number): string
  notFoundHeading: string
  uncheckedHeading: string
  unchecked: {
    notInExport(count: number): string
    unreadable(count: number): string
    tooPlain(count: number): string
    withheld(count: number): string
    gaps(count: number): string
    partlyRead(count: number): string
    none: string
  }
  coverage: CoverageTexts
  identifiersHeading: string
  identifiersExplained: string
  kind: string
  identifierKinds: Record<ReportedIdentifier['kind'], string>
  masked: string
  times: string
  messages: string
  notListed(count: number): string
  none: string
  placesHeading: string
  placeKinds: Record<PlaceKind, string>
  placeTitles: string
  readHeading: string
  readFacts(facts: ReadFacts): string
  checkHeading: string
  checkSteps: readonly string[]
  digestOfExport: string
  digestOfBank: string
  /** `mergeBy`: a time in UTC, made for reading. */
  loggedIn: (log: { origin: string; record: string; mergeBy: string }) => string
  mode: Record<'exact' | 'fast', string>
  scanning: string
  pictures(count: number): string
  emptyBank: string
  nothingWritten: string
  reportAt(path: string): string
}

export interface ReadFacts {
  messages: number
  pictures: number
  files: number
  repairs: number
  gaps: number
}

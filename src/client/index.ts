export { type NamedSet, registerSet, renewSets, withdrawSets } from './bank.ts'
export {
  type Call,
  CallError,
  type ClientOptions,
  type TransportCode,
} from './call.ts'
export { currentKey, type OpenCase, type OpenedCases, openCases, readCase } from './cases.ts'
export { openCaseFile } from './cases-files.ts'
export { casesStillHers, removeFromCase, type Sharing, shareWith, startNewEpoch } from './cases-share.ts'
export { moveCase, postEntry, reply, setDueDay } from './cases-write.ts'
export { type Client, createClient } from './client.ts'
export { type FetchedItem, Mailbox, type MailboxContents, type MailboxKeys } from './mailbox.ts'
export {
  closeMatcher,
  type FoundMatch,
  type MatchRound,
  matchNow,
  openMatcher,
  renewPictures,
} from './matches.ts'
export { type NewCase, type SealedCase, sealNewCase, sendNewCase } from './new-case.ts'
export {
  dayOf,
  digitsOf,
  type Organisation,
  OrganisationError,
  type OrganisationErrorCode,
  readOrganisation,
} from './organisation.ts'
export { type OwnCase, type OwnMeans, readOwnCase, writeToOwnCase } from './own-case.ts'
export type { KeptReceipt, OwnSaying } from './own-entries.ts'
export { endInvite, makeInvite, PassPurse, type PassStore } from './passes.ts'
export {
  addPasskey,
  type Credentials,
  PasskeyError,
  type PasskeyErrorCode,
  type PasskeyMeans,
  signInWithPasskey,
} from './passkey.ts'
export type { Persist } from './persist.ts'
export { openRequest, reportDigest, type SealedReport, type SolvePuzzle, sendReport } from './report.ts'
export { type ProvenRecord, ServedLog } from './served-log.ts'
export {
  type NewOrganisation,
  type OrganisationPlan,
  type SetUpMeans,
  setUpOrganisation,
} from './set-up.ts'
export {
  type MadeColleague,
  makeColleague,
  type NewColleague,
  type SetUpColleague,
} from './set-up-colleague.ts'
export { rosterOpening } from './set-up-roster.ts'
export { type Admission, type NewSighting, submitSighting } from './sightings.ts'
export { type SignIn, StaffSession } from './staff.ts'
export {
  type Desk,
  type DeskErrorCode,
  type DeskMeans,
  openDesk,
  refreshDesk,
} from './staff-desk.ts'
export { draftRoster, publishRoster, rosterToSucceed, type TeamPlan } from './staff-roster.ts'
export { fetchRoster, type OrganisationTrust, rosterTrust } from './trust.ts'
export { sendParts } from './upload.ts'
export { puzzleSolver, solvedPuzzle } from './work.ts'

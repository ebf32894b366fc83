export {
  type Call,
  CallError,
  type ClientOptions,
  type TransportCode,
} from './call.ts'
export { type Client, createClient } from './client.ts'
export { type FetchedItem, Mailbox, type MailboxContents, type MailboxKeys } from './mailbox.ts'
export { openRequest, reportDigest, type SealedReport, type SolvePuzzle, sendReport } from './report.ts'
export {
  makeColleague,
  type NewColleague,
  type NewOrganisation,
  type OrganisationPlan,
  type SetUpColleague,
  setUpOrganisation,
} from './set-up.ts'
export { type SignIn, StaffSession } from './staff.ts'
export { sendParts } from './upload.ts'

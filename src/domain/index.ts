export * from './case/index.ts'
export {
  type EntryBody,
  entryOf,
  messageOf,
  messageTypeOf,
  type VerifiedMessage,
} from './case-message.ts'
export { type DecidedSighting, decideSighting } from './decide-sighting.ts'
export {
  type CopyKind,
  type DigestHit,
  decideMatches,
  entriesToLookAtAgain,
  MATCH_MIN_QUALITY,
  MATCH_RADIUS,
  type Match,
  type MatchRule,
  mergeMatches,
  type PlainMatchRule,
  type PrintHit,
  type Row,
  type WindowFindings,
} from './match.ts'
export type { PlaceInCopy } from './place-in-copy.ts'
export {
  type QueryPrint,
  type QueryPrintName,
  queryPrints,
  type RegistrationPrint,
  registrationPrints,
} from './prints.ts'
export {
  indexList,
  joinSightings,
  type RecognisedSighting,
  recogniseHits,
  recogniseInList,
} from './recognise-hits.ts'
export {
  type KeptRows,
  keptRowsOf,
  type OwnRow,
  ownRowsOf,
  ownRowsOfKept,
  type PictureSet,
  printSetOf,
  printsEntry,
  sightingPrintsOf,
} from './sealed-prints.ts'
export {
  type Frame,
  voteWindows,
  type WindowHit,
  type WindowOfEntry,
  type WindowOutcome,
  type WindowVote,
  windowOutcome,
} from './vote.ts'

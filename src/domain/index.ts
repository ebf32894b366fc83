export * from './case/index.ts'
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
export { type RecognisedSighting, recogniseHits } from './recognise-hits.ts'
export { type OwnRow, ownRowsOf, type PictureSet, printSetOf, sightingPrintsOf } from './sealed-prints.ts'
export {
  type Frame,
  voteWindows,
  type WindowHit,
  type WindowOfEntry,
  type WindowOutcome,
  type WindowVote,
  windowOutcome,
} from './vote.ts'

export {
  type CopyKind,
  type DigestHit,
  decideMatches,
  MATCH_MIN_QUALITY,
  MATCH_RADIUS,
  type Match,
  type MatchRule,
  type PrintHit,
  type Row,
} from './match.ts'
export {
  type QueryPrint,
  type QueryPrintName,
  queryPrints,
  type RegistrationPrint,
  registrationPrints,
} from './prints.ts'

export { addSet, loadMatcher } from './load.ts'
export { Matcher, type RowHit } from './matcher.ts'

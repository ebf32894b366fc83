export { type HitOfRow, keepHits, takeHits } from './hits-waiting.ts'
export { addSet, loadMatcher } from './load.ts'
export { MAX_HITS, Matcher, type RowHit } from './matcher.ts'

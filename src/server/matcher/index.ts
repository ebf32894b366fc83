export { type HitOfRow, keepHits, takeHits } from './hits-waiting.ts'
export { addSet, loadMatcher } from './load.ts'
export { Matcher, type RowHit } from './matcher.ts'

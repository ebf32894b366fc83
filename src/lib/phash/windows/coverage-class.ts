import { MIN_QUALITY } from '../print.ts'

/**
 * What a person is told after registering: `most` copies, also edited ones; `some`: full copies and many crops;
 * `near-exact` copies only. Never a percentage.
 */
export type CoverageClass = 'most' | 'some' | 'near-exact'

const MOST_ROWS = 40
const SOME_ROWS = 5

/** The class by the number of rows registered and the quality (0..100) of the whole picture's fingerprint. */
export function coverageClass(rowCount: number, wholeQuality: number): CoverageClass {
  if (rowCount < SOME_ROWS || wholeQuality < MIN_QUALITY) return 'near-exact'
  return rowCount < MOST_ROWS ? 'some' : 'most'
}

import type { Argon2Parameters } from '../keys/argon2.ts'

/** The series that this version knows. It stands in the code itself, so that no server can ask for cheaper parameters. */
export type ReturnCodeSeries = 1

/** What it costs to turn a code of each series into its key. A series never changes; a dearer one gets the next number. */
export const RETURN_CODE_SERIES: Readonly<Record<ReturnCodeSeries, Argon2Parameters>> = {
  1: { iterations: 3, memoryKiB: 19_456, parallelism: 1 },
}

/** The series that new codes are made with. */
export const CURRENT_SERIES: ReturnCodeSeries = 1

export function isKnownSeries(series: number): series is ReturnCodeSeries {
  return Object.hasOwn(RETURN_CODE_SERIES, series)
}

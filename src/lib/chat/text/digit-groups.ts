/** A maximal run of ASCII digits. */
export interface DigitGroup {
  start: number
  end: number
}

/** Groups that may belong to one number: at most three of space, dash, dot and brackets lie between neighbours. */
export type DigitRun = readonly DigitGroup[]

const GROUP = /[0-9]+/g
const JOINING_GAP = /^[-. ()]{1,3}$/

/** Splits the digits of a text into runs, in order. Linear. */
export function findDigitRuns(norm: string): DigitRun[] {
  const runs: DigitGroup[][] = []
  let last = -1
  for (const match of norm.matchAll(GROUP)) {
    const group = { start: match.index, end: match.index + match[0].length }
    const run = runs.at(-1)
    const gap = group.start - last
    if (run !== undefined && gap <= 3 && JOINING_GAP.test(norm.slice(last, group.start))) run.push(group)
    else runs.push([group])
    last = group.end
  }
  return runs
}

export function groupSize(group: DigitGroup | undefined): number {
  return group === undefined ? 0 : group.end - group.start
}

/** The digits of groups `first`..`last`, both included. */
export function digitsOf(norm: string, run: DigitRun, first: number, last: number): string {
  let digits = ''
  for (let i = first; i <= last; i++) digits += norm.slice(run[i]?.start, run[i]?.end)
  return digits
}

/** What stands between group `at - 1` and group `at`; empty at the ends of a run. */
export function gapBefore(norm: string, run: DigitRun, at: number): string {
  const before = run[at - 1]
  const group = run[at]
  return before === undefined || group === undefined ? '' : norm.slice(before.end, group.start)
}

const DAY_GAP = /^[-.]$/

/** True when three groups from `at` on are a calendar date with dashes or dots: 31-12-2025, 2025-12-31. */
export function isDateAt(norm: string, run: DigitRun, at: number): boolean {
  const [a, b, c] = [0, 1, 2].map((i) => groupSize(run[at + i]))
  if (a === undefined || b === undefined || c === undefined || b > 2 || c === 0) return false
  if (!(a === 4 && c <= 2) && !(a <= 2 && c === 4)) return false
  if (!DAY_GAP.test(gapBefore(norm, run, at + 1)) || !DAY_GAP.test(gapBefore(norm, run, at + 2))) return false
  const [x, y, z] = [0, 1, 2].map((i) => Number(digitsOf(norm, run, at + i, at + i)))
  const [day, year] = a === 4 ? [z ?? 0, x ?? 0] : [x ?? 0, z ?? 0]
  return day >= 1 && day <= 31 && (y ?? 0) >= 1 && (y ?? 0) <= 31 && year >= 1900 && year <= 2099
}

import { type DigitRun, digitsOf, gapBefore, groupSize } from './digit-groups.ts'

export interface FoundMykad {
  start: number
  end: number
  digits: string
  hasCue: boolean
  /** False for twelve bare digits: those can be another number, e.g. a phone number that starts with 60. */
  hasSeparators: boolean
}

/** Place-of-birth codes that the registration department never gave out. */
const UNUSED_PLACES = new Set(['00', '17', '18', '19', '20', '69', '73', '80', '81', '94', '95', '96', '97'])
/** How `YYMMDD PB ###G` may be cut into groups. */
const SHAPES: readonly (readonly number[])[] = [[6, 2, 4], [12], [6, 6], [8, 4]]
const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
const CUE_REACH = 40
const CUE = /(?<![a-z])(?:nric|i\/?c|k\/?p|my ?kad)(?![a-z])|kad pengenalan|身份证|身份證|அடையாள/i

/**
 * MyKad numbers: twelve digits cut by single dashes or spaces or not at all, a date that exists, a place code in use.
 * There is no check digit, so without a cue word near it a hit is no more than possible.
 */
export function findMykads(norm: string, runs: readonly DigitRun[]): FoundMykad[] {
  const found: FoundMykad[] = []
  for (const run of runs) {
    for (let at = 0; at < run.length; at++) {
      const shape = SHAPES.find((sizes) => fits(norm, run, at, sizes))
      const mykad = shape === undefined ? null : read(norm, run, at, shape.length)
      if (shape === undefined || mykad === null) continue
      found.push(mykad)
      at += shape.length - 1
    }
  }
  return found
}

function fits(norm: string, run: DigitRun, at: number, sizes: readonly number[]): boolean {
  for (let i = 0; i < sizes.length; i++) {
    if (groupSize(run[at + i]) !== sizes[i]) return false
    if (i > 0 && !/^[- ]$/.test(gapBefore(norm, run, at + i))) return false
  }
  // Dashes that go on mean a longer number of another kind.
  return gapBefore(norm, run, at) !== '-' && gapBefore(norm, run, at + sizes.length) !== '-'
}

function read(norm: string, run: DigitRun, at: number, groups: number): FoundMykad | null {
  const digits = digitsOf(norm, run, at, at + groups - 1)
  const start = run[at]?.start ?? 0
  const end = run[at + groups - 1]?.end ?? start
  if (norm[start - 1] === '+' || !isMykad(digits)) return null
  const near = `${norm.slice(Math.max(0, start - CUE_REACH), start)} ${norm.slice(end, end + CUE_REACH)}`
  const hasCue = CUE.test(near)
  if (!hasCue && (isWord(norm[start - 1]) || isWord(norm[end]))) return null
  return { start, end, digits, hasCue, hasSeparators: groups > 1 }
}

/** A real date and a place code in use; 29 February counts in leap years, as the century is not written. */
function isMykad(digits: string): boolean {
  if (!/^\d{12}$/.test(digits)) return false
  const year = Number(digits.slice(0, 2))
  const month = Number(digits.slice(2, 4))
  const day = Number(digits.slice(4, 6))
  const days = month === 2 && year % 4 !== 0 ? 28 : (DAYS[month - 1] ?? 0)
  return day >= 1 && day <= days && !UNUSED_PLACES.has(digits.slice(6, 8))
}

function isWord(character: string | undefined): boolean {
  return character !== undefined && /[A-Za-z_]/.test(character)
}

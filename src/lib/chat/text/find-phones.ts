import { type DigitRun, digitsOf, gapBefore, groupSize, isDateAt } from './digit-groups.ts'
import { type PhoneNumber, readHomePhone, readPhone } from './phone-number.ts'

export interface FoundPhone {
  start: number
  end: number
  number: PhoneNumber
  /** Valid, written with a country or trunk prefix or after a cue word, and not part of another word. */
  isSure: boolean
}

/** How many numbers may still be judged; shared by all texts of a message. */
export interface Budget {
  phones: number
}

type Prefix = 'plus' | 'idd' | 'trunk' | 'country' | 'none'

/** Digits, prefix included, that a number written so can have; the lengths before the country's own rules. */
const LENGTHS: Record<Prefix, readonly [number, number]> = {
  plus: [8, 15],
  idd: [10, 17],
  trunk: [9, 11],
  country: [10, 13],
  none: [9, 10],
}
const CUE_REACH = 40
const CUE =
  /(?:(?<![a-z])(?:hp|h\/p|tel|tlp|telefon|telephone|phone|call|fon|wasap|whatsapp|wsap|ws|wa|hubungi|contact|nombor|no)|电话|電話|手机|手機|微信|தொலைபேசி|கைபேசி)[^a-z0-9]{0,8}$/i

/**
 * Phone numbers in the digit runs of a normalised text. A number is always whole groups of digits, so the inside of a
 * longer number is never mistaken for one. Judges only windows of a fitting length; stops when the budget is spent.
 */
export function findPhones(norm: string, runs: readonly DigitRun[], budget: Budget): FoundPhone[] {
  const found: FoundPhone[] = []
  for (const run of runs) {
    let at = 0
    while (at < run.length && budget.phones > 0) {
      if (isDateAt(norm, run, at)) at += 3
      else {
        const match = matchAt(norm, run, at, budget)
        if (match !== null) found.push(match.phone)
        at = match === null ? at + 1 : match.next
      }
    }
  }
  return found
}

interface Match {
  phone: FoundPhone
  next: number
}

function matchAt(norm: string, run: DigitRun, at: number, budget: Budget): Match | null {
  const prefix = prefixAt(norm, run, at)
  if (prefix === 'none' && !mayBeBare(norm, run, at)) return null
  const [shortest, longest] = LENGTHS[prefix]
  const windows: number[] = []
  for (let last = at, size = 0; last < run.length; last++) {
    size += groupSize(run[last])
    if (size > longest) break
    if (size >= shortest) windows.push(last)
  }
  for (const last of windows.reverse()) {
    const digits = spelledOut(norm, run, at, last, prefix)
    const number = isForeign(prefix) ? judge(digits, budget) : readHomePhone(digits)
    if (number?.isValid === true) return accept(norm, run, at, last, prefix, number)
  }
  return possibleAt(norm, run, at, prefix, budget)
}

/**
 * A bare number must stand alone and start as Malaysian mobile numbers do, or any id of nine digits would be judged. A
 * letter before it that looks like a digit is left to the pass over folded letters.
 */
function mayBeBare(norm: string, run: DigitRun, at: number): boolean {
  const start = run[0]?.start ?? 0
  return at === 0 && norm[start] === '1' && !/[OolI|]/.test(norm.charAt(start - 1))
}

/** May have any country code. Without a plus or 00 only a Malaysian reading can be valid, and that is cheap to check. */
function isForeign(prefix: Prefix): boolean {
  return prefix === 'plus' || prefix === 'idd'
}

function judge(digits: string, budget: Budget): PhoneNumber | null {
  if (budget.phones <= 0) return null
  budget.phones--
  return readPhone(digits)
}

/** The digits of a window with the plus that its prefix stands for. */
function spelledOut(norm: string, run: DigitRun, first: number, last: number, prefix: Prefix): string {
  const digits = digitsOf(norm, run, first, last)
  if (prefix === 'plus') return `+${digits}`
  if (prefix === 'idd') return `+${digits.slice(2)}`
  // 60 then 0 without anything between them is no way to write a number; most such digits are birth dates.
  const isDate = digits.startsWith('600') && groupSize(run[first]) > 2
  return prefix === 'country' && !isDate ? `+${digits}` : digits
}

function prefixAt(norm: string, run: DigitRun, at: number): Prefix {
  const start = run[at]?.start ?? 0
  if (at === 0 && (norm[start - 1] === '+' || norm.slice(Math.max(0, start - 2), start) === '+('))
    return 'plus'
  if (norm.startsWith('00', start) && norm[start + 2] !== '0' && groupSize(run[at]) > 2) return 'idd'
  if (norm[start] === '0') return 'trunk'
  return norm.startsWith('60', start) ? 'country' : 'none'
}

function accept(
  norm: string,
  run: DigitRun,
  at: number,
  last: number,
  prefix: Prefix,
  number: PhoneNumber,
): Match {
  const { start, end } = bounds(norm, run, at, last, prefix)
  const isGlued = isLatin(norm[start - 1]) || isLatin(norm[end])
  const isInside = at > 0 && !gapBefore(norm, run, at).includes(' ')
  const needsCue = isGlued || isInside || prefix === 'none'
  const isSure =
    !needsCue || (!isLatin(norm[end]) && CUE.test(norm.slice(Math.max(0, start - CUE_REACH), start)))
  return { phone: { start, end, number, isSure }, next: last + 1 }
}

/** A number of a right length in no assigned range: only when nothing else could belong to it. */
function possibleAt(norm: string, run: DigitRun, at: number, prefix: Prefix, budget: Budget): Match | null {
  if (at > 0 || prefix === 'none' || prefix === 'idd') return null
  const last = run.length - 1
  const { start, end } = bounds(norm, run, at, last, prefix)
  const size = digitsOf(norm, run, at, Math.min(last, at + 20)).length
  const [shortest, longest] = LENGTHS[prefix]
  if (size < shortest || size > longest || isLatin(norm[start - 1]) || isLatin(norm[end])) return null
  const number = judge(spelledOut(norm, run, at, last, prefix), budget)
  return number?.isPossible === true
    ? { phone: { start, end, number, isSure: false }, next: run.length }
    : null
}

function bounds(
  norm: string,
  run: DigitRun,
  first: number,
  last: number,
  prefix: Prefix,
): { start: number; end: number } {
  const digit = run[first]?.start ?? 0
  const start = prefix === 'plus' ? (norm[digit - 1] === '+' ? digit - 1 : digit - 2) : digit
  return { start, end: run[last]?.end ?? digit }
}

function isLatin(character: string | undefined): boolean {
  return character !== undefined && /[A-Za-z_]/.test(character)
}

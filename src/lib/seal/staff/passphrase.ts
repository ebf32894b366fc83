import { SealError } from '../errors.ts'
import type { RandomBytes } from '../keys/random.ts'
import { COMMON_PHRASES } from './common-phrases.ts'
import { PASSPHRASE_WORDS } from './passphrase-words.ts'

export const PASSPHRASE_WORD_COUNT = 6
export const MIN_OWN_CHARACTERS = 20
const MAX_OWN_CHARACTERS = 256
const MIN_DIFFERENT_CHARACTERS = 8

/** A new passphrase of six words, separated by spaces: 77.5 bits, whoever knows the list included. */
export function makePassphrase(random: RandomBytes): string {
  const words = PASSPHRASE_WORDS.trim().split(/\s+/)
  return Array.from({ length: PASSPHRASE_WORD_COUNT }, () => words[randomBelow(words.length, random)]).join(
    ' ',
  )
}

/**
 * Refuses (`STAFF_PASSPHRASE_WEAK`) a passphrase of one's own that is shorter than 20 or longer than 256 characters, has few
 * different ones, repeats itself, runs along a keyboard or alphabet, or is mostly a phrase that everybody knows. What passes can
 * still be weak: a made one is better.
 */
export function checkOwnPassphrase(passphrase: string): void {
  const characters = [...passphrase.normalize('NFKC')]
  const plain = characters
    .join('')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]/gu, '')
  const isWeak =
    characters.length < MIN_OWN_CHARACTERS ||
    characters.length > MAX_OWN_CHARACTERS ||
    new Set(plain).size < MIN_DIFFERENT_CHARACTERS ||
    isMostlyRepeated(plain) ||
    isMostlyRun(plain) ||
    isMostlyKnown(plain)
  if (isWeak)
    throw new SealError(
      'STAFF_PASSPHRASE_WEAK',
      'This passphrase is too easy to guess. Take the one that is offered, or 20 characters that nobody else would write.',
    )
}

/** Each number below `limit`, at most 65,536, equally likely: what would tip the balance is thrown away. */
function randomBelow(limit: number, random: RandomBytes): number {
  const end = 65_536 - (65_536 % limit)
  for (;;) {
    const [high = 0, low = 0] = random(2)
    const value = high * 256 + low
    if (value < end) return value % limit
  }
}

/** One unit again and again, such as `safehouse1safehouse1`, or nearly so. */
function isMostlyRepeated(text: string): boolean {
  const characters = [...text]
  for (let unit = 1; unit <= characters.length / 2; unit++) {
    const same = characters.filter((character, i) => i >= unit && character === characters[i - unit]).length
    if (same === characters.length - unit || same >= characters.length * 0.6) return true
  }
  return false
}

const RUNS = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  '1qaz2wsx3edc4rfv5tgb6yhn',
]
const RUN_LENGTH = 4

/** Steps along a row of keys or letters, either way. */
function isMostlyRun(text: string): boolean {
  const runs = [...RUNS, ...RUNS.map((run) => [...run].reverse().join(''))]
  const covered = new Set<number>()
  for (let i = 0; i + RUN_LENGTH <= text.length; i++) {
    if (runs.some((run) => run.includes(text.slice(i, i + RUN_LENGTH))))
      for (let j = i; j < i + RUN_LENGTH; j++) covered.add(j)
  }
  return covered.size >= text.length * 0.6
}

function isMostlyKnown(text: string): boolean {
  return COMMON_PHRASES.some((phrase) => {
    const known = phrase.replaceAll(' ', '')
    return text.includes(known) && known.length >= text.length * 0.6
  })
}

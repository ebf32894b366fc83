const CONSONANTS = 'bdfghjklmnprstvz'
const VOWELS = 'aeiou'
const WORDS = 5
const SYLLABLES = 3

/** How many random bytes a passphrase takes. */
export const PASSPHRASE_BYTES = WORDS * SYLLABLES * 2

/**
 * Five invented words such as `tobaki-ruvelo-...`, easy to say on the telephone. Each syllable is one of 80, so that fifteen
 * of them are worth 94 bits. `random` has `PASSPHRASE_BYTES` bytes, and every vowel is drawn without bias to within a part
 * in 50.
 */
export function passphraseOf(random: Uint8Array): string {
  const syllables = Array.from({ length: WORDS * SYLLABLES }, (_, i) => {
    const consonant = CONSONANTS.charAt((random[2 * i] ?? 0) % CONSONANTS.length)
    return consonant + VOWELS.charAt((random[2 * i + 1] ?? 0) % VOWELS.length)
  })
  return Array.from({ length: WORDS }, (_, i) =>
    syllables.slice(i * SYLLABLES, (i + 1) * SYLLABLES).join(''),
  ).join('-')
}

import { normaliseCharacters } from './characters.ts'
import { foldLetters, foldSeparators } from './digits.ts'

export interface Normalised {
  norm: string
  /** `map[i]`: UTF-16 offset in the original of unit `i` of `norm`; one more entry for the end. */
  map: Uint32Array
}

/**
 * The form of a text in which numbers, links and handles are looked for, with the way back to the original.
 * Steps: 1 NFKC per cluster · 2 format marks and variation selectors removed · 3 keycap and enclosed digits to ASCII ·
 * 4 decimal digits of other scripts to ASCII · 5 underscores, dashes, middle dots and bullets between digits to `-` ·
 * 6 look-alike letters to digits inside long digit runs. Linear in the text; never throws, lone surrogates included.
 */
export function normalise(text: string): Normalised {
  const characters = normaliseCharacters(text)
  const norm = foldLetters(foldSeparators(characters.text))
  return { norm, map: characters.map ?? identity(norm.length) }
}

function identity(length: number): Uint32Array {
  const map = new Uint32Array(length + 1)
  for (let i = 0; i <= length; i++) map[i] = i
  return map
}

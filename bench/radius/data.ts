import { orientations } from '#lib/phash/index.ts'
import { drawScene } from '#lib/scenes/index.ts'

export const PRINT_BYTES = 32
const WORDS = 8

/** What kinds of rows there are to search in, and what each is. */
export const DATA = {
  uniform: 'random bits',
  skewed:
    'half of the rows random, half within 45 bits of one of 100 centres; each bit of a centre is set with probability 1/4',
  real: 'crossed prints of 150 drawn scenes, mirrored and turned (1,200 prints): each quarter of the frequency square from another one, one bit in sixteen flipped; no photographs',
} as const

export type DataName = keyof typeof DATA

/** A repeatable stream of 32-bit words (xorshift). */
export function randomWords(seed: number): () => number {
  let state = (seed * 2_654_435_769) | 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
}

/** `rows` fingerprints of 32 bytes. */
export function makeData(name: DataName, rows: number, seed: number): Uint8Array {
  const next = randomWords(seed)
  switch (name) {
    case 'uniform':
      return bytesOf(Uint32Array.from({ length: rows * WORDS }, next))
    case 'skewed':
      return skewed(rows, next)
    case 'real':
      return crossed(rows, next)
  }
}

/** A copy with `count` bits flipped, two draws perhaps the same one. */
export function flipped(print: Uint8Array, count: number, next: () => number): Uint8Array {
  const copy = Uint8Array.from(print)
  for (let n = 0; n < count; n++) {
    const bit = next() >>> 24
    copy[bit >>> 3] = (copy[bit >>> 3] ?? 0) ^ (1 << (bit & 7))
  }
  return copy
}

function skewed(rows: number, next: () => number): Uint8Array {
  const centres = Array.from({ length: 100 }, () =>
    Uint8Array.from({ length: PRINT_BYTES }, () => (next() >>> 24) & (next() >>> 24)),
  )
  const data = bytesOf(Uint32Array.from({ length: rows * WORDS }, next))
  for (let row = 0; row < rows; row += 2) {
    const centre = centres[next() % centres.length]
    if (centre) data.set(flipped(centre, next() % 45, next), row * PRINT_BYTES)
  }
  return data
}

/** Rows of the 16 x 16 frequency square are two bytes each, so a quarter is a byte of eight neighbouring rows. */
function crossed(rows: number, next: () => number): Uint8Array {
  const prints = scenePrints(next)
  const data = new Uint8Array(rows * PRINT_BYTES)
  for (let row = 0; row < rows; row++) {
    const at = row * PRINT_BYTES
    for (let quarter = 0; quarter < 4; quarter++) {
      const print = prints[next() % prints.length]
      const first = (quarter >>> 1) * 16 + (quarter & 1)
      for (let byte = first; byte < first + 16; byte += 2) {
        // Bits that are set in all four bytes of a random word: one in sixteen.
        const word = next()
        const flips = word & (word >>> 8) & (word >>> 16) & (word >>> 24) & 255
        data[at + byte] = (print?.[byte] ?? 0) ^ flips
      }
    }
  }
  return data
}

function scenePrints(next: () => number): Uint8Array[] {
  const prints: Uint8Array[] = []
  for (let scene = 0; scene < 150; scene++) {
    const pixels = drawScene(next(), { width: 320, height: 240 })
    for (const { hash, usable } of Object.values(orientations(pixels))) if (usable) prints.push(hash)
  }
  return prints
}

function bytesOf(words: Uint32Array): Uint8Array {
  return new Uint8Array(words.buffer)
}

/** How many inputs each reader gets in the default suite; a slow run asks for 100,000. */
export const DEFAULT_MUTATIONS = 2_000

/** Pieces that line formats trip over. */
const PIECES = [
  '',
  '\n',
  '\n\n',
  '\r\n',
  ' ',
  '\t',
  '+',
  '-',
  '=',
  '==',
  '/',
  '0',
  '00',
  '1',
  '-1',
  '256',
  '281474976710657',
  'x001/',
  '.p/0',
  '— ',
  '\u2014',
  '\u00a0',
  '\u3000',
  '\ufeff',
  '\ud800',
  '\u0000',
  'é',
  '😀',
  'old ',
  'index ',
  'extra ',
  'quorum none\n',
  'group g 1 a\n',
  'A'.repeat(44),
  'AAAA',
  '{',
  '}',
  '[',
  '"',
  ':',
  ',',
  'null',
  '1.5',
  '"__proto__":1',
  '"v":1',
]

/** Numbers from 0 up to, not including, 1; the same ones for the same seed. */
export function pseudoRandom(seed: number): () => number {
  let state = seed % 2147483647 || 1
  return () => {
    state = (state * 48271) % 2147483647
    return state / 2147483647
  }
}

/** The text with one to four changes: cut, doubled, swapped, overwritten, with strange pieces put in. */
export function mutateText(text: string, random: () => number): string {
  let mutated = text
  for (let changes = 1 + Math.floor(random() * 4); changes > 0; changes--)
    mutated = mutateOnce(mutated, random)
  return mutated
}

/** The bytes with one to four changes: flipped, cut, doubled, overwritten. */
export function mutateBytes(bytes: Uint8Array, random: () => number): Uint8Array {
  let mutated = Array.from(bytes)
  for (let changes = 1 + Math.floor(random() * 4); changes > 0; changes--) {
    const at = Math.floor(random() * (mutated.length + 1))
    const count = Math.floor(random() * 8)
    const choice = Math.floor(random() * 4)
    if (choice === 0) mutated[at] = Math.floor(random() * 256)
    if (choice === 1) mutated.splice(at, count)
    if (choice === 2) mutated.splice(at, 0, ...mutated.slice(at, at + count))
    if (choice === 3) mutated = mutated.slice(0, at)
  }
  return Uint8Array.from(mutated, (byte) => byte ?? 0)
}

function mutateOnce(text: string, random: () => number): string {
  const at = Math.floor(random() * (text.length + 1))
  const end = Math.min(text.length, at + Math.floor(random() * 60))
  const piece = PIECES[Math.floor(random() * PIECES.length)] ?? ''
  switch (Math.floor(random() * 6)) {
    case 0:
      return text.slice(0, at) + text.slice(end)
    case 1:
      return text.slice(0, end) + text.slice(at)
    case 2:
      return text.slice(0, at) + piece + text.slice(at)
    case 3:
      return text.slice(0, at) + piece + text.slice(at + piece.length)
    case 4:
      return swapLines(text, random)
    default:
      return text.slice(0, at) + String.fromCharCode(Math.floor(random() * 256)) + text.slice(at + 1)
  }
}

function swapLines(text: string, random: () => number): string {
  const lines = text.split('\n')
  const [a, b] = [Math.floor(random() * lines.length), Math.floor(random() * lines.length)]
  return lines.map((line, i) => (i === a ? (lines[b] ?? '') : i === b ? (lines[a] ?? '') : line)).join('\n')
}

import { utf8ToText } from '../bytes/index.ts'
import { utf8 } from './format/bytes.ts'

/** Numbers from 0 to below `limit`, the same for the same seed. */
export type Random = (limit: number) => number

/** xorshift32: enough to choose where to cut and what to put there. */
export function pseudoRandom(seed: number): Random {
  let state = seed | 1
  return (limit) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % Math.max(1, limit)
  }
}

/** What breaks readers: numbers at every edge, names that lead out, deep nesting, other line ends, other signs. */
const TOKENS = [
  '9007199254740993',
  '-1',
  '1e309',
  'null',
  '{}',
  '[]',
  '"__proto__"',
  '../../x',
  '/etc/x',
  '\r\n',
  '\n\n',
  '\u0000',
  '\u202e',
  '"',
  '",',
  '=',
  '[['.repeat(2000),
  '{"a":'.repeat(2000),
  'A'.repeat(5000),
  '\u2014 x y\n',
  'quorum none\n',
  'group g 9999999999 a\n',
  'index 999999999999999\n',
]

/** A file changed in one of the ways in which files are damaged or forged. Never the same bytes. */
export function mutated(bytes: Uint8Array, random: Random): Uint8Array {
  const text = utf8ToText(bytes)
  const changed =
    text !== null && random(2) === 0 ? utf8(mutatedText(text, random)) : mutatedBytes(bytes, random)
  const isSame = changed.length === bytes.length && changed.every((byte, i) => byte === bytes[i])
  return isSame ? Uint8Array.from([...bytes, random(256)]) : changed
}

function mutatedBytes(bytes: Uint8Array, random: Random): Uint8Array {
  const at = random(bytes.length)
  switch (random(5)) {
    case 0: {
      const flipped = Uint8Array.from(bytes)
      flipped[at] = (flipped[at] ?? 0) ^ (1 << random(8))
      return flipped
    }
    case 1:
      return bytes.slice(0, at)
    case 2:
      return joined(bytes.slice(0, at), bytes.slice(at + 1 + random(40)))
    case 3:
      return joined(bytes.slice(0, at), bytes.slice(random(bytes.length)))
    default:
      return joined(
        bytes.slice(0, at),
        Uint8Array.from({ length: 1 + random(30) }, () => random(256)),
        bytes.slice(at),
      )
  }
}

function mutatedText(text: string, random: Random): string {
  const lines = text.split('\n')
  const at = random(lines.length)
  const line = lines[at] ?? ''
  switch (random(6)) {
    case 0:
      return lines.toSpliced(at, 1).join('\n')
    case 1:
      return lines.toSpliced(at, 0, line).join('\n')
    case 2:
      return lines.with(at, lines[random(lines.length)] ?? '').join('\n')
    case 3:
      // A value in place of another one, so that the form stays and the meaning changes.
      return text.replace(new RegExp(`(?<=[":,\\s])[A-Za-z0-9+/=-]{${1 + random(9)},}`), () => token(random))
    case 4: {
      const place = random(line.length + 1)
      return lines.with(at, line.slice(0, place) + token(random) + line.slice(place)).join('\n')
    }
    default:
      return lines.with(at, token(random)).join('\n')
  }
}

function token(random: Random): string {
  return TOKENS[random(TOKENS.length)] ?? ''
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

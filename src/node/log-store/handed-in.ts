import {
  base64ToBytes,
  bytesToHex,
  canonicalJson,
  hexToBytes,
  textToUtf8,
  utf8ToText,
} from '#lib/bytes/index.ts'
import { HASH_BYTES, type Opening, parseOpening, parseRecord } from '#lib/tlog/index.ts'
import { LogStoreError } from './errors.ts'
import { instantText } from './schedule.ts'

const MAX_INPUT_BYTES = 64 * 1024

/**
 * Reads a record, or an opening that brings its own salt, from JSON in any notation. A record may leave out `v`, `id`,
 * `log` and `at`; they are filled in. Throws `LOG_INPUT_INVALID` for what is no JSON object or names something twice, and
 * `TlogError` for what is no record of this log.
 */
export function parseHandedIn(
  bytes: Uint8Array,
  { origin, now, random }: { origin: string; now: Date; random: (bytes: number) => Uint8Array },
): Opening {
  const value = parseObject(bytes)
  if ('salt' in value) return parseOpening(canonicalBytes(value), { log: origin })
  const filled = { v: 1, id: bytesToHex(random(16)), log: origin, at: instantText(now), ...value }
  return { salt: random(32), record: parseRecord(canonicalBytes(filled), { log: origin }) }
}

/** A commitment in base64 or hexadecimal, or null. 64 hexadecimal digits could be read as base64 too. */
export function parseCommitment(text: string): Uint8Array | null {
  const bytes = text.length === 2 * HASH_BYTES ? hexToBytes(text.toLowerCase()) : base64ToBytes(text)
  return bytes?.length === HASH_BYTES ? bytes : null
}

function parseObject(bytes: Uint8Array): object {
  const text = bytes.length > MAX_INPUT_BYTES ? null : utf8ToText(bytes)
  if (text === null) throw invalid('it is larger than 64 KiB or not UTF-8')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw invalid('it is not JSON')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid('it is not a JSON object')
  // JSON.parse keeps the last of two members of one name: the other would be lost without a word.
  if (namesIn(text) !== countNames(value)) throw invalid('it names something twice')
  return value
}

function canonicalBytes(value: object): Uint8Array {
  const text = canonicalJson(value)
  const bytes = text === null ? null : textToUtf8(text)
  if (bytes === null) throw invalid('it holds a fraction, null, or text that is not Unicode')
  return bytes
}

/** Strings that a colon follows: all strings are matched, so one inside another is never taken for a name. */
function namesIn(text: string): number {
  return [...text.matchAll(/"(?:[^"\\]|\\.)*"[ \t\r\n]*(:?)/g)].filter(([, colon]) => colon === ':').length
}

function countNames(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  const own = Array.isArray(value) ? 0 : Object.keys(value).length
  return Object.values(value).reduce<number>((count, member) => count + countNames(member), own)
}

function invalid(what: string): LogStoreError {
  return new LogStoreError(
    'LOG_INPUT_INVALID',
    `This is no record that can be logged: ${what}. Nothing was written.`,
  )
}

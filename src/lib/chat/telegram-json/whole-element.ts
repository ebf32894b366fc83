import type { Tally } from '../tally.ts'
import type { ElementScan } from './element-scan.ts'
import { isJsonObject, type JsonObject } from './json.ts'
import { RAW_TYPES, type RawMessage, type RawType } from './raw-message.ts'
import { repairJson } from './repair.ts'
import { SLOT, SLOT_KEYS } from './slots.ts'

const SLOT_NAMES: ReadonlySet<string> = new Set(SLOT_KEYS)
const FATAL = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export interface WholeElement {
  bytes: Uint8Array
  /** Offset of the first byte in the file. */
  offset: number
  /** The id as it stands, when the scanner met one: digits past 2^53 would be lost by a number. */
  idToken: string | null
}

/** The element just scanned at `start`, in the form `fillFromWhole` takes. */
export function wholeElementOf(
  bytes: Uint8Array,
  start: number,
  offset: number,
  scan: ElementScan,
): WholeElement {
  const idEnd = scan.ends[SLOT.id] ?? 0
  const idStart = scan.starts[SLOT.id] ?? 0
  const isToken = idEnd > 0 && !scan.hasDuplicateKey && idEnd - idStart <= 64
  const idToken = isToken ? String.fromCharCode(...bytes.subarray(idStart, idEnd)) : null
  return { bytes: bytes.subarray(start, scan.next), offset, idToken }
}

/**
 * Reads one message the slow way: repairs its bytes, logs the repairs and fills `raw`. False when it is still no JSON
 * object with an `id` or a `type`; then nothing is logged.
 */
export function fillFromWhole(raw: RawMessage, element: WholeElement, file: string, tally: Tally): boolean {
  const { bytes, places } = repairJson(element.bytes)
  const value = parse(bytes)
  if (!isJsonObject(value) || !(Object.hasOwn(value, 'id') || Object.hasOwn(value, 'type'))) return false
  for (const { code, at, length, after } of places) {
    tally.repair(code, file, element.offset + at, element.bytes.subarray(at, at + length), after)
  }
  raw.start = element.offset
  raw.end = element.offset + element.bytes.length
  raw.isRepaired = places.length > 0
  fill(raw, value, element.idToken)
  return true
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(FATAL.decode(bytes))
  } catch {
    return undefined
  }
}

function fill(raw: RawMessage, value: JsonObject, idToken: string | null): void {
  raw.type = typeOf(value['type'])
  const id = value['id']
  raw.id = typeof id === 'number' && Number.isSafeInteger(id) && isPlainInteger(idToken) ? id : Number.NaN
  raw.idText = Number.isNaN(raw.id) ? idTextOf(id, idToken) : null
  raw.date = value['date']
  raw.unixSeconds = unixSecondsOf(value['date_unixtime'])
  raw.isUnixOdd = value['date_unixtime'] !== undefined && Number.isNaN(raw.unixSeconds)
  raw.from = value['from']
  raw.fromId = value['from_id']
  const replyTo = value['reply_to_message_id']
  raw.replyTo = typeof replyTo === 'number' && Number.isSafeInteger(replyTo) ? replyTo : Number.NaN
  raw.text = value['text']
  raw.entities = value['text_entities']
  const rare = Object.entries(value).filter(([key]) => !SLOT_NAMES.has(key))
  // `fromEntries` makes own properties even of `__proto__`: keys of the input stay plain data.
  raw.rare = rare.length > 0 ? Object.fromEntries(rare) : null
}

function typeOf(type: unknown): RawType {
  return RAW_TYPES.find((known) => known === type) ?? 'other'
}

function isPlainInteger(token: string | null): boolean {
  return token === null || /^-?\d+$/.test(token)
}

function idTextOf(id: unknown, token: string | null): string | null {
  if (typeof id === 'string') return id
  if (typeof id === 'number') return token ?? String(id)
  return null
}

/** Seconds since 1970 written as a decimal string or, in a file somebody rewrote, as a number; else NaN. */
export function unixSecondsOf(value: unknown): number {
  if (typeof value === 'number') return Number.isFinite(value) ? value : Number.NaN
  return typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : Number.NaN
}

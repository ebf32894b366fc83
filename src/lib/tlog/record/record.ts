import { type CanonicalValue, canonicalJson, utf8ToText } from '../../bytes/index.ts'
import { TlogError, type TlogErrorCode } from '../errors.ts'
import { isOrigin } from '../note/checkpoint.ts'
import { checkBody, type RecordType } from './body.ts'
import * as is from './forms.ts'
import { canonicalWithinLimits, MAX_RECORD_BYTES } from './limits.ts'

/** A custody event. It never leaves the organisation or the survivor unless she or a bundle discloses it. */
export interface CustodyRecord {
  readonly v: 1
  readonly type: string
  /** 32 lower-case hexadecimal digits, random. */
  readonly id: string
  /** The origin of the log: it keeps the record from being replayed into another. */
  readonly log: string
  /** `YYYY-MM-DDTHH:MM:SSZ`: when its author says it happened. */
  readonly at: string
  /** A role word, and the first 16 hexadecimal digits of SHA-256 of the actor's public key, or `system`. */
  readonly by: { readonly role: string; readonly key: string }
  /** The place in the chain of an exhibit or case; `prev` is the base64 commitment of record n - 1. */
  readonly chain?: { readonly id: string; readonly n: number; readonly prev?: string }
  readonly body: Readonly<Record<string, CanonicalValue>>
}

/**
 * The exact bytes (RFC 8785) of a record, to which its commitment is made. Throws `RECORD_MALFORMED` for values that
 * our canonical JSON leaves out (fractions, `null`, lone surrogates), `RECORD_LIMIT`, and `RECORD_FIELD` for a field
 * that is missing, unknown or not in its form. It does not look into the body: see `checkRecord`.
 */
export function canonicalRecord(record: CustodyRecord): Uint8Array {
  return checkedForm(record).bytes
}

/**
 * Throws what `canonicalRecord` throws, `RECORD_TYPE` for a type this version does not know, `RECORD_BODY` when the
 * body has not exactly the fields of its type, and, with `log`, `RECORD_LOG` for a record made for another log.
 */
export function checkRecord(record: CustodyRecord, options: { log?: string } = {}): void {
  checkedForm(record)
  checkBody(record.type, record.body)
  checkLog(record, options)
}

/**
 * Reads a record from its exact bytes. Throws what `checkRecord` throws, and `RECORD_MALFORMED` when the bytes are not
 * the canonical form of what they say: other order, spaces, a key twice, a number in another notation.
 */
export function parseRecord(
  bytes: Uint8Array,
  options: { log?: string } = {},
): CustodyRecord & { type: RecordType } {
  if (bytes.length > MAX_RECORD_BYTES) throw refuse('RECORD_LIMIT', 'it is too large')
  const { record } = checkedForm(readCanonical(bytes, 'RECORD_MALFORMED'))
  checkBody(record.type, record.body)
  checkLog(record, options)
  return { ...record, type: record.type }
}

/** The value of canonical bytes; throws the given code for anything else. */
export function readCanonical(bytes: Uint8Array, code: TlogErrorCode): unknown {
  const text = utf8ToText(bytes)
  const value = text === null ? undefined : parseJson(text)
  if (value === undefined || canonicalJson(value) !== text) throw refuse(code, 'it is not canonical JSON')
  return value
}

function checkLog(record: CustodyRecord, { log }: { log?: string }): void {
  if (log !== undefined && record.log !== log) {
    throw new TlogError('RECORD_LOG', `the record is for the log ${record.log}`)
  }
}

/** The record as a typed value, with its bytes. */
function checkedForm(value: unknown): { record: CustodyRecord; bytes: Uint8Array } {
  const bytes = canonicalWithinLimits(value)
  if (!isRecord(value)) throw refuse('RECORD_FIELD', 'a field is missing, unknown or not in its form')
  return { record: value, bytes }
}

function isRecord(value: unknown): value is CustodyRecord {
  if (!isObject(value) || !hasOnly(value, ['v', 'type', 'id', 'log', 'at', 'by', 'chain', 'body']))
    return false
  return (
    value['v'] === 1 &&
    typeof value['type'] === 'string' &&
    is.code(value['type']) &&
    is.id(value['id'] ?? '') &&
    typeof value['log'] === 'string' &&
    isOrigin(value['log']) &&
    is.instant(value['at'] ?? '') &&
    isActor(value['by']) &&
    (value['chain'] === undefined || isChain(value['chain'])) &&
    isObject(value['body'])
  )
}

function isActor(value: unknown): boolean {
  if (!isObject(value) || !hasOnly(value, ['role', 'key'])) return false
  return is.code(value['role'] ?? '') && (value['key'] === 'system' || is.keyHex(value['key'] ?? ''))
}

function isChain(value: unknown): boolean {
  if (!isObject(value) || !hasOnly(value, ['id', 'n', 'prev'])) return false
  const isFirst = value['n'] === 0
  return (
    is.id(value['id'] ?? '') &&
    is.count(value['n'] ?? '') &&
    (isFirst ? value['prev'] === undefined : is.hashBase64(value['prev'] ?? ''))
  )
}

/** Called on values that have a canonical form, so what is an object and no array has canonical members. */
function isObject(value: unknown): value is Record<string, CanonicalValue> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function hasOnly(value: Record<string, CanonicalValue>, fields: readonly string[]): boolean {
  return Object.keys(value).every((field) => fields.includes(field))
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function refuse(code: TlogErrorCode, what: string): TlogError {
  return new TlogError(code, `the record is refused: ${what}`)
}

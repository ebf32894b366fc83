import { canonicalJson, textToUtf8 } from '../../bytes/index.ts'
import { TlogError } from '../errors.ts'

export const MAX_RECORD_BYTES = 8 * 1024
export const MAX_STRING_BYTES = 2 * 1024
export const MAX_ARRAY_LENGTH = 256

/**
 * The canonical bytes of a value within the limits of a record. Throws `RECORD_MALFORMED` for values that our canonical
 * JSON leaves out, `RECORD_LIMIT` for a string, array or whole that is too large.
 */
export function canonicalWithinLimits(value: unknown): Uint8Array {
  const text = canonicalJson(value)
  const bytes = text === null ? null : textToUtf8(text)
  if (bytes === null) throw new TlogError('RECORD_MALFORMED', 'it holds values that a record cannot hold')
  if (bytes.length > MAX_RECORD_BYTES || !isWithinLimits(value)) {
    throw new TlogError('RECORD_LIMIT', 'the record, a string or an array in it is too large')
  }
  return bytes
}

/** Called on values that have a canonical form: nothing in them is `null`. */
function isWithinLimits(value: unknown): boolean {
  if (typeof value === 'string') return new TextEncoder().encode(value).length <= MAX_STRING_BYTES
  if (Array.isArray(value)) return value.length <= MAX_ARRAY_LENGTH && value.every(isWithinLimits)
  if (typeof value !== 'object' || value === null) return true
  return Object.entries(value).every((pair) => pair.every(isWithinLimits))
}

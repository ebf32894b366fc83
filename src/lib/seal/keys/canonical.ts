import {
  type CanonicalValue,
  canonicalJson,
  parseCanonicalJson,
  textToUtf8,
  utf8ToText,
} from '../../bytes/index.ts'
import { SealError } from '../errors.ts'

/**
 * The canonical bytes (RFC 8785) of a value of strings, booleans, whole numbers, arrays and plain objects. Refuses
 * (`SEAL_NOT_CANONICAL`) anything else, and text that is not in Unicode normalisation form C: see `toNfc`.
 */
export function canonicalBytes(value: unknown): Uint8Array {
  const text = canonicalJson(value)
  const bytes = text === null || text !== text.normalize('NFC') ? null : textToUtf8(text)
  if (bytes === null)
    throw new SealError('SEAL_NOT_CANONICAL', 'The record holds something that has no canonical form.')
  return bytes
}

/**
 * The value that canonical bytes stand for. Refuses (`SEAL_NOT_CANONICAL`) every text that `canonicalBytes` would not write
 * for it: space, another order, a key twice, `null`, fractions. The form of its text is not judged, so that what another
 * version of Unicode normalised stays readable.
 */
export function parseCanonicalBytes(bytes: Uint8Array): CanonicalValue {
  const text = utf8ToText(bytes)
  const value = text === null ? null : parseCanonicalJson(text)
  if (value === null) throw new SealError('SEAL_NOT_CANONICAL', 'The record is not canonical JSON.')
  return value
}

/**
 * The same value with every string and key in Unicode normalisation form C, which not all keyboards and file systems give.
 * Refuses (`SEAL_NOT_CANONICAL`) an object in which two keys become one.
 */
export function toNfc(value: CanonicalValue): CanonicalValue {
  if (typeof value === 'string') return value.normalize('NFC')
  if (typeof value !== 'object') return value
  if (isList(value)) return value.map(toNfc)
  const members = Object.entries(value).map(([key, member]): [string, CanonicalValue] => [
    key.normalize('NFC'),
    toNfc(member),
  ])
  if (new Set(members.map(([key]) => key)).size < members.length)
    throw new SealError('SEAL_NOT_CANONICAL', 'Two keys of the record differ only in how they are written.')
  return Object.fromEntries(members)
}

function isList(value: CanonicalValue): value is readonly CanonicalValue[] {
  return Array.isArray(value)
}

import { bytesToHex, canonicalJson, equalBytes, hexToBytes, textToUtf8 } from '../../bytes/index.ts'
import { TlogError } from '../errors.ts'
import { leafHash } from '../tree/hashing.ts'
import type { RecordType } from './body.ts'
import { commit, formatLeaf, SALT_BYTES } from './leaf.ts'
import { type CustodyRecord, canonicalRecord, checkRecord, parseRecord, readCanonical } from './record.ts'

export const MAX_OPENING_BYTES = 16 * 1024

/** A record with the salt of its commitment: what opens a leaf. Whoever holds it can show what was logged. */
export interface Opening {
  readonly salt: Uint8Array
  readonly record: CustodyRecord
}

/** `{"record":{...},"salt":"<64 hex>","v":1}` in canonical form. Throws what `checkRecord` throws, and `SALT_LENGTH`. */
export function formatOpening({ salt, record }: Opening): Uint8Array {
  if (salt.length !== SALT_BYTES)
    throw new TlogError('SALT_LENGTH', `a salt has ${salt.length} bytes, not 32`)
  checkRecord(record)
  const text = canonicalJson({ v: 1, salt: bytesToHex(salt), record })
  const bytes = text === null ? null : textToUtf8(text)
  if (bytes === null) throw new TlogError('OPENING_MALFORMED', 'the opening has no canonical form')
  return bytes
}

/** Reads an opening from its exact bytes. Throws `OPENING_MALFORMED`, `SALT_LENGTH`, and what `parseRecord` throws. */
export function parseOpening(
  bytes: Uint8Array,
  options: { log?: string } = {},
): Opening & { record: { type: RecordType } } {
  if (bytes.length > MAX_OPENING_BYTES) throw malformed('it is too large')
  const value = readCanonical(bytes, 'OPENING_MALFORMED')
  if (typeof value !== 'object' || value === null || Object.keys(value).sort().join() !== 'record,salt,v') {
    throw malformed('a field is missing or unknown')
  }
  if (!('v' in value && 'salt' in value && 'record' in value) || value.v !== 1)
    throw malformed('its version is not 1')
  const salt =
    typeof value.salt === 'string' && /^[0-9a-f]*$/.test(value.salt) ? hexToBytes(value.salt) : null
  if (salt === null) throw malformed('its salt is not lower-case hexadecimal')
  if (salt.length !== SALT_BYTES)
    throw new TlogError('SALT_LENGTH', `a salt has ${salt.length} bytes, not 32`)
  const recordBytes = textToUtf8(canonicalJson(value.record) ?? '')
  return { salt, record: parseRecord(recordBytes ?? new Uint8Array(0), options) }
}

/** The commitment that the opening opens. Throws `SALT_LENGTH` and what `canonicalRecord` throws. */
export function commitmentOf({ salt, record }: Opening): Uint8Array {
  return commit(salt, canonicalRecord(record))
}

/** Returns when the opening opens the leaf of this hash, and throws `OPENING_MISMATCH` when it does not. */
export function verifyOpening(opening: Opening, expectedLeafHash: Uint8Array): void {
  if (!equalBytes(leafHash(formatLeaf(commitmentOf(opening))), expectedLeafHash)) {
    throw new TlogError('OPENING_MISMATCH', 'the record and salt do not give this leaf')
  }
}

function malformed(what: string): TlogError {
  return new TlogError('OPENING_MALFORMED', `not an opening: ${what}`)
}

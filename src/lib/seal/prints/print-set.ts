import { bytesToHex } from '../../bytes/index.ts'
import { openBytes } from '../envelope/open.ts'
import { sealBytes } from '../envelope/seal.ts'
import { sealedLength } from '../envelope/sizes.ts'
import type { AgeIdentity } from '../keys/identity.ts'
import { checkHybridRecipient } from '../keys/recipient.ts'
import { ID_BYTES, invalidSet as invalid, isZero, PLACE_BYTES, PRINT_BYTES, WHOLE, WINDOW } from './layout.ts'

/** One print of a set. */
export interface SealedPrint {
  /** 16 random bytes, made by whoever made the set; all the matcher's host ever tells of a row. */
  readonly id: Uint8Array
  /** 32 bytes. */
  readonly print: Uint8Array
  /** Place, turn and quality of a window: the last 8 bytes of its row of 40. Null for a print of the whole picture. */
  readonly place: Uint8Array | null
}

const VERSION = 1
const HEADER_BYTES = 64
const ROW_BYTES = 64
const KIND_AT = ID_BYTES + PRINT_BYTES + PLACE_BYTES

/** Prints a set can hold; a picture with every tilt has fewer. */
export const MAX_PRINTS = 1_023
const PLAIN_BYTES = HEADER_BYTES + MAX_PRINTS * ROW_BYTES

/** Length of every sealed set, whatever is in it: 67,195 bytes. */
export const PRINT_SET_BYTES = sealedLength(PLAIN_BYTES)

/**
 * Seals the prints of one picture to the recipient of the bank: always `PRINT_SET_BYTES`. Plain form, before sealing, 65,536
 * bytes: version 1 | count, 2 bytes, most significant first | zeros up to 64; then for each print 64 bytes: id 16 | print 32 |
 * place 8 (zeros for a whole picture) | 1 whole or 2 window | 7 zeros; then zeros. Errors: `PRINT_SET_INVALID`, `SEAL_RECIPIENT`.
 */
export async function sealPrintSet(prints: readonly SealedPrint[], recipient: string): Promise<Uint8Array> {
  checkHybridRecipient(recipient)
  return sealBytes(encodePrintSet(prints), [recipient])
}

/**
 * Opens a set of prints. Errors: those of `openBytes`; `PRINT_SET_INVALID` for anything that `sealPrintSet` does not make.
 */
export async function openPrintSet(sealed: Uint8Array, identity: AgeIdentity): Promise<SealedPrint[]> {
  if (sealed.length !== PRINT_SET_BYTES) throw invalid('its length is not that of a set')
  return decodePrintSet(await openBytes(sealed, identity))
}

function encodePrintSet(prints: readonly SealedPrint[]): Uint8Array {
  if (prints.length > MAX_PRINTS) throw invalid(`a set holds at most ${MAX_PRINTS} prints`)
  const plain = new Uint8Array(PLAIN_BYTES)
  plain[0] = VERSION
  new DataView(plain.buffer).setUint16(1, prints.length)
  for (const [index, { id, print, place }] of prints.entries()) {
    if (id.length !== ID_BYTES || print.length !== PRINT_BYTES) throw invalid('a print is not in its form')
    if (place !== null && place.length !== PLACE_BYTES) throw invalid('a place is not in its form')
    const at = HEADER_BYTES + index * ROW_BYTES
    plain.set(id, at)
    plain.set(print, at + ID_BYTES)
    plain.set(place ?? new Uint8Array(PLACE_BYTES), at + ID_BYTES + PRINT_BYTES)
    plain[at + KIND_AT] = place === null ? WHOLE : WINDOW
  }
  decodePrintSet(plain)
  return plain
}

function decodePrintSet(plain: Uint8Array): SealedPrint[] {
  if (plain.length !== PLAIN_BYTES) throw invalid('its length is not that of a set')
  if (plain[0] !== VERSION) throw invalid('it is of another version')
  const count = new DataView(plain.buffer, plain.byteOffset).getUint16(1)
  if (count > MAX_PRINTS) throw invalid('it says it holds more than a set can')
  if (!isZero(plain.subarray(3, HEADER_BYTES)) || !isZero(plain.subarray(HEADER_BYTES + count * ROW_BYTES))) {
    throw invalid('there is something where nothing belongs')
  }
  const seen = new Set<string>()
  return Array.from({ length: count }, (_, index) => {
    const row = plain.slice(HEADER_BYTES + index * ROW_BYTES, HEADER_BYTES + (index + 1) * ROW_BYTES)
    const decoded = decodeRow(row)
    const id = bytesToHex(decoded.id)
    if (seen.has(id)) throw invalid('two of its prints have one id')
    seen.add(id)
    return decoded
  })
}

function decodeRow(row: Uint8Array): SealedPrint {
  const place = row.subarray(ID_BYTES + PRINT_BYTES, KIND_AT)
  const kind = row[KIND_AT]
  if ((kind !== WHOLE && kind !== WINDOW) || !isZero(row.subarray(KIND_AT + 1))) {
    throw invalid('a print is not in its form')
  }
  if (kind === WHOLE && !isZero(place)) throw invalid('a whole picture has a place')
  const print = row.subarray(ID_BYTES, ID_BYTES + PRINT_BYTES)
  return { id: row.subarray(0, ID_BYTES), print, place: kind === WHOLE ? null : place }
}

import { openBytes } from '../envelope/open.ts'
import { sealBytes } from '../envelope/seal.ts'
import { sealedLength } from '../envelope/sizes.ts'
import type { AgeIdentity } from '../keys/identity.ts'
import { checkHybridRecipient } from '../keys/recipient.ts'
import {
  invalidSet,
  isZero,
  PLACE_BYTES,
  PRINT_BYTES,
  type PrintScope,
  readScope,
  WHOLE,
  WINDOW,
  writeScope,
} from './layout.ts'

/** The ways a picture can lie. */
const TURNS = 8

/** One part of a picture that somebody saw, or the whole of it. */
export interface SightingPrint {
  /** 8 x 32 bytes: the part turned and mirrored, in the order of `ORIENTATIONS`. */
  readonly prints: Uint8Array
  /** Place and quality of a window: the last 8 bytes of a row of 40. Null for the whole picture. */
  readonly place: Uint8Array | null
}

/** A picture that somebody saw, as it is asked about: never the picture, never its digest. */
export interface Sighting {
  readonly scope: PrintScope
  /** 32 random bytes; whoever's picture it is gets them and opens the sealed context with them, nobody else. */
  readonly contextKey: Uint8Array
  readonly prints: readonly SightingPrint[]
}

const VERSION = 1
const HEADER_BYTES = 64
const SCOPE_AT = 4
const KEY_AT = 16
const KEY_BYTES = 32
const ROW_BYTES = 272
const PLACE_AT = TURNS * PRINT_BYTES
const KIND_AT = PLACE_AT + PLACE_BYTES
const PLAIN_BYTES = 262_144

/** Parts a sighting can hold: a thorough look has about 900. */
export const MAX_SIGHTING_PRINTS = Math.floor((PLAIN_BYTES - HEADER_BYTES) / ROW_BYTES)

/** Length of every sealed sighting, whatever is in it: 263,851 bytes. */
export const SIGHTING_BYTES = sealedLength(PLAIN_BYTES)

/**
 * Seals a sighting to the recipient of the bank: always `SIGHTING_BYTES`. Plain form, 262,144 bytes: version 1 | count, 2 bytes |
 * 0 | width, height, shorter side, 4 bytes each | key of the context, 32 | zeros up to 64; then for each part 272 bytes: 8 prints
 * of 32 | place 8 | 1 whole or 2 window | 7 zeros; then zeros. Errors: `PRINT_SET_INVALID`, `SEAL_RECIPIENT`.
 */
export async function sealSighting(sighting: Sighting, recipient: string): Promise<Uint8Array> {
  checkHybridRecipient(recipient)
  return sealBytes(encode(sighting), [recipient])
}

/** Opens a sighting. Errors: those of `openBytes`; `PRINT_SET_INVALID` for anything that `sealSighting` does not make. */
export async function openSighting(sealed: Uint8Array, identity: AgeIdentity): Promise<Sighting> {
  if (sealed.length !== SIGHTING_BYTES) throw invalidSet('its length is not that of a sighting')
  return decode(await openBytes(sealed, identity))
}

function encode({ scope, contextKey, prints }: Sighting): Uint8Array {
  if (prints.length > MAX_SIGHTING_PRINTS) {
    throw invalidSet(`a sighting holds at most ${MAX_SIGHTING_PRINTS} parts`)
  }
  if (contextKey.length !== KEY_BYTES) throw invalidSet('the key of its context is not one')
  const plain = new Uint8Array(PLAIN_BYTES)
  const view = new DataView(plain.buffer)
  plain[0] = VERSION
  view.setUint16(1, prints.length)
  writeScope(view, SCOPE_AT, scope)
  plain.set(contextKey, KEY_AT)
  for (const [index, { prints: turned, place }] of prints.entries()) {
    if (turned.length !== TURNS * PRINT_BYTES) throw invalidSet('a part does not have eight prints')
    if (place !== null && place.length !== PLACE_BYTES) throw invalidSet('a place is not in its form')
    const at = HEADER_BYTES + index * ROW_BYTES
    plain.set(turned, at)
    plain.set(place ?? new Uint8Array(PLACE_BYTES), at + PLACE_AT)
    plain[at + KIND_AT] = place === null ? WHOLE : WINDOW
  }
  return plain
}

function decode(plain: Uint8Array): Sighting {
  if (plain.length !== PLAIN_BYTES || plain[0] !== VERSION) throw invalidSet('it is of another version')
  const view = new DataView(plain.buffer, plain.byteOffset, plain.byteLength)
  const count = view.getUint16(1)
  if (count > MAX_SIGHTING_PRINTS) throw invalidSet('it says it holds more than a sighting can')
  const end = HEADER_BYTES + count * ROW_BYTES
  if (
    plain[3] !== 0 ||
    !isZero(plain.subarray(KEY_AT + KEY_BYTES, HEADER_BYTES)) ||
    !isZero(plain.subarray(end))
  ) {
    throw invalidSet('there is something where nothing belongs')
  }
  const prints = Array.from({ length: count }, (_, index) => {
    const at = HEADER_BYTES + index * ROW_BYTES
    return decodeRow(plain.slice(at, at + ROW_BYTES))
  })
  return { scope: readScope(view, SCOPE_AT), contextKey: plain.slice(KEY_AT, KEY_AT + KEY_BYTES), prints }
}

function decodeRow(row: Uint8Array): SightingPrint {
  const place = row.subarray(PLACE_AT, KIND_AT)
  const kind = row[KIND_AT]
  const isWhole = kind === WHOLE
  if ((!isWhole && kind !== WINDOW) || !isZero(row.subarray(KIND_AT + 1)) || (isWhole && !isZero(place))) {
    throw invalidSet('a part is not in its form')
  }
  return { prints: row.subarray(0, PLACE_AT), place: isWhole ? null : place }
}

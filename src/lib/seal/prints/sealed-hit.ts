import { xchacha20poly1305 } from '@noble/ciphers/chacha.js'
import { concatBytes } from '../../bytes/index.ts'
import { SealError } from '../errors.ts'
import { deriveKey, labelledHash } from '../keys/derive.ts'
import type { AgeIdentity } from '../keys/identity.ts'
import { HASH_LABELS, KEY_LABELS } from '../keys/labels.ts'
import type { RandomBytes } from '../keys/random.ts'
import {
  ID_BYTES,
  isZero,
  PLACE_BYTES,
  type PrintScope,
  readScope,
  WHOLE,
  WINDOW,
  writeScope,
} from './layout.ts'

/** A registered row was found in a picture that somebody saw. */
export interface SealedHit {
  /** 16 bytes. */
  readonly sightingId: Uint8Array
  /** 32 bytes: opens the context of the sighting. */
  readonly contextKey: Uint8Array
  /** Hamming distance, 0..31. */
  readonly distance: number
  /** Index into `ORIENTATIONS`: how the picture that was seen lies. */
  readonly orientation: number
  readonly scope: PrintScope
  /** Where in the picture that was seen; null for the whole of it. */
  readonly place: Uint8Array | null
}

const KEY_BYTES = 32
const NONCE_BYTES = 24
const MAC_BYTES = 16
const PLAIN_BYTES = 80
const TAG_BYTES = 16

/** Length of every sealed hit, and of what fills up a list of them. */
export const HIT_BYTES = TAG_BYTES + NONCE_BYTES + PLAIN_BYTES + MAC_BYTES

/** In which list a hit stands, and which of the hits of its row it is there: none may look like another. */
export interface HitPlace {
  /** Quarters of an hour since 1970. */
  readonly quarter: number
  /** From 0. */
  readonly nth: number
}

/**
 * How the nth hit of a row is called in a list: 16 bytes, which whoever knows the id of the row can compute and nobody else
 * tell from random ones.
 */
export function hitTag(rowId: Uint8Array, { quarter, nth }: HitPlace): Uint8Array {
  const bytes = new Uint8Array(12)
  const view = new DataView(bytes.buffer)
  view.setBigUint64(0, BigInt(quarter))
  view.setUint32(8, nth)
  return labelledHash(HASH_LABELS.hitTag, rowId, bytes).subarray(0, TAG_BYTES)
}

/**
 * Seals a hit for whoever knows the id of the row, for its place in a list: tag 16 | nonce 24 | XChaCha20-Poly1305 of
 * 80 bytes under a key derived from the id, the tag as additional data. Errors: `HIT_INVALID`.
 */
export function sealHit(rowId: Uint8Array, place: HitPlace, hit: SealedHit, random: RandomBytes): Uint8Array {
  const tag = hitTag(rowId, place)
  const nonce = random(NONCE_BYTES)
  return concatBytes(tag, nonce, xchacha20poly1305(keyOf(rowId), nonce, tag).encrypt(encode(hit)))
}

/** What looks like a hit and is none. */
export function decoyHit(random: RandomBytes): Uint8Array {
  return random(HIT_BYTES)
}

/** Opens a hit of this row. Errors: `HIT_INVALID`. */
export function openHit(rowId: Uint8Array, sealed: Uint8Array): SealedHit {
  if (sealed.length !== HIT_BYTES) throw invalid()
  const tag = sealed.subarray(0, TAG_BYTES)
  const nonce = sealed.subarray(TAG_BYTES, TAG_BYTES + NONCE_BYTES)
  try {
    return decode(
      xchacha20poly1305(keyOf(rowId), nonce, tag).decrypt(sealed.subarray(TAG_BYTES + NONCE_BYTES)),
    )
  } catch (cause) {
    throw invalid(cause)
  }
}

/**
 * Seals a hit and the id of its row for the bank itself, until the hit is put into a list: nonce 24 | XChaCha20-Poly1305 of
 * 96 bytes; `HIT_BYTES` too. Errors: `HIT_INVALID`.
 */
export function sealWaitingHit(
  bank: AgeIdentity,
  rowId: Uint8Array,
  hit: SealedHit,
  random: RandomBytes,
): Uint8Array {
  if (rowId.length !== ID_BYTES) throw invalid()
  const nonce = random(NONCE_BYTES)
  const plain = concatBytes(rowId, encode(hit))
  return concatBytes(nonce, xchacha20poly1305(waitingKeyOf(bank), nonce).encrypt(plain))
}

/** Opens a hit that waits. Errors: `HIT_INVALID`. */
export function openWaitingHit(
  bank: AgeIdentity,
  sealed: Uint8Array,
): { readonly rowId: Uint8Array; readonly hit: SealedHit } {
  if (sealed.length !== HIT_BYTES) throw invalid()
  const nonce = sealed.subarray(0, NONCE_BYTES)
  try {
    const plain = xchacha20poly1305(waitingKeyOf(bank), nonce).decrypt(sealed.subarray(NONCE_BYTES))
    return { rowId: plain.slice(0, ID_BYTES), hit: decode(plain.slice(ID_BYTES)) }
  } catch (cause) {
    throw invalid(cause)
  }
}

function waitingKeyOf(bank: AgeIdentity): Uint8Array {
  return deriveKey(new TextEncoder().encode(bank.secret), KEY_LABELS.hitsWaiting, KEY_BYTES)
}

function keyOf(rowId: Uint8Array): Uint8Array {
  if (rowId.length !== ID_BYTES) throw invalid()
  return deriveKey(rowId, KEY_LABELS.hitKey, KEY_BYTES)
}

const KEY_AT = ID_BYTES
const NUMBERS_AT = KEY_AT + KEY_BYTES
const SCOPE_AT = NUMBERS_AT + 4
const PLACE_AT = SCOPE_AT + 12

function encode({ sightingId, contextKey, distance, orientation, scope, place }: SealedHit): Uint8Array {
  const fits = sightingId.length === ID_BYTES && contextKey.length === KEY_BYTES
  if (!fits || (place !== null && place.length !== PLACE_BYTES)) throw invalid()
  const plain = new Uint8Array(PLAIN_BYTES)
  plain.set(sightingId)
  plain.set(contextKey, KEY_AT)
  plain.set([distance, orientation, place === null ? WHOLE : WINDOW], NUMBERS_AT)
  writeScope(new DataView(plain.buffer), SCOPE_AT, scope)
  if (place !== null) plain.set(place, PLACE_AT)
  decode(plain)
  return plain
}

function decode(plain: Uint8Array): SealedHit {
  const [distance = 0, orientation = 0, kind, zero] = plain.subarray(NUMBERS_AT)
  const place = plain.slice(PLACE_AT, PLACE_AT + PLACE_BYTES)
  const isWhole = kind === WHOLE
  const isInForm =
    plain.length === PLAIN_BYTES &&
    distance <= 31 &&
    orientation <= 7 &&
    (isWhole ? isZero(place) : kind === WINDOW) &&
    zero === 0 &&
    isZero(plain.subarray(PLACE_AT + PLACE_BYTES))
  if (!isInForm) throw invalid()
  return {
    sightingId: plain.slice(0, ID_BYTES),
    contextKey: plain.slice(KEY_AT, NUMBERS_AT),
    distance,
    orientation,
    scope: readScope(new DataView(plain.buffer, plain.byteOffset), SCOPE_AT),
    place: isWhole ? null : place,
  }
}

function invalid(cause?: unknown): SealError {
  return new SealError(
    'HIT_INVALID',
    'This hit is not for this row, or it was altered.',
    cause === undefined ? undefined : { cause },
  )
}

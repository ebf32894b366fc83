import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { base64ToBytes, bytesToBase64, textToUtf8, utf8ToText } from '../../bytes/index.ts'
import { TlogError } from '../errors.ts'
import { assertHash, HASH_BYTES } from '../tree/hashing.ts'

export const SALT_BYTES = 32
/** Every leaf of our log has this length, whatever it stands for. */
export const LEAF_BYTES = 59

/**
 * The commitment to a canonical record: HMAC-SHA256 with the record's own random salt as key. Without the salt it tells
 * nothing about the record. Throws `SALT_LENGTH` unless the salt is exactly 32 bytes: HMAC fills shorter keys with
 * zeros, so salts of different lengths could give one commitment.
 */
export function commit(salt: Uint8Array, canonicalRecord: Uint8Array): Uint8Array {
  if (salt.length !== SALT_BYTES)
    throw new TlogError('SALT_LENGTH', `a salt has ${salt.length} bytes, not 32`)
  return hmac(sha256, salt, canonicalRecord)
}

/** The leaf of the log for a commitment: `saksi-leaf/v1 <base64>` and a line feed, 59 bytes. Throws `HASH_LENGTH`. */
export function formatLeaf(commitment: Uint8Array): Uint8Array {
  return format(LOG_LEAF, commitment)
}

/** The commitment in a leaf of the log. Throws `LEAF_MALFORMED`. */
export function parseLeaf(leaf: Uint8Array): Uint8Array {
  return parse(LOG_LEAF, leaf)
}

/**
 * The leaf for one item in the tree of a sealed collection: `saksi-item/v1 <base64>` and a line feed, 59 bytes. The
 * other prefix keeps an item from passing for a record of the log. Throws `HASH_LENGTH`.
 */
export function formatItemLeaf(commitment: Uint8Array): Uint8Array {
  return format(ITEM_LEAF, commitment)
}

/** The commitment in an item's leaf. Throws `LEAF_MALFORMED`. */
export function parseItemLeaf(leaf: Uint8Array): Uint8Array {
  return parse(ITEM_LEAF, leaf)
}

const LOG_LEAF = 'saksi-leaf/v1 '
const ITEM_LEAF = 'saksi-item/v1 '

function format(prefix: string, commitment: Uint8Array): Uint8Array {
  assertHash(commitment)
  return textToUtf8(`${prefix}${bytesToBase64(commitment)}\n`) ?? new Uint8Array(0)
}

function parse(prefix: string, leaf: Uint8Array): Uint8Array {
  const text = leaf.length === LEAF_BYTES ? utf8ToText(leaf) : null
  const commitment =
    text?.startsWith(prefix) && text.endsWith('\n') ? base64ToBytes(text.slice(prefix.length, -1)) : null
  if (commitment?.length !== HASH_BYTES) throw new TlogError('LEAF_MALFORMED', 'not a leaf of this kind')
  return commitment
}

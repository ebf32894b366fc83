import { sha256 } from '@noble/hashes/sha2.js'
import { base64ToBytes, bytesToBase64, bytesToHex, concatBytes, textToUtf8 } from '../../bytes/index.ts'
import { TlogError } from '../errors.ts'
import { isEd25519Key } from './ed25519.ts'

/** Signature types of C2SP signed-note and tlog-cosignature. Keys of other types can be named but verify nothing. */
export const KEY_TYPE = { ed25519: 0x01, cosignature: 0x04, mlDsaCosignature: 0x06 } as const

const ML_DSA_44_KEY_BYTES = 1312

/** A verifier key. */
export interface Vkey {
  readonly name: string
  /** Eight lower-case hexadecimal digits. */
  readonly id: string
  /** The type byte, see `KEY_TYPE`. */
  readonly type: number
  readonly publicKey: Uint8Array
}

/** True for a name that a key may have: not empty, UTF-8, without a plus sign, space or control character. */
export function isKeyName(name: string): boolean {
  return textToUtf8(name) !== null && /^[^+\p{White_Space}\p{Cc}]+$/u.test(name)
}

/** The key ID: the first four bytes of SHA-256 of name, line feed, type and public key, in hexadecimal. */
export function keyId(name: string, type: number, publicKey: Uint8Array): string {
  const nameBytes = textToUtf8(name)
  if (nameBytes === null) throw malformed('name')
  return bytesToHex(sha256(concatBytes(nameBytes, new Uint8Array([0x0a, type]), publicKey)).subarray(0, 4))
}

/**
 * The verifier key of a public key. Throws `VKEY_MALFORMED` for a name that no key may have, a type that is not a byte,
 * and a public key that is none of its type.
 */
export function makeVkey(name: string, type: number, publicKey: Uint8Array): Vkey {
  if (!isKeyName(name)) throw malformed('name')
  if (!Number.isInteger(type) || type < 0 || type > 255) throw malformed('type')
  if (!isKeyOfType(type, publicKey)) throw malformed('public key')
  return { name, id: keyId(name, type, publicKey), type, publicKey: publicKey.slice() }
}

/** `<name>+<key ID>+<base64 of type and public key>` (C2SP signed-note). */
export function formatVkey({ name, id, type, publicKey }: Vkey): string {
  return `${name}+${id}+${bytesToBase64(concatBytes(new Uint8Array([type]), publicKey))}`
}

/**
 * Reads a verifier key; the key ID is computed again and compared. Throws `VKEY_MALFORMED` for anything that
 * `formatVkey` would not write, and for a public key that is not in the prime-order group.
 */
export function parseVkey(text: string): Vkey {
  // Base64 may hold plus signs, so only the first two separate.
  const match = /^([^+]*)\+([^+]*)\+(.*)$/s.exec(text)
  const [, name = '', id = '', data = ''] = match ?? []
  const bytes = base64ToBytes(data)
  const [type] = bytes ?? []
  if (match === null || bytes === null || type === undefined) throw malformed('form')
  // Cheap checks first: whether a public key is one takes a thousand times as long.
  if (!isKeyName(name) || keyId(name, type, bytes.subarray(1)) !== id) throw malformed('name or key ID')
  return makeVkey(name, type, bytes.subarray(1))
}

function isKeyOfType(type: number, publicKey: Uint8Array): boolean {
  if (type === KEY_TYPE.ed25519 || type === KEY_TYPE.cosignature) return isEd25519Key(publicKey)
  if (type === KEY_TYPE.mlDsaCosignature) return publicKey.length === ML_DSA_44_KEY_BYTES
  return publicKey.length > 0
}

function malformed(what: string): TlogError {
  return new TlogError('VKEY_MALFORMED', `not a verifier key: its ${what} is wrong`)
}

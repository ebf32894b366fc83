import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes, hexToBytes } from '../../bytes/index.ts'
import { SealError } from '../errors.ts'
import { bytesToBase64url } from '../keys/base64url.ts'
import { checkLength } from '../keys/checks.ts'
import { HASH_LABELS, SIGNATURE_LABELS } from '../keys/labels.ts'
import { type SigningKey, signRecord, verifyRecord } from '../keys/signing.ts'
import { CURRENT_KDF, type PassphraseKdf, SALT_BYTES } from './kdf.ts'
import type { StaffMethod } from './method.ts'

/** What a browser needs to know before it can sign in with a passphrase. */
export interface LoginParameters {
  readonly staff: string
  readonly methodId: string
  readonly keyVersion: number
  readonly kdf: PassphraseKdf
  readonly salt: string
}

/** What is signed to sign in: for one person, one use, one site. */
export interface Login {
  readonly staff: string
  /** From the server, for one use, as it gave it. */
  readonly nonce: string
  /** The origin that the browser shows, such as `https://console.example.org`. */
  readonly origin: string
}

/**
 * The parameters of a handle's passphrase. A handle that nobody has gets some too: the same every time, from a key of the
 * server (32 bytes), and nothing tells them from real ones. `method` is the passphrase row of that handle or null.
 */
export function loginParameters(
  handle: string,
  method: StaffMethod | null,
  serverKey: Uint8Array,
): LoginParameters {
  checkLength(serverKey, 32, 'The key of the server')
  const name = new TextEncoder().encode(handle.normalize('NFKC').toLowerCase())
  const decoy = (what: string) =>
    bytesToBase64url(
      hmac(
        sha256,
        serverKey,
        concatBytes(new TextEncoder().encode(`${HASH_LABELS.staffDecoy}\n${what}\n`), name),
      ).subarray(0, SALT_BYTES),
    )
  // Made for every handle, so that making it takes no longer for one that nobody has.
  const made = {
    staff: decoy('staff'),
    methodId: decoy('method'),
    keyVersion: 1,
    kdf: CURRENT_KDF,
    salt: decoy('salt'),
  }
  const { staff, methodId, keyVersion, kdf, salt } = method ?? made
  return { staff, methodId, keyVersion, kdf: kdf ?? made.kdf, salt: salt ?? made.salt }
}

/** Signs in: 64 bytes. */
export function signLogin(auth: SigningKey, login: Login): Uint8Array {
  return signRecord(auth, SIGNATURE_LABELS.login, login)
}

/**
 * Returns when the key of the row signed exactly this login, whose `nonce` and `origin` are the server's own, never those that
 * came with the signature. Throws `STAFF_LOGIN_REFUSED` for everything else, an unknown handle (null) included, after the same
 * work.
 */
export function checkLogin(method: StaffMethod | null, login: Login, signature: Uint8Array): void {
  const key = hexToBytes(method?.authPk ?? NOBODY) ?? new Uint8Array(0)
  const isSigned = verifyRecord(key, SIGNATURE_LABELS.login, login, signature)
  if (method === null || method.staff !== login.staff || !isSigned)
    throw new SealError(
      'STAFF_LOGIN_REFUSED',
      'Signing in did not work. Check the handle and the passphrase.',
    )
}

// The base point of Ed25519: a key on which checking takes as long as on any other.
const NOBODY = `58${'66'.repeat(31)}`

import { ed25519 } from '@noble/curves/ed25519.js'
import { TlogError } from '../errors.ts'
import { KEY_TYPE, makeVkey, type Vkey } from '../note/vkey.ts'

/** A private key with its verifier key. One key for one purpose: never the same seed for two types or names. */
export interface SigningKey {
  readonly vkey: Vkey
  /** 32 bytes: the private key of RFC 8032. */
  readonly seed: Uint8Array
}

/** A key that signs notes: checkpoints of a log, interim receipts. Throws `VKEY_MALFORMED`. */
export function noteKey(name: string, seed: Uint8Array): SigningKey {
  return signingKey(name, KEY_TYPE.ed25519, seed)
}

/** A key that co-signs checkpoints of others as a witness. Throws `VKEY_MALFORMED`. */
export function witnessKey(name: string, seed: Uint8Array): SigningKey {
  return signingKey(name, KEY_TYPE.cosignature, seed)
}

/** The Ed25519 signature, which is the same each time for the same message. */
export function signEd25519(message: Uint8Array, seed: Uint8Array): Uint8Array {
  return ed25519.sign(message, seed)
}

function signingKey(name: string, type: number, seed: Uint8Array): SigningKey {
  if (seed.length !== 32) throw new TlogError('VKEY_MALFORMED', `a seed has ${seed.length} bytes, not 32`)
  return { vkey: makeVkey(name, type, ed25519.getPublicKey(seed)), seed: seed.slice() }
}

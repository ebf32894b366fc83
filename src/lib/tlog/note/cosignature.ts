import { textToUtf8 } from '../../bytes/index.ts'
import { TlogError } from '../errors.ts'
import { ED25519_SIGNATURE_BYTES, type Ed25519Verifier, verifyEd25519 } from './ed25519.ts'
import { KEY_TYPE, type Vkey } from './vkey.ts'

/** Eight bytes of time and an Ed25519 signature. */
export const COSIGNATURE_BYTES = 8 + ED25519_SIGNATURE_BYTES

/**
 * What a witness signs (C2SP tlog-cosignature): its own header with the time, then the whole text of the note. `time`
 * is in seconds since 1970. Throws `COSIGNATURE_TIME` unless it is a whole number from 0 to 2^53 - 1.
 */
export function cosignedMessage(time: number, text: string): Uint8Array {
  if (!Number.isSafeInteger(time) || time < 0) throw new TlogError('COSIGNATURE_TIME', `${time} is no time`)
  const message = textToUtf8(`cosignature/v1\ntime ${time}\n${text}`)
  if (message === null) throw new TlogError('NOTE_MALFORMED', 'the text of the note has no UTF-8 form')
  return message
}

/**
 * The time, in seconds since 1970, at which the holder of the key says to have seen the text; null when the signature
 * is not one of this key over this text. Throws `VKEY_TYPE` when the key is not a co-signature key (type 0x04).
 */
export function verifyCosignature(
  vkey: Vkey,
  text: string,
  signature: Uint8Array,
  verify: Ed25519Verifier = verifyEd25519,
): number | null {
  if (vkey.type !== KEY_TYPE.cosignature)
    throw new TlogError('VKEY_TYPE', `${vkey.name} is no co-signature key`)
  if (signature.length !== COSIGNATURE_BYTES) return null
  const time = readTime(signature)
  if (time === null) return null
  return verify(cosignedMessage(time, text), signature.subarray(8), vkey.publicKey) ? time : null
}

/** A witness's clock may be ahead by ten minutes; its answer may not be older than a day before we asked. */
export const MAX_COSIGNATURE_AHEAD_SECONDS = 600
export const MAX_COSIGNATURE_AGE_SECONDS = 86_400

/**
 * Throws `COSIGNATURE_TIME` unless the time can be that of a witness which was asked at `requestedAt` and has answered
 * by `now`: not 0, not too far ahead, not from long before. All in seconds since 1970.
 */
export function checkCosignatureTime(
  time: number,
  { now, requestedAt }: { now: number; requestedAt: number },
): void {
  if (time === 0) throw new TlogError('COSIGNATURE_TIME', 'a witness has given no time')
  if (time > now + MAX_COSIGNATURE_AHEAD_SECONDS)
    throw new TlogError('COSIGNATURE_TIME', 'the time is ahead of ours')
  if (time < requestedAt - MAX_COSIGNATURE_AGE_SECONDS) {
    throw new TlogError('COSIGNATURE_TIME', 'the time is from long before the request')
  }
}

/** Null for times that a number cannot hold exactly: 285 million years from now. */
function readTime(signature: Uint8Array): number | null {
  const time = signature.subarray(0, 8).reduce((value, byte) => value * 256 + byte, 0)
  return Number.isSafeInteger(time) ? time : null
}

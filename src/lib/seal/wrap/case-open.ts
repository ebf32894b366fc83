import { bytesToHex, hexToBytes } from '../../bytes/index.ts'
import { SealError } from '../errors.ts'
import { base64urlToBytes, bytesToBase64url } from '../keys/base64url.ts'
import { SIGNATURE_LABELS } from '../keys/labels.ts'
import type { ReturnKeys } from '../keys/return-keys.ts'
import { signRecord, verifyRecord } from '../keys/signing.ts'
import {
  exactly,
  type Form,
  hex32,
  hybridRecipient,
  id16,
  listOf,
  oneOf,
  shape,
  signature64,
  whole,
} from '../roster/forms.ts'
import { type CaseKey, caseRefOf } from './case-key.ts'
import { isIsoWeek } from './iso-week.ts'
import { recipientDigest } from './wrap-plain.ts'

/** The first item of a case: who opened it, for which key, and which roster she was shown. */
export interface CaseOpen {
  readonly t: 'case-open'
  readonly v: 1
  readonly caseRef: string
  /** The key that her messages are checked with: 64 hexadecimal digits. */
  readonly signPk: string
  readonly authPk: string
  /** Her hybrid recipient: to whom a new key of the case is wrapped for her. */
  readonly age: string
  readonly recipientSha256: string
  readonly epoch: 1
  readonly rosterVersion: number
  readonly rosterSha256: string
  /** Ids of entries that must never get a wrap. */
  readonly exclude: readonly string[]
  /** ISO week, such as `2026-W47`. */
  readonly week: string
}

export interface SignedCaseOpen {
  readonly b: CaseOpen
  /** 64 bytes in base64url. */
  readonly sig: string
}

const week: Form<string> = (value): value is string => typeof value === 'string' && isIsoWeek(value)
const isSignedCaseOpen = shape({
  b: shape({
    t: oneOf(['case-open']),
    v: exactly(1),
    caseRef: id16,
    signPk: hex32,
    authPk: hex32,
    age: hybridRecipient,
    recipientSha256: hex32,
    epoch: exactly(1),
    rosterVersion: whole(1),
    rosterSha256: hex32,
    exclude: listOf(id16, 0, 64),
    week,
  }),
  sig: signature64,
})

/** What the survivor saw and chose when she opened her case. */
export type CaseOpenChoice = Pick<CaseOpen, 'rosterVersion' | 'rosterSha256' | 'exclude' | 'week'>

/** The signed record with which a case begins. Errors: `CASE_OPEN_INVALID` for a choice that is not in its form. */
export function signCaseOpen(
  key: CaseKey,
  keys: Pick<ReturnKeys, 'auth' | 'sign' | 'identity'>,
  { rosterVersion, rosterSha256, exclude, week }: CaseOpenChoice,
): SignedCaseOpen {
  const b: CaseOpen = {
    t: 'case-open',
    v: 1,
    caseRef: key.caseRef,
    signPk: bytesToHex(keys.sign.publicKey),
    authPk: bytesToHex(keys.auth.publicKey),
    age: keys.identity.recipient,
    recipientSha256: bytesToHex(recipientDigest(key.identity.recipient)),
    epoch: 1,
    rosterVersion,
    rosterSha256,
    exclude,
    week,
  }
  const signed = { b, sig: bytesToBase64url(signRecord(keys.sign, SIGNATURE_LABELS.caseOpen, b)) }
  return checkCaseOpen(signed, key)
}

/**
 * Checks the first item of a case against the key of its first epoch: form, that reference and recipient are those of this key,
 * that the reference is tied to the key in the record, and the signature of that key. From then on `b.signPk` is whose case it
 * is. Errors: `CASE_OPEN_INVALID`.
 */
export function checkCaseOpen(item: unknown, key: CaseKey): SignedCaseOpen {
  if (!isSignedCaseOpen(item)) throw invalid('It is not in its form.')
  const { b, sig } = item
  const { recipient } = key.identity
  const signPublicKey = hexToBytes(b.signPk) ?? new Uint8Array(0)
  const isOfThisCase =
    key.epoch === 1 &&
    b.caseRef === key.caseRef &&
    b.caseRef === caseRefOf(signPublicKey, recipient) &&
    b.recipientSha256 === bytesToHex(recipientDigest(recipient))
  if (!isOfThisCase) throw invalid('It is of another case.')
  const signature = base64urlToBytes(sig, 64) ?? new Uint8Array(0)
  if (!verifyRecord(signPublicKey, SIGNATURE_LABELS.caseOpen, b, signature))
    throw invalid('Its signature does not hold.')
  return item
}

function invalid(what: string): SealError {
  return new SealError('CASE_OPEN_INVALID', `The record that opens this case does not count. ${what}`)
}

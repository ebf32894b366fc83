import { bytesToHex, hexToBytes } from '../../bytes/index.ts'
import { SealError } from '../errors.ts'
import { type Argon2Options, argon2id } from '../keys/argon2.ts'
import { base64urlToBytes, bytesToBase64url } from '../keys/base64url.ts'
import { canonicalBytes, toNfc } from '../keys/canonical.ts'
import { labelledHash } from '../keys/derive.ts'
import { HASH_LABELS, SIGNATURE_LABELS } from '../keys/labels.ts'
import { type SigningKey, signRecord, verifyRecord } from '../keys/signing.ts'
import {
  day,
  exactly,
  type Form,
  hex32,
  hybridRecipient,
  id16,
  language,
  lineOfText,
  listOf,
  oneOf,
  orgId,
  shape,
  signature64,
} from '../roster/forms.ts'
import { isSigningKey } from '../roster/is-signing-key.ts'
import { ROLES, type RosterEntry } from '../roster/model.ts'

/** What somebody asks to be on the roster as. The secret halves of `age` and `sign` never leave her device. */
export interface EnrolRequest
  extends Pick<RosterEntry, 'id' | 'role' | 'age' | 'sign' | 'addr' | 'langs' | 'label'> {
  readonly v: 1
  readonly t: 'enrol'
  readonly org: string
  /** `YYYY-MM-DD`. */
  readonly day: string
}

export interface SignedEnrolRequest {
  readonly b: EnrolRequest
  /** By the key that `b.sign` names, in base64url. */
  readonly sig: string
}

/** A request with the signature of its own key. Throws `ENROL_INVALID` for a field out of its form or another key. */
export function signEnrolRequest(
  fields: Omit<EnrolRequest, 'v' | 't' | 'sign'>,
  key: SigningKey,
): SignedEnrolRequest {
  const b = toNfc({ v: 1, t: 'enrol', ...withoutEmpty(fields), sign: bytesToHex(key.publicKey) })
  if (!isRequest(b)) throw invalid('a field is not in its form')
  return checkEnrolRequest({ b, sig: bytesToBase64url(signRecord(key, SIGNATURE_LABELS.enrol, b)) })
}

/** A request as it came from outside, signed by its own key. Throws `ENROL_INVALID`. */
export function checkEnrolRequest(value: unknown): SignedEnrolRequest {
  if (!isSigned(value)) throw invalid('a field is missing, unknown or not in its form')
  const key = hexToBytes(value.b.sign)
  const signature = base64urlToBytes(value.sig, 64)
  const isGood =
    key !== null &&
    signature !== null &&
    isSigningKey(key) &&
    verifyRecord(key, SIGNATURE_LABELS.enrol, value.b, signature)
  if (!isGood) throw invalid('its signature does not hold')
  return value
}

/**
 * Twelve digits in three groups, which the newcomer reads out and two officers compare in person. They are only 40 bits, so each
 * guess is made as slow as a guess at a passphrase (Argon2id, 64 MiB): with a quick hash, somebody between could make keys until
 * hers give the same digits.
 */
export async function enrolFingerprint(
  { b }: SignedEnrolRequest,
  options: Argon2Options = {},
): Promise<string> {
  const digest = await argon2id(
    {
      password: canonicalBytes(b.sign),
      salt: labelledHash(HASH_LABELS.enrolFingerprint, canonicalBytes(b)),
      iterations: 3,
      memoryKiB: 65_536,
      parallelism: 1,
      lengthBytes: 32,
    },
    options,
  )
  // 256 bits before the remainder: no twelve digits are likelier than others in any way that counts.
  const digits = (BigInt(`0x${bytesToHex(digest)}`) % 10n ** 12n).toString().padStart(12, '0')
  return `${digits.slice(0, 4)} ${digits.slice(4, 8)} ${digits.slice(8)}`
}

/** The entry for the next roster, valid from `since`. */
export function entryOfRequest({ b }: SignedEnrolRequest, since: string): RosterEntry {
  const { id, role, age, sign, addr, langs, label } = b
  return { id, role, age, sign, addr, langs, since, ...(label !== undefined && { label }) }
}

const isRequest: Form<EnrolRequest> = shape(
  {
    v: exactly(1),
    t: oneOf(['enrol']),
    org: orgId,
    id: id16,
    role: oneOf(ROLES),
    age: hybridRecipient,
    sign: hex32,
    addr: id16,
    langs: listOf(language, 0, 16),
    day,
  },
  { label: lineOfText(80) },
)
const isSigned: Form<SignedEnrolRequest> = shape({ b: isRequest, sig: signature64 })

function withoutEmpty({ label, ...fields }: Omit<EnrolRequest, 'v' | 't' | 'sign'>) {
  return { ...fields, ...(label !== undefined && { label }) }
}

function invalid(what: string): SealError {
  return new SealError('ENROL_INVALID', `The request to join is refused: ${what}.`)
}

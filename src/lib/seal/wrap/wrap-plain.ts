import { sha256 } from '@noble/hashes/sha2.js'
import { equalBytes } from '../../bytes/index.ts'
import { SealError } from '../errors.ts'
import { base64urlToBytes, bytesToBase64url } from '../keys/base64url.ts'
import { checkLength, checkWhole } from '../keys/checks.ts'
import { hybridIdentityOf } from '../keys/identity.ts'
import { CASE_REF_BYTES, type CaseKey, MAX_EPOCH } from './case-key.ts'

/** What is in every wrap, before it is sealed. */
export const WRAP_PLAIN_BYTES = 128

const VERSION = 1
const HYBRID = 1
const AT = { version: 0, kind: 1, epoch: 2, caseRef: 4, seed: 20, recipientHash: 52, reserved: 84 } as const

/** The 128 bytes of a case key: version, kind, epoch, case, seed, digest of the recipient, zeros. */
export function encodeWrap({ caseRef, epoch, identity }: CaseKey): Uint8Array {
  const reference = base64urlToBytes(caseRef, CASE_REF_BYTES)
  checkLength(reference ?? new Uint8Array(0), CASE_REF_BYTES, 'The reference of the case')
  checkWhole(epoch, 1, MAX_EPOCH, 'The number of the epoch')
  const bytes = new Uint8Array(WRAP_PLAIN_BYTES)
  bytes[AT.version] = VERSION
  bytes[AT.kind] = HYBRID
  new DataView(bytes.buffer).setUint16(AT.epoch, epoch)
  bytes.set(reference ?? [], AT.caseRef)
  bytes.set(identity.seed, AT.seed)
  bytes.set(recipientDigest(identity.recipient), AT.recipientHash)
  return bytes
}

/**
 * The case key in 128 bytes. The recipient is derived from the seed and compared, not believed. Errors: `WRAP_VERSION` for a
 * version or kind of key from a newer program, `WRAP_MISMATCH` for everything else that `encodeWrap` would not have made.
 */
export async function decodeWrap(bytes: Uint8Array): Promise<CaseKey> {
  if (bytes.length !== WRAP_PLAIN_BYTES) throw mismatch()
  if (bytes[AT.version] !== VERSION || bytes[AT.kind] !== HYBRID)
    throw new SealError('WRAP_VERSION', 'The key to this case is in a form that needs a newer page.')
  const epoch = new DataView(bytes.buffer, bytes.byteOffset).getUint16(AT.epoch)
  if (epoch === 0 || bytes.subarray(AT.reserved).some((byte) => byte !== 0)) throw mismatch()
  const identity = await hybridIdentityOf(bytes.slice(AT.seed, AT.recipientHash))
  if (!equalBytes(recipientDigest(identity.recipient), bytes.subarray(AT.recipientHash, AT.reserved)))
    throw mismatch()
  return { caseRef: bytesToBase64url(bytes.subarray(AT.caseRef, AT.seed)), epoch, identity }
}

/** SHA-256 of a recipient as text: what names a case recipient where the recipient itself may not stand. */
export function recipientDigest(recipient: string): Uint8Array {
  return sha256(new TextEncoder().encode(recipient))
}

export function mismatch(): SealError {
  return new SealError(
    'WRAP_MISMATCH',
    'The server gave a key that does not belong to this case. It was not used.',
  )
}

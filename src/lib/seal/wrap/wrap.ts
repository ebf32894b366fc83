import { openBytes } from '../envelope/open.ts'
import { sealBytes } from '../envelope/seal.ts'
import { sealedLength } from '../envelope/sizes.ts'
import type { AgeIdentity } from '../keys/identity.ts'
import { checkHybridRecipient } from '../keys/recipient.ts'
import type { ReturnKeys } from '../keys/return-keys.ts'
import { type CaseKey, caseRefOf } from './case-key.ts'
import { decodeWrap, encodeWrap, mismatch, WRAP_PLAIN_BYTES } from './wrap-plain.ts'

/** The length of every sealed wrap: 1,787 bytes. */
export const WRAP_BYTES = sealedLength(WRAP_PLAIN_BYTES)

/** Gives the key of a case to one person: sealed to her hybrid recipient. Errors: `SEAL_RECIPIENT`. */
export async function sealWrap(key: CaseKey, recipient: string): Promise<Uint8Array> {
  checkHybridRecipient(recipient)
  return sealBytes(encodeWrap(key), [recipient])
}

/**
 * Opens the wrap of a case that is known already: by its reference, and if given by its epoch. A wrap of another case is refused
 * with `WRAP_MISMATCH`, so that a server cannot pass one case off as another. Errors: also those of `openBytes`, `WRAP_VERSION`.
 */
export async function openWrap(
  wrap: Uint8Array,
  identity: AgeIdentity,
  expected: { readonly caseRef: string; readonly epoch?: number },
): Promise<CaseKey> {
  const key = await openUnknownWrap(wrap, identity)
  if (key.caseRef !== expected.caseRef || key.epoch !== (expected.epoch ?? key.epoch)) throw mismatch()
  return key
}

/**
 * Opens the wrap of a case that this person never saw. Which case it is of is known only when its case-open record has been
 * checked with this key: `openCase`. Errors as `openWrap`.
 */
export async function openUnknownWrap(wrap: Uint8Array, identity: AgeIdentity): Promise<CaseKey> {
  if (wrap.length !== WRAP_BYTES) throw mismatch()
  return decodeWrap(await openBytes(wrap, identity))
}

/**
 * Opens the survivor's own wrap of the first epoch. It counts only when it is of the case that her signing key has opened.
 * Errors as `openWrap`.
 */
export async function openOwnWrap(
  wrap: Uint8Array,
  keys: Pick<ReturnKeys, 'identity' | 'sign'>,
): Promise<CaseKey> {
  const key = await openUnknownWrap(wrap, keys.identity)
  if (key.epoch !== 1 || key.caseRef !== caseRefOf(keys.sign.publicKey, key.identity.recipient))
    throw mismatch()
  return key
}

import { textToUtf8 } from '../../bytes/index.ts'
import { bytesToBase64url } from '../keys/base64url.ts'
import { checkLength, checkWhole } from '../keys/checks.ts'
import { labelledHash } from '../keys/derive.ts'
import { type AgeIdentity, hybridIdentityOf } from '../keys/identity.ts'
import { HASH_LABELS } from '../keys/labels.ts'
import type { RandomBytes } from '../keys/random.ts'
import { PUBLIC_KEY_BYTES, SEED_BYTES } from '../keys/signing.ts'

export const CASE_REF_BYTES = 16
/** Two bytes in a wrap. */
export const MAX_EPOCH = 65_535

/** What opens a case in one epoch, and what everything of that epoch is sealed to. It reaches people only in wraps. */
export interface CaseKey {
  /** 16 bytes in base64url. Stands inside of what is sealed and nowhere else; the server's row has another id. */
  readonly caseRef: string
  /** From 1. */
  readonly epoch: number
  readonly identity: AgeIdentity
}

/** The key of a new case, tied to the key that its survivor signs with. */
export async function startCase(signPublicKey: Uint8Array, random: RandomBytes): Promise<CaseKey> {
  const identity = await hybridIdentityOf(random(SEED_BYTES))
  return { caseRef: caseRefOf(signPublicKey, identity.recipient), epoch: 1, identity }
}

/** The key of the epoch behind another one: nothing of the old key leads to it. */
export async function nextCaseKey(previous: CaseKey, random: RandomBytes): Promise<CaseKey> {
  checkWhole(previous.epoch, 1, MAX_EPOCH - 1, 'The number of the epoch')
  return {
    caseRef: previous.caseRef,
    epoch: previous.epoch + 1,
    identity: await hybridIdentityOf(random(SEED_BYTES)),
  }
}

/** What a case is called inside of it: nobody else's signing key and no other first recipient give the same. */
export function caseRefOf(signPublicKey: Uint8Array, firstRecipient: string): string {
  checkLength(signPublicKey, PUBLIC_KEY_BYTES, 'The public key of the survivor')
  const recipient = textToUtf8(firstRecipient) ?? new Uint8Array(0)
  return bytesToBase64url(
    labelledHash(HASH_LABELS.caseRef, signPublicKey, recipient).slice(0, CASE_REF_BYTES),
  )
}

import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '../../bytes/index.ts'
import { SIGNATURE_LABELS } from './labels.ts'
import type { ReturnKeys } from './return-keys.ts'
import { signedBytes, signRecord, verifyRecord } from './signing.ts'

/** What a survivor's client signs to use her mailbox. */
export interface MailboxRequest {
  readonly mailbox: string
  /** From the server, for one use, as it gave it. */
  readonly nonce: string
  /** The operation, such as `mailbox.fetch`. */
  readonly op: string
  /** What is sent with it; empty for none. */
  readonly body: Uint8Array
}

/** Signs a request with the key that only proves access to the mailbox: 64 bytes. */
export function signMailboxRequest(
  keys: Pick<ReturnKeys, 'mailbox' | 'auth'>,
  request: Omit<MailboxRequest, 'mailbox'>,
): Uint8Array {
  return signRecord(keys.auth, SIGNATURE_LABELS.mailbox, signedFields({ ...request, mailbox: keys.mailbox }))
}

/** True when the key that the server knows for this mailbox signed exactly this request. That a nonce is used once is for the server to know. */
export function verifyMailboxRequest(
  authPublicKey: Uint8Array,
  request: MailboxRequest,
  signature: Uint8Array,
): boolean {
  return verifyRecord(authPublicKey, SIGNATURE_LABELS.mailbox, signedFields(request), signature)
}

/** The bytes that the signature covers, for checking it with a native library. */
export function mailboxRequestBytes(request: MailboxRequest): Uint8Array {
  return signedBytes(SIGNATURE_LABELS.mailbox, signedFields(request))
}

function signedFields({ mailbox, nonce, op, body }: MailboxRequest) {
  return { mailbox, nonce, op, bodySha256: bytesToHex(sha256(body)) }
}

import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, type CanonicalValue } from '#lib/bytes/index.ts'
import { canonicalBytes, SIGNATURE_LABELS, signedBytes } from '#lib/seal/index.ts'

/** The record that a mailbox's key signs for one request. */
export interface MailboxRequest {
  readonly mailbox: string
  readonly nonce: string
  /** The name of the operation. */
  readonly op: string
  readonly payload: CanonicalValue
}

/** SHA-256 of the canonical JSON of a payload, as lower-case hexadecimal digits. */
export function payloadSha256(payload: CanonicalValue): string {
  return bytesToHex(sha256(canonicalBytes(payload)))
}

/** The bytes to be signed: label, line feed, canonical JSON of {mailbox, nonce, op, bodySha256}. */
export function mailboxSignedBytes({ mailbox, nonce, op, payload }: MailboxRequest): Uint8Array {
  return signedBytes(SIGNATURE_LABELS.mailbox, { mailbox, nonce, op, bodySha256: payloadSha256(payload) })
}

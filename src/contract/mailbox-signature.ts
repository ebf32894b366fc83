import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, type CanonicalValue, canonicalJson } from '#lib/bytes/index.ts'

const LABEL = 'saksi/v1/sig/mailbox\n'

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
  return bytesToHex(sha256(new TextEncoder().encode(canonicalJson(payload) ?? '')))
}

/** The bytes to be signed: label, line feed, canonical JSON of {mailbox, nonce, op, bodySha256}. */
export function mailboxSignedBytes({ mailbox, nonce, op, payload }: MailboxRequest): Uint8Array {
  const record = { mailbox, nonce, op, bodySha256: payloadSha256(payload) }
  return new TextEncoder().encode(LABEL + (canonicalJson(record) ?? ''))
}

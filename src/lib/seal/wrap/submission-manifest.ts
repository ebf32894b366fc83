import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '../../bytes/index.ts'
import { canonicalBytes } from '../keys/canonical.ts'
import type { Slot } from './slots.ts'

/** What a survivor hands in, by its digests: the text behind the digest that the custody log commits to. */
export interface SubmissionManifest {
  readonly v: 1
  readonly mailbox: string
  readonly authPk: string
  /** SHA-256 of the wraps, in the order of their slots. */
  readonly wraps: readonly string[]
  /** SHA-256 of the sealed items, in the order in which they are handed in. */
  readonly items: readonly string[]
  /** ISO week. */
  readonly week: string
}

/** What is handed in: nothing in it is readable without a key. */
export interface Submission {
  readonly mailbox: string
  readonly authPublicKey: Uint8Array
  readonly slots: readonly Slot[]
  readonly items: readonly Uint8Array[]
  readonly week: string
}

/** The manifest of a submission, which client and server make alike. Slots may come in any order. */
export function submissionManifest(submission: Submission): SubmissionManifest {
  const inOrder = [...submission.slots].sort((a, b) => a.slot - b.slot)
  return {
    v: 1,
    mailbox: submission.mailbox,
    authPk: bytesToHex(submission.authPublicKey),
    wraps: inOrder.map(({ wrap }) => bytesToHex(sha256(wrap))),
    items: submission.items.map((item) => bytesToHex(sha256(item))),
    week: submission.week,
  }
}

/** SHA-256 of the canonical manifest, 64 hexadecimal digits: `drop` in the record `report.received`. */
export function submissionDigest(manifest: SubmissionManifest): string {
  return bytesToHex(sha256(canonicalBytes(manifest)))
}

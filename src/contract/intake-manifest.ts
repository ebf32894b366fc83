import { canonicalJson } from '#lib/bytes/index.ts'

export interface SubmissionManifest {
  readonly mailbox: string
  readonly authPk: string
  /** SHA-256 of each wrap in the order of slots, then of each first item, as lower-case hexadecimal digits. */
  readonly wraps: readonly string[]
  readonly items: readonly string[]
  readonly week: string
}

/**
 * The bytes of the manifest of a submission, whose SHA-256 is what the custody record `report.received` and the receipt
 * name: canonical JSON (RFC 8785) with the version.
 */
export function manifestBytes({ mailbox, authPk, wraps, items, week }: SubmissionManifest): Uint8Array {
  const text = canonicalJson({ v: 1, mailbox, authPk, wraps: [...wraps], items: [...items], week })
  // Strings of the forms of the contract always have a canonical form.
  return new TextEncoder().encode(text ?? '')
}

import type { ProvenRecord } from '#lib/bundle/index.ts'
import type { SealedCapture } from './sealed-capture.ts'

/** A record and its salt, before the log has it. */
export interface UnprovenRecord {
  /** Canonical bytes. */
  record: Uint8Array
  salt: Uint8Array
}

/** The log as making a bundle needs it. */
export interface BundleLog {
  origin: string
  /** C2SP tlog-policy text with this log and its witnesses. */
  policy: string
  /**
   * Appends the records, in order, and waits for a checkpoint with enough co-signatures that includes them all. Answers a
   * `.tlog-proof` text for each. Rejects when there is none: a bundle without its proof is never made.
   */
  prove(records: readonly UnprovenRecord[]): Promise<readonly string[]>
  /** The items of a capture that was sealed here. Rejects when they are gone. */
  capture(collection: string): Promise<SealedCapture>
  /** A record that was entered earlier, with its proof. Rejects when it is gone, or in no checkpoint yet. */
  open(record: string): Promise<ProvenRecord>
}

import { bytesToBase64, bytesToHex } from '#lib/bytes/index.ts'
import type { CustodyRecord } from '#lib/tlog/index.ts'
import { itemLines, sealItems } from './collection-items.ts'
import { type OpenLogOptions, openLog } from './log-store.ts'
import type { LogPlace } from './open-storage.ts'
import { instantText } from './schedule.ts'

/** What a scan knows of the export it has read. Counts and digests; no name, no text. */
export interface ScanFacts {
  /** Name of the format, such as `telegram-json`: letters, digits, dots, hyphens. */
  readonly format: string
  /** SHA-256, 64 hexadecimal digits, over the list of files that were read (or over the one file). */
  readonly sourceSha256: string
  readonly sourceBytes: number
  readonly repairs: number
  readonly gaps: number
  /** Canonical bytes of each item, one per message that is to be provable by itself. May be empty. */
  readonly items?: readonly Uint8Array[]
  /** The first 16 hexadecimal digits of SHA-256 of the public key of whoever scanned; `system` unless told. */
  readonly actorKey?: string
}

/** What the report of the scan carries. It names the log, a commitment and a promise; nothing about the export. */
export interface ScanReceipt {
  readonly origin: string
  /** Id of the record: with it, `saksi log prove` gives the proof. */
  readonly record: string
  readonly collection: string
  /** Base64 of 32 bytes. */
  readonly commitment: string
  /** `YYYY-MM-DDTHH:MM:SSZ`: by when the log has promised to have it. */
  readonly mergeBy: string
  /** The signed interim receipt. */
  readonly receipt: string
}

/**
 * Enters in the log that an export was sealed, and returns when that is safe on the disk. Throws what `openLog` and
 * `appendRecord` throw; then nothing was entered.
 */
export async function enterScan(
  place: LogPlace,
  facts: ScanFacts,
  options: OpenLogOptions = {},
): Promise<ScanReceipt> {
  const log = await openLog(place, options)
  try {
    const { items, leaves, root } = sealItems(facts.items ?? [], log.random)
    const [id, collection] = [bytesToHex(log.random(16)), bytesToHex(log.random(16))]
    const record: CustodyRecord = {
      v: 1,
      type: 'collection.sealed',
      id,
      log: log.origin,
      at: instantText(log.now),
      by: { role: facts.actorKey === undefined ? 'system' : 'witness', key: facts.actorKey ?? 'system' },
      body: {
        collection,
        format: facts.format,
        sourceSha256: facts.sourceSha256,
        sourceBytes: facts.sourceBytes,
        itemsRoot: bytesToBase64(root),
        itemsPadded: leaves.length,
        repairs: facts.repairs,
        gaps: facts.gaps,
      },
    }
    // The items go first: a root in the log over items that nobody has any more would prove nothing.
    await log.openings.keepItems(collection, itemLines({ items, leaves, root }))
    const appended = await log.appendRecord({ salt: log.random(32), record })
    if (appended.state !== 'pending') throw new Error('a new record cannot be in the log already')
    const { commitment, mergeBy, receipt } = appended
    return { origin: log.origin, record: id, collection, commitment, mergeBy, receipt }
  } finally {
    await log.close()
  }
}

import { randomBytes } from 'node:crypto'
import { handOverRecord, publicKeyOf } from '#lib/bundle/index.ts'
import { parseRecord } from '#lib/tlog/index.ts'
import { type Appended, openLog } from '#node/log-store/index.ts'
import { BundleFileError } from './errors.ts'
import { countFile } from './folder-reader.ts'
import { Digest } from './tally.ts'

export interface HandOver {
  /** The bundle as it is sent or was received: usually encrypted. */
  file: string
  /** The random id of the bundle, as `bundle create` shows it. */
  bundle: string
  agency: string
  /** How it goes, such as `courier` or `portal`. */
  method: string
  /** The agency's own number for it. */
  reference: string | null
  /** The agency has confirmed that it has it. */
  isAcknowledged: boolean
  seed: Uint8Array
  nowMs: number
}

/**
 * Enters in the log that a bundle was handed over, or that the agency acknowledged it, with the digest of the very file.
 * Throws `BundleFileError` `BUNDLE_UNREADABLE`, `TlogError` for words that a record cannot hold, and what the log throws.
 */
export async function recordHandOver(
  folder: string,
  handOver: HandOver,
): Promise<{ appended: Appended; sha256: string }> {
  const digest = new Digest()
  await countFile(handOver.file, digest).catch((cause: unknown) => {
    throw new BundleFileError('BUNDLE_UNREADABLE', 'The bundle cannot be read. Nothing was recorded.', {
      cause,
    })
  })
  const sha256 = digest.hex()
  const log = await openLog(folder, { now: () => new Date(handOver.nowMs) })
  try {
    const { bundle, agency, method, reference, isAcknowledged } = handOver
    const record = handOverRecord(
      { bundle, agency, method, reference, isAcknowledged, fileSha256: sha256 },
      randomBytes(16).toString('hex'),
      {
        origin: log.origin,
        at: new Date(handOver.nowMs).toISOString().replace(/\.\d+Z$/, 'Z'),
        publicKey: publicKeyOf(handOver.seed),
      },
    )
    const appended = await log.appendRecord({ salt: randomBytes(32), record: parseRecord(record) })
    return { appended, sha256 }
  } finally {
    await log.close()
  }
}

import { bytesToBase64 } from '#lib/bytes/index.ts'
import {
  commitmentOf,
  formatLeaf,
  formatOpening,
  formatProof,
  inclusionProof,
  leafHash,
  type Opening,
  parseNote,
  parsePolicy,
  parseProof,
  tileHashReader,
  type VerifiedProof,
  verifyProof,
} from '#lib/tlog/index.ts'
import { LogStoreError } from './errors.ts'
import { parseCommitment } from './handed-in.ts'
import { type LogPlace, type OpenedStorage, policyOf, withStorage } from './open-storage.ts'
import { readCheckpoint } from './start-up.ts'
import type { LogStorage, OpeningStore } from './storage.ts'
import { storedTiles } from './tile-files.ts'

export interface Proven {
  /** The text of a `.tlog-proof` file. */
  readonly proof: string
  readonly verified: VerifiedProof
}

export interface ProveOptions {
  /** Leave the record and its salt out, for somebody who has them. */
  readonly isBare?: boolean
}

/**
 * Proves that a record is in the published log. `what` is the id of a record, or a commitment in base64 or hexadecimal.
 * The proof is verified before it is given out. Takes no lock. Throws `LOG_NO_CHECKPOINT`, `LOG_RECORD_UNKNOWN`,
 * `LOG_RECORD_PENDING`, `LOG_OPENING_MISSING`, `LOG_NOT_FOUND`, `LOG_DAMAGED`, and `TlogError` when the stored tiles do
 * not prove it.
 */
export async function proveRecord(
  place: LogPlace,
  what: string,
  options: ProveOptions = {},
): Promise<Proven> {
  return withStorage(place, (opened) => prove(opened, what, options))
}

async function prove(
  { settings, storage }: OpenedStorage,
  what: string,
  options: ProveOptions,
): Promise<Proven> {
  const policy = parsePolicy(await policyOf(storage), { allowNoWitness: true })
  const { opening, commitment } = await commitmentFor(storage.openings, what)
  const published = await readCheckpoint(storage.read, policy)
  if (published === null) {
    throw new LogStoreError(
      'LOG_NO_CHECKPOINT',
      'The log has published no checkpoint yet, so nothing can be proven. What was accepted is safe. To make one: saksi log checkpoint',
    )
  }
  const { size } = published.checkpoint
  const index = await storage.find(commitment, size)
  if (index === null) throw await notLogged(storage, commitment)
  const hashes = await inclusionProof(index, size, tileHashReader(size, storedTiles(storage.read)))
  const extra = opening === null || options.isBare === true ? null : formatOpening(opening)
  const proof = formatProof({ extra, index, hashes, note: parseNote(published.text) })
  const leaf = leafHash(formatLeaf(commitment))
  const verified = verifyProof(parseProof(proof), { policy, leafHash: leaf, log: settings.origin })
  return { proof, verified }
}

async function commitmentFor(
  openings: OpeningStore,
  what: string,
): Promise<{ opening: Opening | null; commitment: Uint8Array }> {
  const opening = await openings.find(what)
  if (opening !== null) return { opening, commitment: commitmentOf(opening) }
  const commitment = parseCommitment(what)
  if (commitment !== null) return { opening: null, commitment }
  if (/^[0-9a-f]{32}$/.test(what)) {
    throw new LogStoreError(
      'LOG_OPENING_MISSING',
      'There is no record with this id here: it was never in this log, or its opening was erased. A proof can still be made from its commitment, which is on the interim receipt.',
    )
  }
  throw new LogStoreError(
    'LOG_RECORD_UNKNOWN',
    'A record is named by its id (32 hexadecimal digits) or by its commitment, as it stands on the interim receipt.',
  )
}

async function notLogged(storage: LogStorage, commitment: Uint8Array): Promise<LogStoreError> {
  const lines = await storage.readPending()
  const waiting = lines.find((line) => line.commitment === bytesToBase64(commitment))
  return waiting === undefined
    ? new LogStoreError(
        'LOG_RECORD_UNKNOWN',
        'This is not in the log. Check the id or commitment, and which log it was handed in to.',
      )
    : new LogStoreError(
        'LOG_RECORD_PENDING',
        `This was accepted and waits for the next published checkpoint; by ${waiting.mergeBy} at the latest it has to be in the log. The interim receipt is the proof until then.`,
      )
}

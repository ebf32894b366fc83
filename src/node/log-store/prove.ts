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
  proofVerifier,
  tileHashReader,
  type VerifiedProof,
} from '#lib/tlog/index.ts'
import { nativeEd25519 } from '../native-ed25519.ts'
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
  const [proven] = await proveRecords(place, [what], options)
  if (proven === undefined) throw new Error('a proof is missing')
  return proven
}

/**
 * The same for many, in their order, all under one checkpoint: the storage is opened once, each tile read once, entries
 * gone through once, and the checkpoint's signatures verified once. Every proof is verified as a single one is; when one
 * cannot be given, none is.
 */
export async function proveRecords(
  place: LogPlace,
  whats: readonly string[],
  options: ProveOptions = {},
): Promise<Proven[]> {
  if (whats.length === 0) return []
  return withStorage(place, (opened) => prove(opened, whats, options))
}

async function prove(
  { settings, storage }: OpenedStorage,
  whats: readonly string[],
  options: ProveOptions,
): Promise<Proven[]> {
  const policy = parsePolicy(await policyOf(storage), { allowNoWitness: true })
  const asked: Asked[] = []
  for (const what of whats) asked.push(await askedFor(storage.openings, what))
  const published = await readCheckpoint(storage.read, policy)
  if (published === null) {
    throw new LogStoreError(
      'LOG_NO_CHECKPOINT',
      'The log has published no checkpoint yet, so nothing can be proven. What was accepted is safe. To make one: saksi log checkpoint',
    )
  }
  const { size } = published.checkpoint
  const indexes = await indexesOf(storage, asked, size)
  const readHashes = tileHashReader(size, storedTiles(storage.read))
  const verify = proofVerifier({ policy, log: settings.origin, ed25519: nativeEd25519 })
  const note = parseNote(published.text)
  const proven: Proven[] = []
  for (const { opening, commitment } of asked) {
    const index = indexes.get(bytesToBase64(commitment)) ?? Number.NaN
    const hashes = await inclusionProof(index, size, readHashes)
    const extra = opening === null || options.isBare === true ? null : formatOpening(opening)
    const proof = formatProof({ extra, index, hashes, note })
    proven.push({ proof, verified: verify(parseProof(proof), leafHash(formatLeaf(commitment))) })
  }
  return proven
}

interface Asked {
  readonly opening: Opening | null
  readonly commitment: Uint8Array
}

/** Where they all stand in the tree. Throws `LOG_RECORD_PENDING`, `LOG_RECORD_UNKNOWN`. */
async function indexesOf(
  storage: LogStorage,
  asked: readonly Asked[],
  size: number,
): Promise<ReadonlyMap<string, number>> {
  const commitments = asked.map(({ commitment }) => bytesToBase64(commitment))
  const indexes = await storage.find(commitments, size)
  const absent = commitments.find((commitment) => !indexes.has(commitment))
  if (absent !== undefined) throw await notLogged(storage, absent)
  return indexes
}

async function askedFor(openings: OpeningStore, what: string): Promise<Asked> {
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

async function notLogged(storage: LogStorage, commitment: string): Promise<LogStoreError> {
  const lines = await storage.readPending()
  const waiting = lines.find((line) => line.commitment === commitment)
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

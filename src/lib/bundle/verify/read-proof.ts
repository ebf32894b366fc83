import { equalBytes, hexToBytes, utf8ToText } from '../../bytes/index.ts'
import {
  type CustodyRecord,
  commit,
  formatLeaf,
  formatProof,
  leafHash,
  type Observation,
  parseProof,
  parseRecord,
  verifyInclusion,
} from '../../tlog/index.ts'
import { BundleError } from '../errors.ts'
import { utf8 } from '../format/bytes.ts'
import type { BagReader } from './bag-reader.ts'
import type { KnownCheckpoints } from './known-checkpoints.ts'

const MOST_BYTES = 512 * 1024

/** One row of `proofs/index.csv`. */
export interface IndexRow {
  number: string
  type: string
  index: string
  /** The record that seals the capture, where an item of it lies beside this record. */
  sealedBy: string | null
}

export interface ProvenEntry {
  record: CustodyRecord
  commitment: Uint8Array
  index: number
  witnesses: readonly Observation[]
}

/**
 * One entry of the log with everything that proves it, or an error: `TlogError`, or `BundleError` `PROOF_MISSING`. Beyond
 * what the log's own rules ask, every signature line must be one that is known and holds: in evidence, nothing stands
 * unexplained.
 */
export async function readProof(
  reader: BagReader,
  stem: string,
  checkpoints: KnownCheckpoints,
): Promise<ProvenEntry> {
  const recordBytes = await reader.read(`${stem}.record.json`, MOST_BYTES)
  const saltText = utf8ToText(await reader.read(`${stem}.salt.hex`, 1024)) ?? ''
  const salt = /^[0-9a-f]{64}\n$/.test(saltText) ? hexToBytes(saltText.trimEnd()) : null
  if (salt === null) throw failed('The salt is not 32 bytes in hexadecimal.')
  const commitment = commit(salt, recordBytes)
  const leaf = formatLeaf(commitment)
  if (!equalBytes(leaf, await reader.read(`${stem}.leaf`, 1024)))
    throw failed('Record and salt do not give the entry of the log.')
  const file = await reader.read(`${stem}.tlog-proof`, MOST_BYTES)
  const proof = parseProof(file)
  if (proof.extra !== null || !equalBytes(utf8(formatProof(proof)), file))
    throw failed('The proof is not in its one exact form.')
  const { checkpoint, witnesses } = checkpoints.verify(proof.note)
  const { size, root, origin } = checkpoint
  const { index, hashes } = proof
  verifyInclusion({ index, size, root, proof: hashes, leafHash: leafHash(leaf) })
  return { record: parseRecord(recordBytes, { log: origin }), commitment, index, witnesses }
}

function failed(message: string): BundleError {
  return new BundleError('PROOF_MISSING', message)
}

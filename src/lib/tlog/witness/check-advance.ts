import { TlogError } from '../errors.ts'
import { type Checkpoint, checkEmptyRoot } from '../note/checkpoint.ts'
import { verifyConsistency } from '../tree/consistency.ts'
import { emptyRoot } from '../tree/hashing.ts'

/**
 * Returns when a witness that co-signed `stored` last (null: nothing yet) may co-sign the checkpoint of a request whose
 * log signature has been verified. Throws, in the order in which a witness answers: `WITNESS_OLD_SIZE` (400),
 * `WITNESS_CONFLICT` (409 with the stored size), `CHECKPOINT_EMPTY_ROOT` and `WITNESS_INCONSISTENT` (422). The proof is
 * checked against the stored root, never against one the log sends. The caller stores the checkpoint, on condition that
 * the stored size is still the same, before it co-signs.
 */
export function checkAdvance(
  request: { oldSize: number; proof: readonly Uint8Array[]; checkpoint: Checkpoint },
  stored: { size: number; root: Uint8Array } | null,
): void {
  const { oldSize, proof, checkpoint } = request
  if (oldSize > checkpoint.size) throw new TlogError('WITNESS_OLD_SIZE', 'the old size is above the new one')
  if (oldSize !== (stored?.size ?? 0))
    throw new TlogError('WITNESS_CONFLICT', 'another size was co-signed last')
  checkEmptyRoot(checkpoint)
  const oldRoot = stored?.root ?? emptyRoot()
  try {
    verifyConsistency({ oldSize, newSize: checkpoint.size, oldRoot, newRoot: checkpoint.root, proof })
  } catch (cause) {
    throw new TlogError('WITNESS_INCONSISTENT', 'the checkpoint does not follow from the last one', { cause })
  }
}

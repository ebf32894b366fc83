import { TlogError } from '../errors.ts'
import type { Ed25519Verifier } from '../note/ed25519.ts'
import { formatNote } from '../note/note.ts'
import type { Policy } from '../policy/policy.ts'
import { type VerifiedCheckpoint, verifyCheckpoint } from '../policy/verify-checkpoint.ts'
import { formatLeaf } from '../record/leaf.ts'
import { commitmentOf, type Opening, parseOpening, verifyOpening } from '../record/opening.ts'
import { leafHash } from '../tree/hashing.ts'
import { verifyInclusion } from '../tree/inclusion.ts'
import type { ProofFile } from './proof-file.ts'

export interface VerifyProofOptions {
  /** The logs and witnesses that are trusted, from anywhere but the proof. */
  readonly policy: Policy
  /** The hash of the leaf that the proof must be about. Left out, it comes from the opening in the proof. */
  readonly leafHash?: Uint8Array
  /** The origin of the log that the proof must be from. Left out, any log of the policy is accepted. */
  readonly log?: string
  /** Accepts too few witnesses; then `hasQuorum` tells. */
  readonly allowMissingQuorum?: boolean
  /** Of this program's own; the library's unless told. */
  readonly ed25519?: Ed25519Verifier
}

/** What has been verified: the leaf is in the log, and who has seen the log in this state, by when. */
export interface VerifiedProof extends VerifiedCheckpoint {
  readonly index: number
  /** The opening in the proof, if there is one; it gives the leaf. */
  readonly opening: Opening | null
}

/**
 * Returns when the leaf is in a log of the policy and enough witnesses have seen that log. Throws, in the order of the
 * checks: what `parseOpening` throws, `OPENING_MISMATCH`; what `verifyCheckpoint` throws; `PROOF_LOG` when the log is
 * not the one asked for, `RECORD_LOG` when the record is for another; `PROOF_QUORUM`; `INCLUSION_INVALID`, `TREE_RANGE`.
 * `OPENING_MALFORMED` when neither the options nor the proof say which leaf it is about.
 */
export function verifyProof(proof: ProofFile, options: VerifyProofOptions): VerifiedProof {
  return proofVerifier(options)(proof, options.leafHash)
}

/**
 * `verifyProof` for many proofs, with the leaf that each must be about: the signatures of a note that the one before
 * carried too are verified once.
 */
export function proofVerifier(
  options: Omit<VerifyProofOptions, 'leafHash'>,
): (proof: ProofFile, leafHash?: Uint8Array) => VerifiedProof {
  let last: { readonly note: string; readonly verified: VerifiedCheckpoint } | null = null
  return (proof, leaf) => {
    const opening = proof.extra === null ? null : parseOpening(proof.extra)
    const expected = expectedLeaf(opening, leaf)
    const note = formatNote(proof.note)
    if (last?.note !== note)
      last = { note, verified: verifyCheckpoint(proof.note, options.policy, options.ed25519) }
    const { verified } = last
    checkLog(verified, opening, options)
    const { size, root } = verified.checkpoint
    verifyInclusion({ index: proof.index, size, leafHash: expected, root, proof: proof.hashes })
    return { ...verified, index: proof.index, opening }
  }
}

function checkLog(
  { checkpoint, hasQuorum, witnesses }: VerifiedCheckpoint,
  opening: Opening | null,
  options: Omit<VerifyProofOptions, 'leafHash'>,
): void {
  const { origin } = checkpoint
  if (options.log !== undefined && options.log !== origin) {
    throw new TlogError('PROOF_LOG', `the proof is from the log ${origin}`)
  }
  if (opening !== null && opening.record.log !== origin) {
    throw new TlogError('RECORD_LOG', `the record is for the log ${opening.record.log}`)
  }
  if (options.policy.quorum !== null && !hasQuorum && options.allowMissingQuorum !== true) {
    throw new TlogError('PROOF_QUORUM', `${witnesses.length} known witnesses are not enough`)
  }
}

function expectedLeaf(opening: Opening | null, asked: Uint8Array | undefined): Uint8Array {
  if (opening !== null && asked !== undefined) verifyOpening(opening, asked)
  if (asked !== undefined) return asked
  if (opening === null)
    throw new TlogError('OPENING_MALFORMED', 'nothing tells which leaf the proof is about')
  return leafHash(formatLeaf(commitmentOf(opening)))
}

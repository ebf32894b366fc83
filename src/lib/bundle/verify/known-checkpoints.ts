import {
  formatNote,
  type Note,
  type Policy,
  type VerifiedCheckpoint,
  verifyCheckpoint,
} from '../../tlog/index.ts'
import { BundleError } from '../errors.ts'

/** Records of one bundle stand in a few checkpoints; a hostile bundle with one for each must not fill the memory. */
const MOST_KEPT = 256

/**
 * The checkpoints of a bundle's proofs. Thousands of records share one checkpoint, and its signatures, which take longer
 * than all the rest of a proof, are checked once: a note counts as known only when every byte of it is the same.
 */
export class KnownCheckpoints {
  readonly #policy: Policy
  readonly #origin: string
  readonly #known = new Map<string, VerifiedCheckpoint>()

  /** `origin` is the one log the records have to be from. */
  constructor(policy: Policy, origin: string) {
    this.#policy = policy
    this.#origin = origin
  }

  /** Throws `TlogError`, or `BundleError` `PROOF_MISSING` for another log, too few witnesses or a line too many. */
  verify(note: Note): VerifiedCheckpoint {
    const text = formatNote(note)
    const known = this.#known.get(text)
    if (known !== undefined) return known
    const verified = verifyCheckpoint(note, this.#policy)
    if (verified.checkpoint.origin !== this.#origin) throw failed('The proof is from another log.')
    if (this.#policy.quorum !== null && !verified.hasQuorum)
      throw failed('Too few of the witnesses that the policy asks for have signed.')
    // One line of the log and one of each witness found: then no line is unknown, wrong, or there twice.
    if (note.signatures.length !== verified.witnesses.length + 1)
      throw failed('It carries a signature that is unknown, wrong, or twice there.')
    if (this.#known.size < MOST_KEPT) this.#known.set(text, verified)
    return verified
  }
}

function failed(message: string): BundleError {
  return new BundleError('PROOF_MISSING', message)
}

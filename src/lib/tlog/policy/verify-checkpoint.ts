import { TlogError } from '../errors.ts'
import { type Checkpoint, parseCheckpoint } from '../note/checkpoint.ts'
import type { Ed25519Verifier } from '../note/ed25519.ts'
import type { Note } from '../note/note.ts'
import { type VerifiedSignature, verifyNote } from '../note/verify-note.ts'
import { evaluatePolicy, type Policy } from './policy.ts'

/** A witness that has seen the checkpoint, and when it says so, in seconds since 1970. */
export interface Observation {
  /** Its name in the policy. */
  readonly name: string
  readonly keyName: string
  readonly time: number
}

export interface VerifiedCheckpoint {
  readonly checkpoint: Checkpoint
  /** Witnesses of the policy, each once, in the policy's order. */
  readonly witnesses: readonly Observation[]
  /** True when they reach the policy's quorum. False also for a policy that asks for no witness: then none vouches. */
  readonly hasQuorum: boolean
}

/**
 * The checkpoint in the note, signed by a log of the policy whose key name is the checkpoint's origin, and who has
 * co-signed it. Whether the quorum is enough is the caller's decision. Throws `CHECKPOINT_MALFORMED` and its kin,
 * `NOTE_SIGNATURE` when a signature under a known key is wrong, `NOTE_UNVERIFIED` when the log has not signed.
 */
export function verifyCheckpoint(note: Note, policy: Policy, verify?: Ed25519Verifier): VerifiedCheckpoint {
  const checkpoint = parseCheckpoint(note.text)
  const logKeys = policy.logs.map(({ vkey }) => vkey).filter(({ name }) => name === checkpoint.origin)
  const verified = verifyNote(note, [...logKeys, ...policy.witnesses.map(({ vkey }) => vkey)], verify)
  if (!verified.some(({ vkey }) => logKeys.includes(vkey))) {
    throw new TlogError('NOTE_UNVERIFIED', 'no log of the policy has signed the checkpoint')
  }
  const witnesses = policy.witnesses.flatMap(({ name, vkey }) => {
    const time = earliestTime(verified.filter((signature) => signature.vkey === vkey))
    return time === null ? [] : [{ name, keyName: vkey.name, time }]
  })
  const seenBy = new Set(witnesses.map(({ name }) => name))
  const hasQuorum = policy.quorum !== null && evaluatePolicy(policy, seenBy)
  return { checkpoint, witnesses, hasQuorum }
}

/** The first time a witness saw it is the strongest statement. A witness never states time 0. */
function earliestTime(signatures: readonly VerifiedSignature[]): number | null {
  const times = signatures.flatMap(({ time }) => (time === null || time === 0 ? [] : [time]))
  return times.length === 0 ? null : Math.min(...times)
}

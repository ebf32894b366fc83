import { evaluatePolicy, type Policy, parseProof, type VerifiedProof, verifyProof } from '../../tlog/index.ts'
import { SealError } from '../errors.ts'
import { DAY_SECONDS } from './days.ts'

/** A log that nobody has seen for so long may be withheld from the public. */
export const MAX_CHECKPOINT_AGE_SECONDS = 7 * DAY_SECONDS
const SKEW_SECONDS = DAY_SECONDS

interface Claim {
  readonly version: number
  readonly sha256: string
  readonly policy: Policy
  readonly nowSeconds: number
}

/**
 * Returns when the `.tlog-proof` file shows the public record `roster.changed` of this version and digest in a trusted log,
 * and enough witnesses to reach the policy's quorum saw that log within seven days. Throws `ROSTER_UNLOGGED`, also for a
 * policy without witnesses: nobody but them says when.
 */
export function checkLogged(
  file: Uint8Array | string | null,
  { version, sha256, policy, nowSeconds }: Claim,
): void {
  if (file === null) throw unlogged('no proof is there')
  const { opening, witnesses } = readProof(file, policy)
  const record = opening?.record
  if (record?.type !== 'roster.changed') throw unlogged('the proof is of something else')
  if (record.body['rosterSha256'] !== sha256 || record.body['version'] !== version)
    throw unlogged('the proof is of another list')
  const fresh = witnesses.filter(
    ({ time }) => time >= nowSeconds - MAX_CHECKPOINT_AGE_SECONDS && time <= nowSeconds + SKEW_SECONDS,
  )
  // The fresh ones alone must be enough: one witness must not be able to make an old state look new.
  if (policy.quorum === null || !evaluatePolicy(policy, new Set(fresh.map(({ name }) => name))))
    throw unlogged('too few witnesses have seen the log within seven days')
}

function readProof(file: Uint8Array | string, policy: Policy): VerifiedProof {
  try {
    return verifyProof(parseProof(file), { policy })
  } catch (cause) {
    throw unlogged('the proof does not hold', cause)
  }
}

function unlogged(what: string, cause?: unknown): SealError {
  return new SealError(
    'ROSTER_UNLOGGED',
    `The list of the organisation's people is not shown to be public: ${what}.`,
    { cause },
  )
}

import {
  commitmentOf,
  evaluatePolicy,
  type Opening,
  type Policy,
  parseNote,
  parseOpening,
  parseProof,
  type VerifiedProof,
  type Vkey,
  verifyInterimReceipt,
  verifyProof,
} from '../../tlog/index.ts'
import { SealError } from '../errors.ts'
import { DAY_SECONDS } from './days.ts'

/** A log that nobody has seen for so long may be withheld from the public. */
export const MAX_CHECKPOINT_AGE_SECONDS = 7 * DAY_SECONDS
const SKEW_SECONDS = DAY_SECONDS

/**
 * How it is known that a roster is public. `witnessed`: enough witnesses have seen it in the log within seven days.
 * `log-only`: the log shows it, and nobody else has looked. `promised`: the log has signed that it will show it soon.
 */
export type Publicity = 'witnessed' | 'log-only' | 'promised'

/** What stands for a proof until the log has published its next checkpoint. */
export interface LogPromise {
  /** The interim receipt of the record, a signed note. */
  readonly receipt: string
  /** The exact bytes or text of the opening of the record. */
  readonly opening: Uint8Array | string
}

interface Claim {
  readonly version: number
  readonly sha256: string
  readonly nowSeconds: number
  readonly policy: Policy
  readonly allowsNoWitness: boolean
  readonly receiptKeys: readonly Vkey[]
}

/**
 * Says how the public record `roster.changed` of this version and digest is known to be in a trusted log. `file` is its
 * `.tlog-proof`; without one, `promise` counts until the time that the log has promised, and not after it. Throws
 * `ROSTER_UNLOGGED`.
 */
export function checkLogged(
  file: Uint8Array | string | null,
  promise: LogPromise | null,
  claim: Claim,
): Publicity {
  if (file !== null) return checkProof(file, claim)
  if (promise === null) throw unlogged('no proof is there')
  checkPromise(promise, claim)
  return 'promised'
}

function checkProof(file: Uint8Array | string, claim: Claim): Publicity {
  const { policy, nowSeconds } = claim
  const { opening, witnesses } = readProof(file, policy)
  checkRecord(opening, claim)
  if (policy.quorum === null) {
    if (claim.allowsNoWitness) return 'log-only'
    throw unlogged('no witness is named who could say when the log was seen')
  }
  const fresh = witnesses.filter(
    ({ time }) => time >= nowSeconds - MAX_CHECKPOINT_AGE_SECONDS && time <= nowSeconds + SKEW_SECONDS,
  )
  // The fresh ones alone must be enough: one witness must not be able to make an old state look new.
  if (!evaluatePolicy(policy, new Set(fresh.map(({ name }) => name))))
    throw unlogged('too few witnesses have seen the log within seven days')
  return 'witnessed'
}

function checkPromise({ receipt, opening: text }: LogPromise, claim: Claim): void {
  const { opening, promised } = readPromise(receipt, text, claim.receiptKeys)
  checkRecord(opening, claim)
  const isOfLog = claim.policy.logs.some(({ vkey }) => vkey.name === promised.log)
  if (!isOfLog || opening.record.log !== promised.log) throw unlogged('the promise is of another log')
  if (Date.parse(`${promised.receivedOn}T00:00:00Z`) / 1000 > claim.nowSeconds + SKEW_SECONDS)
    throw unlogged('the promise is of the future')
  if (claim.nowSeconds > Date.parse(promised.mergeBy) / 1000)
    throw unlogged('the log has not done in time what it promised')
}

function checkRecord(opening: Opening | null, { version, sha256 }: Claim): void {
  const record = opening?.record
  if (record?.type !== 'roster.changed') throw unlogged('the proof is of something else')
  if (record.body['rosterSha256'] !== sha256 || record.body['version'] !== version)
    throw unlogged('the proof is of another list')
}

function readProof(file: Uint8Array | string, policy: Policy): VerifiedProof {
  try {
    return verifyProof(parseProof(file), { policy })
  } catch (cause) {
    throw unlogged('the proof does not hold', cause)
  }
}

function readPromise(receipt: string, text: Uint8Array | string, keys: readonly Vkey[]) {
  try {
    const opening = parseOpening(typeof text === 'string' ? new TextEncoder().encode(text) : text)
    return { opening, promised: verifyInterimReceipt(parseNote(receipt), keys, commitmentOf(opening)) }
  } catch (cause) {
    throw unlogged('the promise of the log does not hold', cause)
  }
}

function unlogged(what: string, cause?: unknown): SealError {
  return new SealError(
    'ROSTER_UNLOGGED',
    `The list of the organisation's people is not shown to be public: ${what}.`,
    { cause },
  )
}

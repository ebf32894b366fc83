import { combine, split } from 'shamir-secret-sharing'
import { concatBytes, equalBytes } from '../../bytes/index.ts'
import { SealError } from '../errors.ts'
import { checkLength } from '../keys/checks.ts'
import { labelledHash } from '../keys/derive.ts'
import { HASH_LABELS } from '../keys/labels.ts'
import { SEED_BYTES } from '../keys/signing.ts'
import { RECOVERY_THRESHOLD, RECOVERY_TOTAL, type RecoveryShare, SHARE_BYTES } from './share.ts'

const VERSION = 1
const CHECK_BYTES = 8

/**
 * Five shares of the seed of the recovery identity; any three give it back, two tell nothing about it (Shamir over GF(256)).
 * Every call gives other shares, and shares of two calls do not fit together. Throws `SEAL_INPUT`.
 */
export async function splitRecoverySeed(seed: Uint8Array): Promise<RecoveryShare[]> {
  checkLength(seed, SEED_BYTES, 'The seed of the recovery identity')
  const secret = concatBytes(Uint8Array.of(VERSION), seed, checkOf(seed))
  const shares = await split(secret, RECOVERY_TOTAL, RECOVERY_THRESHOLD)
  secret.fill(0)
  return shares.map((share, i) => ({
    threshold: RECOVERY_THRESHOLD,
    total: RECOVERY_TOTAL,
    number: i + 1,
    share,
  }))
}

/**
 * The seed of the recovery identity from three to five shares. Throws `RECOVERY_CHECK_FAILED` for fewer, for the same one twice,
 * and when they do not give a recovery secret: shares that do not belong together give bytes that look like any others.
 */
export async function joinRecoveryShares(shares: readonly RecoveryShare[]): Promise<Uint8Array> {
  const isUsable =
    shares.length >= RECOVERY_THRESHOLD &&
    shares.length <= RECOVERY_TOTAL &&
    shares.every(({ share }) => share.length === SHARE_BYTES) &&
    new Set(shares.map(({ number }) => number)).size === shares.length
  if (!isUsable) throw checkFailed()
  const secret = await combined(shares)
  const seed = secret.slice(1, 1 + SEED_BYTES)
  const isGood = secret[0] === VERSION && equalBytes(secret.subarray(1 + SEED_BYTES), checkOf(seed))
  secret.fill(0)
  if (isGood) return seed
  seed.fill(0)
  throw checkFailed()
}

async function combined(shares: readonly RecoveryShare[]): Promise<Uint8Array> {
  try {
    return await combine(shares.map(({ share }) => share.slice()))
  } catch {
    throw checkFailed()
  }
}

function checkOf(seed: Uint8Array): Uint8Array {
  return labelledHash(HASH_LABELS.recoveryCheck, seed).subarray(0, CHECK_BYTES)
}

function checkFailed(): SealError {
  return new SealError(
    'RECOVERY_CHECK_FAILED',
    'These shares do not give the recovery key. Three different shares of one ceremony are needed. Nothing was opened.',
  )
}

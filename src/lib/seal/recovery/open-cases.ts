import { SealError } from '../errors.ts'
import { hybridIdentityOf } from '../keys/identity.ts'
import { openWrap, sealWrap } from '../wrap/wrap.ts'
import type { Ceremony } from './ceremony.ts'
import { joinRecoveryShares } from './secret.ts'
import type { RecoveryShare } from './share.ts'

/** A recovery wrap of one of the named cases. */
export interface RecoveryWrap {
  readonly caseRef: string
  readonly epoch: number
  readonly wrap: Uint8Array
}

/** The key of a case, sealed to somebody who was named in the request. */
export interface RecoveredWrap extends RecoveryWrap {
  readonly recipient: string
}

/**
 * What the ceremony exports: each of the wraps, opened and sealed again to every recipient of the request. The recovery key is
 * never given out, and its bytes are wiped before this returns (a text form inside of the age library is not in reach). All or
 * nothing. Errors: `RECOVERY_STEP` when the ceremony is not at its
 * shares, for shares that were not entered, and for a case that was not named; `RECOVERY_CHECK_FAILED`; those of `openWrap`.
 */
export async function openCases(
  ceremony: Ceremony,
  shares: readonly RecoveryShare[],
  wraps: readonly RecoveryWrap[],
): Promise<RecoveredWrap[]> {
  const isEntered = shares.every(({ number }) => ceremony.enteredShares.includes(number))
  const isNamed = wraps.every(({ caseRef }) => ceremony.cases.includes(caseRef))
  if (ceremony.state !== 'shares-entered' || !isEntered || !isNamed)
    throw new SealError(
      'RECOVERY_STEP',
      'Only the named cases are opened, with the shares that were entered.',
    )
  const seed = await joinRecoveryShares(shares)
  try {
    const identity = await hybridIdentityOf(seed)
    const recovered: RecoveredWrap[] = []
    for (const { caseRef, epoch, wrap } of wraps) {
      const key = await openWrap(wrap, identity, { caseRef, epoch })
      for (const recipient of ceremony.recipients)
        recovered.push({ caseRef, epoch, recipient, wrap: await sealWrap(key, recipient) })
    }
    return recovered
  } finally {
    seed.fill(0)
  }
}

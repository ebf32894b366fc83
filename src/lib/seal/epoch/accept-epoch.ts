import { bytesToHex } from '../../bytes/index.ts'
import { SealError } from '../errors.ts'
import type { AgeIdentity } from '../keys/identity.ts'
import { type CaseContext, checkMessage } from '../message/check-message.ts'
import type { Role } from '../roster/model.ts'
import type { CaseKey } from '../wrap/case-key.ts'
import type { Slot } from '../wrap/slots.ts'
import { openWrap } from '../wrap/wrap.ts'
import { recipientDigest } from '../wrap/wrap-plain.ts'
import { type EpochBody, isEpochBody } from './epoch-body.ts'

/** Who may give a case a new key. */
export const EPOCH_ROLES: readonly Role[] = ['caseworker', 'supervisor']

export interface OfferedEpoch {
  /** What `openItem` gave for the record, opened with the key in use; null when none was delivered. */
  readonly payload: unknown
  /** The wraps of the new epoch that were delivered to this reader. */
  readonly slots: readonly Pick<Slot, 'slot' | 'wrap'>[]
}

/**
 * The key of the next epoch, when a caseworker or supervisor of a verified roster signed that it follows the key in use, and
 * this reader's own wrap holds it. `reader` is `survivor` for the person who opened the case: her wrap must lie in the slot that
 * the record names. Throws `EPOCH_UNTRUSTED` for everything else: the key in use stays in use.
 */
export async function acceptEpoch(
  current: CaseKey,
  offered: OfferedEpoch,
  own: { readonly reader: 'survivor' | 'staff'; readonly identity: AgeIdentity },
  context: CaseContext,
): Promise<CaseKey> {
  const body = checkRecord(current, offered.payload, context)
  const wrap =
    own.reader === 'survivor'
      ? offered.slots.find(({ slot }) => slot === body.survivorSlot)
      : offered.slots[0]
  if (wrap === undefined) throw untrusted('no key was delivered for you')
  const expected = { caseRef: current.caseRef, epoch: current.epoch + 1 }
  const next = await openWrap(wrap.wrap, own.identity, expected).catch((cause: unknown) => {
    throw untrusted('the key that was delivered for you does not open', cause)
  })
  if (bytesToHex(recipientDigest(next.identity.recipient)) !== body.recipientSha256)
    throw untrusted('the key that was delivered for you is another one')
  return next
}

function checkRecord(current: CaseKey, payload: unknown, context: CaseContext): EpochBody {
  if (context.caseRef !== current.caseRef) throw untrusted('it is of another case')
  const outcome = checkMessage({ id: 'epoch', epoch: current.epoch, payload }, context)
  if (!outcome.isGood) throw untrusted('nobody who is known has signed it')
  const { message, role } = outcome.checked
  if (message.t !== 'epoch' || message.epoch !== current.epoch + 1)
    throw untrusted('it does not follow the key in use')
  if (role === 'survivor' || !EPOCH_ROLES.includes(role)) throw untrusted('its author may not start an epoch')
  const { body } = message
  if (!isEpochBody(body)) throw untrusted('it is not in its form')
  if (body.prevRecipientSha256 !== bytesToHex(recipientDigest(current.identity.recipient)))
    throw untrusted('it follows another key than the one in use')
  return body
}

function untrusted(what: string, cause?: unknown): SealError {
  return new SealError(
    'EPOCH_UNTRUSTED',
    `The change of this case's key is not trusted: ${what}. The key in use stays in use; please call.`,
    { cause },
  )
}

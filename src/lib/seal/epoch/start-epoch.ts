import { bytesToHex } from '../../bytes/index.ts'
import { SealError } from '../errors.ts'
import { sealItem } from '../frame/item.ts'
import type { RandomBytes } from '../keys/random.ts'
import type { SigningKey } from '../keys/signing.ts'
import { composeMessage, type Draft } from '../message/compose.ts'
import type { Heads, SignedMessage } from '../message/model.ts'
import { type CaseKey, nextCaseKey } from '../wrap/case-key.ts'
import { type Reader, type Slot, sealSlots } from '../wrap/slots.ts'
import { recipientDigest } from '../wrap/wrap-plain.ts'
import { type EpochBody, type EpochReason, isEpochBody } from './epoch-body.ts'

/** A key of a case is used for no longer, though nobody leaves. */
export const ROUTINE_EPOCH_DAYS = 180

/** What a member decides about a new epoch. */
export interface EpochChange extends Pick<Draft, 'author' | 'roster' | 'day'> {
  readonly reason: EpochReason
  readonly survivor: Reader
  readonly recovery: Reader
  /** Those who stay. */
  readonly members: readonly Reader[]
}

export interface EpochMeans {
  /** The author's. */
  readonly sign: SigningKey
  readonly heads: Heads
  readonly random: RandomBytes
}

export interface NewEpoch {
  readonly key: CaseKey
  /** For the server: the wraps of the new epoch. It deletes the old ones of whoever left. */
  readonly slots: readonly Slot[]
  readonly message: SignedMessage
  /** The signed record, sealed to the old recipient and to the new one. */
  readonly items: readonly [Uint8Array, Uint8Array]
}

/**
 * A new key for a case, wrapped to everybody who stays, to the survivor and to recovery, and the record that says so, signed by
 * `author` and tied to `heads`. What was written before stays readable to whoever could read it. Errors: `WRAP_SLOTS`,
 * `SEAL_RECIPIENT`, `MESSAGE_INVALID`.
 */
export async function startEpoch(
  previous: CaseKey,
  { reason, survivor, recovery, members, ...draft }: EpochChange,
  { sign, heads, random }: EpochMeans,
): Promise<NewEpoch> {
  const key = await nextCaseKey(previous, random)
  const readers = [survivor, recovery, ...members]
  const slots = await sealSlots(key, readers, random)
  const survivorSlot = slots.find(({ address }) => address === survivor.address)?.slot ?? -1
  const body: EpochBody = {
    recipientSha256: bytesToHex(recipientDigest(key.identity.recipient)),
    prevRecipientSha256: bytesToHex(recipientDigest(previous.identity.recipient)),
    reason,
    wraps: slots.length,
    survivorSlot,
  }
  if (!isEpochBody(body)) throw new SealError('MESSAGE_INVALID', 'The change of key is not in its form.')
  const { caseRef, epoch } = key
  const message = composeMessage({ ...draft, t: 'epoch', caseRef, epoch, body }, sign, heads)
  const items = [
    await sealItem(message, previous.identity.recipient),
    await sealItem(message, key.identity.recipient),
  ] as const
  return { key, slots, message, items }
}

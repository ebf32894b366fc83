import { SealError } from '../errors.ts'
import { base64urlToBytes, bytesToBase64url } from '../keys/base64url.ts'
import { checkWhole } from '../keys/checks.ts'
import { hybridIdentityOf } from '../keys/identity.ts'
import type { RandomBytes } from '../keys/random.ts'
import { shuffled } from '../keys/shuffle.ts'
import { SEED_BYTES } from '../keys/signing.ts'
import { CASE_REF_BYTES, type CaseKey } from './case-key.ts'
import { sealWrap } from './wrap.ts'

/** Wraps of a new epoch, whoever reads the case. */
export const SLOTS = 12
/** What is added when all slots of an epoch are in use. */
export const ADDED_SLOTS = 4
const ADDRESS_BYTES = 16
/** The most people who can read one case: everybody in a full roster, the survivor and recovery. */
const MAX_READERS = 66

/** How many slots an epoch with so many readers has: twelve, and blocks of four beyond. */
export function slotCount(readers: number): number {
  checkWhole(readers, 0, MAX_READERS, 'The number of readers')
  return SLOTS + ADDED_SLOTS * Math.ceil(Math.max(0, readers - SLOTS) / ADDED_SLOTS)
}

/** Somebody who gets the key of a case. */
export interface Reader {
  /** Tells the server to whom it may deliver the wrap: 16 bytes in base64url, from the roster, or the survivor's mailbox. */
  readonly address: string
  /** Hybrid age recipient. */
  readonly recipient: string
}

/** What the server gets to keep. Nothing in it tells a wrap that somebody can open from one that nobody can. */
export interface Slot {
  /** From 0. */
  readonly slot: number
  readonly address: string
  readonly wrap: Uint8Array
}

/**
 * The wraps of one epoch, in random order. Slots without a reader are filled with wraps of random keys under random addresses,
 * sealed to keys that nobody keeps, so that neither their number nor their bytes tell how many people read the case. Errors:
 * `WRAP_SLOTS` for more readers than slots, the same address or recipient twice, or an address that is none; `SEAL_RECIPIENT`.
 */
export async function sealSlots(
  key: CaseKey,
  readers: readonly Reader[],
  random: RandomBytes,
  {
    slots = slotCount(readers.length),
    firstSlot = 0,
  }: { readonly slots?: number; readonly firstSlot?: number } = {},
): Promise<Slot[]> {
  checkWhole(slots, 1, slotCount(MAX_READERS), 'The number of slots')
  checkWhole(firstSlot, 0, 1024, 'The number of the first slot')
  checkReaders(readers, slots)
  const filler = Array.from({ length: slots - readers.length }, () => null)
  const order = shuffled<Reader | null>([...readers, ...filler], random)
  const sealed: Slot[] = []
  for (const [i, reader] of order.entries()) {
    const slot = firstSlot + i
    sealed.push(
      reader === null
        ? {
            slot,
            address: bytesToBase64url(random(ADDRESS_BYTES)),
            wrap: await fillerWrap(key.epoch, random),
          }
        : { slot, address: reader.address, wrap: await sealWrap(key, reader.recipient) },
    )
  }
  return sealed
}

async function fillerWrap(epoch: number, random: RandomBytes): Promise<Uint8Array> {
  const nobody = await hybridIdentityOf(random(SEED_BYTES))
  const caseRef = bytesToBase64url(random(CASE_REF_BYTES))
  return sealWrap({ caseRef, epoch, identity: await hybridIdentityOf(random(SEED_BYTES)) }, nobody.recipient)
}

function checkReaders(readers: readonly Reader[], slots: number): void {
  if (readers.length > slots) throw slotsError('There are more readers than slots.')
  if (readers.some(({ address }) => base64urlToBytes(address, ADDRESS_BYTES) === null))
    throw slotsError('The address of a reader is not 16 bytes.')
  const addresses = new Set(readers.map(({ address }) => address))
  const recipients = new Set(readers.map(({ recipient }) => recipient))
  if (addresses.size < readers.length || recipients.size < readers.length)
    throw slotsError('Two readers have the same address or recipient.')
}

function slotsError(message: string): SealError {
  return new SealError('WRAP_SLOTS', message)
}

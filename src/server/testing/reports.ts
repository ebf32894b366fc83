import { createHash, randomBytes } from 'node:crypto'
import type { Puzzle } from '#contract/intake.ts'
import { FIRST_WRAPS, ITEM_BYTES, WRAP_BYTES } from '#contract/sizes.ts'
import { padmeLength, sealedLength, signingKeyOf } from '#lib/seal/index.ts'
import type { MailboxKeys, SealedReport } from '../../client/index.ts'

/** A survivor as the server sees her: keys, and ciphertext that is as good as random. */
export interface Survivor {
  readonly keys: MailboxKeys
  readonly report: SealedReport
}

export interface SurvivorOptions {
  readonly week?: string
  /** Indexes into `ITEM_BYTES`; a small and a middling one unless told. */
  readonly itemClasses?: readonly number[]
}

/** Somebody new with a new report. */
export function newSurvivor({ week = '2026-W48', itemClasses = [0, 1] }: SurvivorOptions = {}): Survivor {
  const keys = newMailboxKeys()
  const own = randomIndex(FIRST_WRAPS)
  const wraps = Array.from({ length: FIRST_WRAPS }, (_, slot) => ({
    address: slot === own ? keys.mailbox : newId(),
    wrap: new Uint8Array(randomBytes(WRAP_BYTES)),
  }))
  const items = itemClasses.map((sizeClass) => randomItem(sizeClass))
  const commitment = new Uint8Array(randomBytes(32))
  return {
    keys,
    report: { mailbox: keys.mailbox, authPublicKey: keys.auth.publicKey, wraps, items, commitment, week },
  }
}

export function newMailboxKeys(): MailboxKeys {
  return { mailbox: newId(), auth: signingKeyOf(new Uint8Array(randomBytes(32))) }
}

export function newId(): string {
  return randomBytes(16).toString('base64url')
}

export function randomItem(sizeClass: number): Uint8Array {
  return new Uint8Array(randomBytes(ITEM_BYTES[sizeClass] ?? 0))
}

/** How long the sealed file of so many bytes of content is. */
export function sealedFileSize(contentBytes: number): number {
  return sealedLength(padmeLength(Math.max(65_536, contentBytes)))
}

function randomIndex(below: number): number {
  return randomBytes(4).readUInt32BE() % below
}

/** The counter of a puzzle, by trying. */
export async function solve({ nonce, bits }: Puzzle): Promise<number> {
  const bytes = Buffer.alloc(20)
  bytes.set(Buffer.from(nonce, 'hex'))
  for (let counter = 0; ; counter++) {
    bytes.writeUInt32BE(counter, 16)
    if (Math.clz32(createHash('sha256').update(bytes).digest().readUInt32BE(0)) >= bits) return counter
  }
}

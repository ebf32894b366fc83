import { sha256 } from '@noble/hashes/sha2.js'
import { SealError } from '../errors.ts'
import { checkLength, checkWhole } from '../keys/checks.ts'
import { type LeadingWord, leadingWordOf } from './leading-word.ts'

const NONCE_BYTES = 16
const MAX_COUNTER = 2 ** 32 - 1
// Beyond it a phone would search for hours.
const MAX_BITS = 24

/** What a server asks for before it accepts a report: as many leading zero bits. It replaces every puzzle. */
export interface WorkChallenge {
  /** 16 bytes. */
  readonly nonce: Uint8Array
  /** 1 to 24; each bit more doubles the work. */
  readonly bits: number
}

export interface WorkOptions {
  /** Called between slices with the hashes done so far and how many are needed on average. */
  readonly onProgress?: (done: number, expected: number) => void
  /** Looked at between slices; an `AbortSignal` fits. */
  readonly signal?: { readonly aborted: boolean }
  /** Hashes in one slice, 1 to 1,000,000; without it about 20 ms on a desktop, so that typing is not disturbed. */
  readonly sliceHashes?: number
}

/**
 * A counter with which SHA-256(nonce ‖ counter as 32 bits, big-endian) begins with as many zero bits. Gives way to other work
 * between slices. Errors: `POW_CANCELLED`, `SEAL_INPUT`.
 */
export async function solveWork(challenge: WorkChallenge, options: WorkOptions = {}): Promise<number> {
  checkChallenge(challenge)
  const { onProgress, signal, sliceHashes = 50_000 } = options
  const leadingWord = leadingWordOf(challenge.nonce)
  checkWhole(sliceHashes, 1, 1_000_000, 'The number of hashes in a slice')
  for (let from = 0; from <= MAX_COUNTER; from += sliceHashes) {
    if (signal?.aborted) throw new SealError('POW_CANCELLED', 'The search was called off.')
    const counter = searchSlice(
      leadingWord,
      challenge.bits,
      from,
      Math.min(from + sliceHashes, MAX_COUNTER + 1),
    )
    if (counter !== null) return counter
    onProgress?.(from + sliceHashes, 2 ** challenge.bits)
    await new Promise<void>((resume) => setTimeout(resume, 0))
  }
  throw new SealError('POW_CANCELLED', 'No counter fits this challenge. Ask for another one.')
}

/** Refuses (`POW_REQUIRED`) a counter that is not the work asked for. Whether it was used before, the server has to know. */
export function checkWork(challenge: WorkChallenge, counter: number): void {
  checkChallenge(challenge)
  const isCounter = Number.isSafeInteger(counter) && counter >= 0 && counter <= MAX_COUNTER
  if (!isCounter || Math.clz32(firstWordOf(challenge.nonce, counter)) < challenge.bits)
    throw new SealError('POW_REQUIRED', 'The proof of work is missing or wrong.')
}

function searchSlice(leadingWord: LeadingWord, bits: number, from: number, to: number): number | null {
  for (let counter = from; counter < to; counter++)
    if (Math.clz32(leadingWord(counter)) >= bits) return counter
  return null
}

/** By the general program, so that search and check do not share a mistake. */
function firstWordOf(nonce: Uint8Array, counter: number): number {
  const input = new Uint8Array(NONCE_BYTES + 4)
  input.set(nonce)
  new DataView(input.buffer).setUint32(NONCE_BYTES, counter)
  const digest = sha256(input)
  return new DataView(digest.buffer, digest.byteOffset).getUint32(0)
}

function checkChallenge({ nonce, bits }: WorkChallenge): void {
  checkLength(nonce, NONCE_BYTES, 'The nonce of a proof of work')
  checkWhole(bits, 1, MAX_BITS, 'The bits of a proof of work')
}

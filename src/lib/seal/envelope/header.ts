import { SealError } from '../errors.ts'
import type { ByteSource } from './byte-stream.ts'

// Room for all recipients that sealing allows, and for as many stanzas of kinds that are skipped.
const MAX_HEADER_BYTES = 64 * 1024
const MAX_STANZAS = 32
const END_OF_HEADER = new TextEncoder().encode('\n--- ')
const START_OF_STANZA = new TextEncoder().encode('\n-> ')

/**
 * Refuses (`SEAL_BROKEN`) what cannot be an age file of ours, before any key is tried: each stanza may cost a decapsulation, so
 * a header of a million of them would keep a phone busy for hours.
 */
export function checkHeader(start: Uint8Array): void {
  const end = indexOf(start, END_OF_HEADER, 0)
  if (end < 0 || end > MAX_HEADER_BYTES) throw brokenError('Not a sealed file.')
  let stanzas = 0
  for (let at = indexOf(start, START_OF_STANZA, 0); at >= 0 && at < end; stanzas++)
    at = indexOf(start, START_OF_STANZA, at + 1)
  if (stanzas > MAX_STANZAS) throw brokenError('This sealed file has too many readers.')
}

/** The same bytes, after the header among them has been checked. */
export async function* withCheckedHeader(source: ByteSource): AsyncGenerator<Uint8Array> {
  const start = new Uint8Array(MAX_HEADER_BYTES + END_OF_HEADER.length)
  let used = 0
  let isChecked = false
  for await (const piece of source) {
    if (isChecked) {
      yield piece
      continue
    }
    const taken = piece.subarray(0, start.length - used)
    start.set(taken, used)
    const held = start.subarray(0, used + taken.length)
    // The mark may have begun in the piece before.
    const isComplete = indexOf(held, END_OF_HEADER, Math.max(0, used - END_OF_HEADER.length)) >= 0
    used = held.length
    if (!isComplete && used < start.length) continue
    checkHeader(held)
    isChecked = true
    yield held
    if (taken.length < piece.length) yield piece.subarray(taken.length)
  }
  if (!isChecked) throw brokenError('Not a sealed file.')
}

export function brokenError(message: string, cause?: unknown): SealError {
  return new SealError('SEAL_BROKEN', message, { cause })
}

function indexOf(bytes: Uint8Array, pattern: Uint8Array, from: number): number {
  const first = pattern[0] ?? 0
  for (let at = bytes.indexOf(first, from); at >= 0; at = bytes.indexOf(first, at + 1)) {
    if (at > MAX_HEADER_BYTES) return -1
    if (pattern.every((byte, i) => bytes[at + i] === byte)) return at
  }
  return -1
}

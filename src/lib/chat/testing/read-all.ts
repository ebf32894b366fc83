import type { ChatReader, Collection, Message, ReadOptions, StreamHash } from '../model.ts'

/** Now, for tests: 2026-01-15T00:00:00Z. */
export const TEST_NOW_MS = Date.UTC(2026, 0, 15)

export function testReadOptions(over: Partial<ReadOptions> = {}): ReadOptions {
  return { sha256: countingHash, nowMs: TEST_NOW_MS, ...over }
}

/**
 * Stands in for SHA-256 where no test may depend on a runtime's crypto: not a digest, but it differs when bytes are
 * left out, repeated or swapped, and `digestOf` gives the expected value.
 */
export function countingHash(): StreamHash {
  let length = 0
  let sum = 0
  return {
    update: (bytes) => {
      for (const byte of bytes) {
        length++
        sum = (Math.imul(sum, 31) + byte) >>> 0
      }
    },
    hex: () => `${length.toString(16)}-${sum.toString(16)}`,
  }
}

export function digestOf(bytes: Uint8Array): string {
  const hash = countingHash()
  hash.update(bytes)
  return hash.hex()
}

/** Every message of an export and its summary. */
export async function readAll(reader: ChatReader): Promise<{ messages: Message[]; summary: Collection }> {
  const messages: Message[] = []
  for await (const batch of reader.batches()) for (const message of batch) messages.push(message)
  return { messages, summary: reader.summary() }
}

import { randomBytes } from 'node:crypto'
import { HASH_BYTES } from '#lib/tlog/index.ts'
import type { ReadResource } from './storage.ts'
import { commitmentInEntry, ENTRY_BYTES, storedBundles } from './tile-files.ts'

const WORDS = HASH_BYTES / 4
const SMALLEST_TABLE = 1024
/** Slots for each entry, at least: fewer make long searches. */
const SLOTS_AN_ENTRY = 1.25

/**
 * Finds commitments among all entries of a signed tree, in memory: 10 to 20 bytes an entry, and one pass over the entries
 * when it is made. The hash has secret coefficients, because whoever hands in commitments can choose them.
 */
export class CommitmentIndex {
  readonly #coefficients = Uint32Array.from({ length: WORDS }, () => randomBytes(4).readUInt32LE() | 1)
  /** The index of an entry and one more; 0 where a slot is free. */
  #slots = new Uint32Array(SMALLEST_TABLE)
  #hashes = new Uint32Array(SMALLEST_TABLE)
  #size = 0

  /** Takes in what the tree has gained up to `size`. */
  async grow(read: ReadResource, size: number): Promise<void> {
    if (size <= this.#size) return
    this.#makeRoom(size)
    for await (const { first, bytes } of storedBundles(read, size, this.#size)) {
      const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
      for (let at = 0, index = first; at < text.length; at += ENTRY_BYTES, index++) {
        if (index < this.#size) continue
        this.#place(this.#hash(commitmentInEntry(text, at)), index + 1)
      }
    }
    this.#size = size
  }

  /** Indexes at which this commitment, in base64, may stand: none, or hardly ever more than the one. */
  candidates(commitment: string): number[] {
    const hash = this.#hash(commitment)
    const mask = this.#slots.length - 1
    const found: number[] = []
    for (let i = hash & mask; ; i = (i + 1) & mask) {
      const entry = this.#slots[i] ?? 0
      if (entry === 0) return found
      if (this.#hashes[i] === hash) found.push(entry - 1)
    }
  }

  #hash(commitment: string): number {
    const bytes = Buffer.from(commitment, 'base64')
    let hash = 0
    for (let i = 0; i < WORDS; i++) {
      hash = (hash + Math.imul(bytes.readUInt32LE(i * 4), this.#coefficients[i] ?? 1)) | 0
    }
    // The lowest bits of a product depend on the lowest of its factors alone.
    return (hash ^ (hash >>> 15)) >>> 0
  }

  #place(hash: number, entry: number): void {
    const mask = this.#slots.length - 1
    let i = hash & mask
    while (this.#slots[i] !== 0) i = (i + 1) & mask
    this.#slots[i] = entry
    this.#hashes[i] = hash
  }

  #makeRoom(size: number): void {
    let length = this.#slots.length
    while (length < size * SLOTS_AN_ENTRY) length *= 2
    if (length === this.#slots.length) return
    const [slots, hashes] = [this.#slots, this.#hashes]
    this.#slots = new Uint32Array(length)
    this.#hashes = new Uint32Array(length)
    slots.forEach((entry, i) => {
      if (entry !== 0) this.#place(hashes[i] ?? 0, entry)
    })
  }
}

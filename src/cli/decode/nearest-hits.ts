import type { WindowHitRecord } from './picture-job.ts'

/** Of one entry. Two copies of a picture give some hundred. */
const MOST_OF_ENTRY = 4_000
/** Of all entries; some 100 bytes each. */
const MOST = 500_000
/** Once there are that many. A vote still looks at fewer: 80. */
const FEW_OF_ENTRY = 160

/**
 * The hits of each entry. Past 4,000 of one entry, or 500,000 of all, only the nearest are kept: a bank that holds one
 * picture thousands of times, or a picture that repeats itself, must not fill the memory.
 */
export class NearestHits {
  readonly #byEntry = new Map<number, WindowHitRecord[]>()
  #count = 0
  #mostOfEntry = MOST_OF_ENTRY

  add(entry: number, hit: WindowHitRecord): void {
    const hits = this.#byEntry.get(entry) ?? []
    if (hits.length === 0) this.#byEntry.set(entry, hits)
    hits.push(hit)
    this.#count++
    if (hits.length >= 2 * this.#mostOfEntry) this.#cut(hits)
    if (this.#count < MOST || this.#mostOfEntry === FEW_OF_ENTRY) return
    this.#mostOfEntry = FEW_OF_ENTRY
    for (const own of this.#byEntry.values()) this.#cut(own)
  }

  byEntry(): Iterable<[entry: number, hits: readonly WindowHitRecord[]]> {
    return this.#byEntry
  }

  #cut(hits: WindowHitRecord[]): void {
    if (hits.length <= this.#mostOfEntry) return
    this.#count -= hits.length - this.#mostOfEntry
    hits.sort((a, b) => a.distance - b.distance).length = this.#mostOfEntry
  }
}

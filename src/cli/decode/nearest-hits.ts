import type { WindowHitRecord } from './picture-job.ts'

/** More than a vote looks at (80), so that nothing it needs is lost. */
const KEPT = 160

/**
 * The nearest hits of each entry, by distance, then in the order they came: a bank that holds one picture many times, or
 * a picture that repeats itself, must not fill the memory.
 */
export class NearestHits {
  readonly #byEntry = new Map<number, WindowHitRecord[]>()

  add(entry: number, hit: WindowHitRecord): void {
    const hits = this.#byEntry.get(entry)
    if (!hits) {
      this.#byEntry.set(entry, [hit])
      return
    }
    hits.push(hit)
    if (hits.length < 2 * KEPT) return
    hits.sort((a, b) => a.distance - b.distance).length = KEPT
  }

  byEntry(): Iterable<[entry: number, hits: readonly WindowHitRecord[]]> {
    return this.#byEntry
  }
}

import type { Hit } from '#lib/radius/index.ts'

/**
 * `RadiusIndex` of `src/lib/radius` for an index that lies elsewhere and answers later: the same question, the same exact
 * answer. What a call has made findable, or taken away, is so for every query that starts after the call has resolved.
 * All methods throw `DatabaseError` besides: DATABASE_UNREACHABLE, DATABASE_TIMEOUT, DATABASE_FAILED.
 */
export interface AsyncRadiusIndex {
  /** How many fingerprints can be found. */
  size(): Promise<number>

  /**
   * Makes a fingerprint findable. `id` is a whole number 0..2^32-1, `fingerprint` 32 bytes. Throws `RadiusError`:
   * BAD_ID, BAD_LENGTH, DUPLICATE_ID.
   */
  add(id: number, fingerprint: Uint8Array): Promise<void>

  /** Forgets an id; false when it was not there. */
  remove(id: number): Promise<boolean>

  /**
   * Every hit at a distance <= `radius` (inclusive, whole number 0..31, 31 unless told), sorted by distance, then id: all
   * of them or an error, never a part. Throws `RadiusError`: BAD_LENGTH, BAD_RADIUS; DATABASE_CANCELLED once `signal` is
   * aborted, and the server stops working on it.
   */
  query(fingerprint: Uint8Array, radius?: number, signal?: AbortSignal): Promise<Hit[]>

  /** `query` for each 32 bytes of `fingerprints`, answers in the same order. Errors as `query`. */
  queryMany(fingerprints: Uint8Array, radius?: number, signal?: AbortSignal): Promise<Hit[][]>
}

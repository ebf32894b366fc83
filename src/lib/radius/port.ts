/** One fingerprint within the radius: the id it was added under and its Hamming distance in bits. */
export interface Hit {
  readonly id: number
  readonly distance: number
}

/**
 * Exact radius search over 256-bit fingerprints: every id within the radius is found, always. In-process, pooled and
 * SQL indexes answer this same port.
 */
export interface RadiusIndex {
  /** How many fingerprints can be found. */
  readonly size: number

  /**
   * Makes a fingerprint findable from the next query on. `id` is a whole number 0..2^32-1, `fingerprint` 32 bytes,
   * which are copied. Throws `RadiusError`: BAD_ID, BAD_LENGTH, DUPLICATE_ID, TOO_MANY.
   */
  add(id: number, fingerprint: Uint8Array): void

  /** Forgets an id from the next query on; false when it was not there. */
  remove(id: number): boolean

  /**
   * Every hit at a distance <= `radius` (inclusive, whole number 0..31, 31 unless told), sorted by distance, then id.
   * Throws `RadiusError`: BAD_LENGTH, BAD_RADIUS.
   */
  query(fingerprint: Uint8Array, radius?: number): Hit[]

  /** `query` for each 32 bytes of `fingerprints`, answers in the same order. Errors as `query`. */
  queryMany(fingerprints: Uint8Array, radius?: number): Hit[][]

  /** The ids and fingerprints as bytes that survive a restart: versioned and checksummed (see `snapshot.ts`). */
  snapshot(): Uint8Array
}

import { RadiusError } from './errors.ts'
import { IdTable } from './id-table.ts'
import { MAX_RADIUS, type PlanOptions, planFor } from './plan.ts'
import type { Hit, RadiusIndex } from './port.ts'
import { Rows, scanRows } from './rows.ts'
import { Segment } from './segment.ts'
import { corrupt, decodeSnapshot, encodeSnapshot } from './snapshot.ts'
import { assertFingerprint, FINGERPRINT_BYTES, packRow, ROW_WORDS } from './words.ts'

// Up to so many rows looking at each one is about as quick as any table (measured: 2 microseconds either way).
const FLAT_ROWS = 256

export interface ExactIndexOptions extends PlanOptions {
  /** Rows that are looked at one by one before they are put into tables. 256 unless told. */
  readonly flatRows?: number
}

/**
 * The radius index of one process. Inserts land in a short list that each query looks through; when it is full it
 * becomes a segment together with all younger segments that are not larger, so that there are never more than about
 * log2(size / 256) of them and each row is moved as rarely. Removed rows are passed over and dropped at the next merge.
 */
export class ExactIndex implements RadiusIndex {
  readonly #options: ExactIndexOptions
  readonly #flatRows: number
  readonly #rows = new Rows()
  readonly #table = new IdTable()
  readonly #query = new Uint32Array(ROW_WORDS)
  #segments: Segment[] = []

  /** Throws `RadiusError` BAD_OPTIONS. */
  constructor(options: ExactIndexOptions = {}) {
    planFor(0, options)
    const flatRows = options.flatRows ?? FLAT_ROWS
    if (!Number.isInteger(flatRows) || flatRows < 1) {
      throw new RadiusError('BAD_OPTIONS', 'The number of flat rows is a whole number from 1.')
    }
    this.#options = options
    this.#flatRows = flatRows
  }

  /** An index over what `snapshot()` wrote. Throws `RadiusError`: SNAPSHOT_CORRUPT, SNAPSHOT_VERSION, BAD_OPTIONS. */
  static load(bytes: Uint8Array, options: ExactIndexOptions = {}): ExactIndex {
    const { ids, fingerprints } = decodeSnapshot(bytes)
    const index = new ExactIndex(options)
    try {
      index.addMany(ids, fingerprints)
    } catch (error) {
      throw error instanceof RadiusError && error.code === 'DUPLICATE_ID' ? corrupt(error) : error
    }
    return index
  }

  get size(): number {
    return this.#rows.count - this.#rows.removedCount
  }

  /** Bytes of the tables and rows in use, without spare capacity. */
  get sizeBytes(): number {
    const tables = this.#segments.reduce((sum, segment) => sum + segment.tableBytes, 0)
    return tables + this.#rows.count * (FINGERPRINT_BYTES + 4 + 1)
  }

  add(id: number, fingerprint: Uint8Array): void {
    assertFingerprint(fingerprint)
    this.#assertNewId(id)
    this.#rows.reserve(1)
    this.#table.insert(this.#rows.ids, this.#rows.append(id, fingerprint, 0))
    this.#mergeWhenFull()
  }

  /**
   * `add` for many at once, building tables only once: `fingerprints` holds 32 bytes per id. All are added or, on an
   * error, none. Errors as `add`; BAD_LENGTH also when the numbers do not agree.
   */
  addMany(ids: ArrayLike<number>, fingerprints: Uint8Array): void {
    if (!(fingerprints instanceof Uint8Array) || fingerprints.length !== ids.length * FINGERPRINT_BYTES) {
      throw new RadiusError('BAD_LENGTH', 'There must be 32 bytes of fingerprint per id.')
    }
    const before = this.#rows.count
    this.#rows.reserve(ids.length)
    try {
      for (let n = 0; n < ids.length; n++) {
        const id = ids[n] ?? -1
        this.#assertNewId(id)
        this.#table.insert(this.#rows.ids, this.#rows.append(id, fingerprints, n * FINGERPRINT_BYTES))
      }
    } catch (error) {
      while (this.#rows.count > before) this.#table.remove(this.#rows.ids, --this.#rows.count)
      throw error
    }
    this.#mergeWhenFull()
  }

  remove(id: number): boolean {
    if (!isId(id)) return false
    const row = this.#table.find(this.#rows.ids, id)
    if (row < 0) return false
    this.#table.remove(this.#rows.ids, row)
    this.#rows.remove(row)
    // Half of the rows removed: drop them everywhere, or a bank that turns over would grow without end.
    if (this.#rows.removedCount > this.#flatRows && this.#rows.removedCount > this.size) this.#merge(0)
    return true
  }

  query(fingerprint: Uint8Array, radius: number = MAX_RADIUS): Hit[] {
    assertFingerprint(fingerprint)
    assertRadius(radius)
    return this.#find(fingerprint, 0, radius)
  }

  queryMany(fingerprints: Uint8Array, radius: number = MAX_RADIUS): Hit[][] {
    if (!(fingerprints instanceof Uint8Array) || fingerprints.length % FINGERPRINT_BYTES !== 0) {
      throw new RadiusError('BAD_LENGTH', 'Each fingerprint is 32 bytes.')
    }
    assertRadius(radius)
    const answers: Hit[][] = []
    for (let from = 0; from < fingerprints.length; from += FINGERPRINT_BYTES) {
      answers.push(this.#find(fingerprints, from, radius))
    }
    return answers
  }

  snapshot(): Uint8Array {
    return encodeSnapshot(this.#rows)
  }

  #find(fingerprints: Uint8Array, from: number, radius: number): Hit[] {
    packRow(fingerprints, from, this.#query, 0)
    const hits: Hit[] = []
    for (const segment of this.#segments) segment.query(this.#rows, this.#query, radius, hits)
    scanRows(this.#rows, this.#indexedRows(), this.#rows.count, this.#query, radius, hits)
    return hits.sort((a, b) => a.distance - b.distance || a.id - b.id)
  }

  #assertNewId(id: number): void {
    if (!isId(id)) throw new RadiusError('BAD_ID', 'An id is a whole number from 0 to 4294967295.')
    if (this.#table.find(this.#rows.ids, id) >= 0) {
      throw new RadiusError('DUPLICATE_ID', 'This id is in the index already.')
    }
  }

  /** Rows that are in segments; those after them are looked at one by one. */
  #indexedRows(): number {
    return this.#segments.at(-1)?.end ?? 0
  }

  #mergeWhenFull(): void {
    if (this.#rows.count - this.#indexedRows() <= this.#flatRows) return
    let start = this.#indexedRows()
    for (const segment of this.#segments.toReversed()) {
      if (segment.end - segment.start > this.#rows.count - start) break
      start = segment.start
    }
    this.#merge(start)
  }

  /** Puts all rows from `start` (where a segment begins or the indexed rows end) into one segment. */
  #merge(start: number): void {
    // A row's id stands at its old place until later rows overwrite it, which is after the table has been told.
    this.#rows.compact(start, (from, to) => this.#table.move(this.#rows.ids, from, to))
    this.#segments = this.#segments.filter((segment) => segment.end <= start)
    const live = this.#rows.count - start
    if (live <= this.#flatRows) return
    this.#segments.push(new Segment(this.#rows, start, this.#rows.count, planFor(live, this.#options)))
  }
}

function isId(id: number): boolean {
  return Number.isInteger(id) && id >= 0 && id <= 0xffffffff
}

function assertRadius(radius: number): void {
  if (!Number.isInteger(radius) || radius < 0 || radius > MAX_RADIUS) {
    throw new RadiusError('BAD_RADIUS', `The radius is a whole number from 0 to ${MAX_RADIUS}.`)
  }
}

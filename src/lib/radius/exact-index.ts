import { type Arena, Arenas } from './arenas.ts'
import { buildSegment, exhaust, SLICE_ROWS } from './build-segment.ts'
import { assertFingerprint, assertFingerprints, assertRadius, isId } from './checks.ts'
import { RadiusError } from './errors.ts'
import { layOut } from './layout.ts'
import { segmentsToCompact, segmentsToMerge } from './merge-policy.ts'
import { type ExactIndexOptions, type Settings, settingsOf } from './options.ts'
import { FINGERPRINT_BYTES } from './permutation.ts'
import { MAX_RADIUS, type Plan, planFor } from './plan.ts'
import type { Hit, RadiusIndex } from './port.ts'
import { Rebuild } from './rebuild.ts'
import { searchSegments } from './search-segments.ts'
import { Segment, type SegmentHandle } from './segment.ts'
import { corrupt, decodeSnapshot, encodeSnapshot } from './snapshot.ts'

/** The most rows a single write passes over for a rebuild, 0.2 ms or so. */
const MAX_WORK_PER_WRITE = 4_096
/** Whether a rebuild is due is looked at once in so many writes. */
const WRITES_PER_CHECK = 64
/** When memory does not suffice for a rebuild, it is tried again at so many times the size. */
const RETRY_GROWTH = 1.25

/**
 * The exact radius index of one process, or the writing side of an `IndexPool`. Rows that are added land in a short list
 * that each query looks through; when it is full it is made into tables together with those that are not much larger, so
 * that there are few of them and each row is moved rarely. That work is done in slices (`rebuilds` in the options), the
 * index answering from what it had; see `Rebuild`.
 */
export class ExactIndex implements RadiusIndex {
  readonly #settings: Settings
  readonly #arenas: Arenas
  readonly #arenaOf = new Map<Segment, Arena>()
  #segments: readonly Segment[] = []
  /** Where rows are added; one of the segments. */
  #active: Segment | null = null
  #rebuild: Rebuild | null = null
  /** Work owed to the rebuild by writes so far, in rows passed over. */
  #owedWork = 0
  /** No rebuild is begun of itself before so many rows, after memory did not suffice for one. */
  #sizeToRetry = 0
  #writesToCheck = 0
  #version = 0

  /** Throws `RadiusError` BAD_OPTIONS. */
  constructor(options: ExactIndexOptions = {}) {
    this.#settings = settingsOf(options)
    this.#arenas = new Arenas(this.#settings.isShared, this.#settings.limitBytes)
  }

  /**
   * An index over what `snapshot()` wrote. Throws `RadiusError`: SNAPSHOT_CORRUPT, SNAPSHOT_VERSION, BAD_OPTIONS,
   * OUT_OF_MEMORY.
   */
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
    return this.#segments.reduce((sum, { liveCount }) => sum + liveCount, 0)
  }

  /** Bytes of memory the index takes, a running rebuild included. */
  get sizeBytes(): number {
    return this.#arenas.takenBytes
  }

  /** What other threads need to read the index; valid while `version` is the same. */
  get handles(): SegmentHandle[] {
    return this.#segments.map(({ handle }) => handle)
  }

  /** Changes whenever `handles` do. */
  get version(): number {
    return this.#version
  }

  add(id: number, fingerprint: Uint8Array): void {
    assertFingerprint(fingerprint)
    this.#assertNewId(id)
    this.#activeSegment().append(id, fingerprint)
    this.#workFor(1)
  }

  /**
   * `add` for many at once, building tables at once when there are enough: `fingerprints` holds 32 bytes per id. All are
   * added or, on an error, none. Errors as `add`; BAD_LENGTH also when the numbers do not agree.
   */
  addMany(ids: ArrayLike<number>, fingerprints: Uint8Array): void {
    if (!(fingerprints instanceof Uint8Array) || fingerprints.length !== ids.length * FINGERPRINT_BYTES) {
      throw new RadiusError('BAD_LENGTH', 'There must be 32 bytes of fingerprint per id.')
    }
    if (ids.length <= this.#settings.flatRows) this.#appendAll(ids, fingerprints)
    else this.#addTables(ids, fingerprints)
    this.#workFor(ids.length)
  }

  remove(id: number): boolean {
    if (!isId(id)) return false
    for (const segment of this.#segments) {
      const row = segment.find(id)
      if (row < 0) continue
      segment.remove(row)
      this.#rebuild?.noteRemoved(segment, id)
      this.#dropWhenEmpty(segment)
      this.#workFor(1)
      return true
    }
    return false
  }

  query(fingerprint: Uint8Array, radius: number = MAX_RADIUS): Hit[] {
    assertFingerprint(fingerprint)
    assertRadius(radius)
    const [hits = []] = searchSegments(this.#segments, fingerprint, radius, 0)
    return hits
  }

  queryMany(fingerprints: Uint8Array, radius: number = MAX_RADIUS): Hit[][] {
    assertFingerprints(fingerprints)
    assertRadius(radius)
    return searchSegments(this.#segments, fingerprints, radius, 0)
  }

  snapshot(): Uint8Array {
    return encodeSnapshot(this.#segments)
  }

  /**
   * Begins to merge what is due, or with `isCompacting` all segments that fit into one; null when there is nothing to merge.
   * One at a time: while one runs, it is the one that is returned. Throws `RadiusError` OUT_OF_MEMORY.
   */
  prepareRebuild(isCompacting = false): Rebuild | null {
    if (this.#rebuild) return this.#rebuild
    const { flatRows, segmentRows, planOptions } = this.#settings
    const choose = isCompacting ? segmentsToCompact : segmentsToMerge
    const limits = { flatRows, maxRows: segmentRows, isFlat: planOptions.layout === 'flat' }
    const sources = choose(this.#segments, limits)
    if (sources.length === 0) return null
    const rows = sources.reduce((sum, { liveCount }) => sum + liveCount, 0)
    const target = rows <= flatRows ? this.#newFlat() : this.#newSegment(planFor(rows, planOptions), rows)
    this.#rebuild = new Rebuild(target, sources, {
      finish: () => this.#replace(sources, target),
      abandon: () => {
        this.#rebuild = null
        this.#release(target)
      },
    })
    this.#owedWork = 0
    // What is added from now on must not land in a segment that is being copied.
    if (this.#active && sources.includes(this.#active)) this.#active = null
    return this.#rebuild
  }

  #assertNewId(id: number): void {
    if (!isId(id)) throw new RadiusError('BAD_ID', 'An id is a whole number from 0 to 4294967295.')
    for (const segment of this.#segments) {
      if (segment.find(id) >= 0) {
        throw new RadiusError('DUPLICATE_ID', 'This id is in the index already.')
      }
    }
  }

  #appendAll(ids: ArrayLike<number>, fingerprints: Uint8Array): void {
    let added = 0
    try {
      for (; added < ids.length; added++) {
        const id = ids[added] ?? -1
        this.#assertNewId(id)
        const from = added * FINGERPRINT_BYTES
        this.#activeSegment().append(id, fingerprints.subarray(from, from + FINGERPRINT_BYTES))
      }
    } catch (error) {
      while (added > 0) this.remove(ids[--added] ?? -1)
      throw error
    }
  }

  #addTables(ids: ArrayLike<number>, fingerprints: Uint8Array): void {
    const { segmentRows, planOptions } = this.#settings
    const before = this.#segments
    try {
      for (let first = 0; first < ids.length; first += segmentRows) {
        const rows = Math.min(segmentRows, ids.length - first)
        for (let n = first; n < first + rows; n++) this.#assertNewId(ids[n] ?? -1)
        const segment = this.#newSegment(planFor(rows, planOptions), rows)
        this.#setSegments([...this.#segments, segment])
        segment.writeRaw(ids, fingerprints, first, rows)
        exhaust(buildSegment(segment, rows, []))
      }
    } catch (error) {
      for (const segment of this.#segments) if (!before.includes(segment)) this.#release(segment)
      this.#setSegments(before)
      throw error
    }
  }

  #activeSegment(): Segment {
    const active = this.#active
    if (active && active.count < active.handle.capacity) return active
    this.#active = this.#newFlat()
    this.#setSegments([...this.#segments, this.#active])
    return this.#active
  }

  #newFlat(): Segment {
    return this.#newSegment(this.#settings.flatPlan, this.#settings.flatCapacity)
  }

  #newSegment(plan: Plan, capacity: number): Segment {
    const { isShared, readers } = this.#settings
    const arena = this.#arenas.take(layOut(plan, capacity, readers).bytes)
    const segment = Segment.create(arena, isShared, plan, capacity, readers)
    this.#arenaOf.set(segment, arena)
    return segment
  }

  #dropWhenEmpty(segment: Segment): void {
    if (segment.liveCount > 0 || segment === this.#active || this.#rebuild?.sources.includes(segment)) return
    this.#release(segment)
    this.#setSegments(this.#segments.filter((other) => other !== segment))
  }

  #release(segment: Segment): void {
    const arena = this.#arenaOf.get(segment)
    this.#arenaOf.delete(segment)
    if (this.#active === segment) this.#active = null
    if (arena) this.#arenas.give(arena)
  }

  #setSegments(segments: readonly Segment[]): void {
    this.#segments = segments
    this.#version++
  }

  #replace(sources: readonly Segment[], target: Segment): void {
    this.#rebuild = null
    const others = this.#segments.filter((segment) => !sources.includes(segment))
    for (const source of sources) this.#release(source)
    if (target.liveCount === 0) {
      this.#release(target)
      this.#setSegments(others)
      return
    }
    if (!target.hasTables) this.#active ??= target
    this.#setSegments([...others, target])
  }

  /** The share of these writes in the work of rebuilding, when nobody else does it. */
  #workFor(writes: number): void {
    const { rebuilds, flatRows } = this.#settings
    if (rebuilds === 'by-host') return
    const rebuild = this.#rebuild ?? this.#rebuildWhenDue(writes)
    if (!rebuild) return
    this.#owedWork += writes * Math.min(MAX_WORK_PER_WRITE, Math.ceil(rebuild.work / flatRows))
    if (this.#owedWork < SLICE_ROWS) return
    const work = this.#owedWork
    this.#owedWork = 0
    rebuild.step(work)
  }

  #rebuildWhenDue(writes: number): Rebuild | null {
    this.#writesToCheck -= writes
    if (this.#writesToCheck > 0 || this.size < this.#sizeToRetry) return null
    this.#writesToCheck = Math.min(WRITES_PER_CHECK, this.#settings.flatRows)
    try {
      return this.prepareRebuild()
    } catch (error) {
      if (!(error instanceof RadiusError && error.code === 'OUT_OF_MEMORY')) throw error
      // The write itself has succeeded, and everything is found without the rebuild, only more slowly.
      this.#sizeToRetry = this.size * RETRY_GROWTH
      return null
    }
  }
}

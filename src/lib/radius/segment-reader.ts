import { assertFingerprints, assertRadius } from './checks.ts'
import { MAX_RADIUS } from './plan.ts'
import type { Hit } from './port.ts'
import { searchSegments } from './search-segments.ts'
import { Segment, type SegmentHandle } from './segment.ts'

/**
 * Reads an index of another thread, whose memories are shared. What that thread added or removed before it sent the query is
 * seen; a rebuild there needs a new `view`.
 */
export class SegmentReader {
  readonly #reader: number
  #segments: readonly Segment[] = []

  /** `reader`: a number of its own, from 1 to one less than the index's `readers`. */
  constructor(reader: number) {
    this.#reader = reader
  }

  /** Reads these segments from now on; what it no longer reads can be freed. */
  view(handles: readonly SegmentHandle[]): void {
    const known = new Map(this.#segments.map((segment) => [segment.handle.memory.buffer, segment]))
    this.#segments = handles.map((handle) => known.get(handle.memory.buffer) ?? new Segment(handle))
  }

  /** As `RadiusIndex.queryMany`. */
  queryMany(fingerprints: Uint8Array, radius: number = MAX_RADIUS): Hit[][] {
    assertFingerprints(fingerprints)
    assertRadius(radius)
    return searchSegments(this.#segments, fingerprints, radius, this.#reader)
  }
}

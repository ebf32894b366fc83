import { FINGERPRINT_BYTES } from './permutation.ts'
import type { Hit } from './port.ts'
import type { Segment } from './segment.ts'

/** Every hit of one fingerprint in all segments, sorted by distance, then id. `reader`: who asks. */
export function searchSegments(
  segments: readonly Segment[],
  fingerprint: Uint8Array,
  radius: number,
  reader: number,
): Hit[] {
  const hits: Hit[] = []
  for (const segment of segments) segment.search(fingerprint, radius, reader, hits)
  return hits.length < 2 ? hits : hits.sort((a, b) => a.distance - b.distance || a.id - b.id)
}

/** `searchSegments` for each 32 bytes. */
export function searchMany(
  segments: readonly Segment[],
  fingerprints: Uint8Array,
  radius: number,
  reader: number,
): Hit[][] {
  const answers: Hit[][] = []
  for (let from = 0; from < fingerprints.length; from += FINGERPRINT_BYTES) {
    const fingerprint = fingerprints.subarray(from, from + FINGERPRINT_BYTES)
    answers.push(searchSegments(segments, fingerprint, radius, reader))
  }
  return answers
}

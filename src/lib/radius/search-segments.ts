import { Scratch } from './layout.ts'
import { FINGERPRINT_BYTES } from './permutation.ts'
import type { Hit } from './port.ts'
import type { Segment } from './segment.ts'

const BATCH_BYTES = Scratch.maxQuestions * FINGERPRINT_BYTES

/** Every hit of each 32 bytes in all segments, sorted by distance, then id. `reader`: who asks. */
export function searchSegments(
  segments: readonly Segment[],
  fingerprints: Uint8Array,
  radius: number,
  reader: number,
): Hit[][] {
  if (fingerprints.length <= BATCH_BYTES) return searchBatch(segments, fingerprints, radius, reader)
  const answers: Hit[][] = []
  for (let from = 0; from < fingerprints.length; from += BATCH_BYTES) {
    const batch = fingerprints.subarray(from, from + BATCH_BYTES)
    answers.push(...searchBatch(segments, batch, radius, reader))
  }
  return answers
}

function searchBatch(
  segments: readonly Segment[],
  fingerprints: Uint8Array,
  radius: number,
  reader: number,
): Hit[][] {
  const answers: Hit[][] = []
  if (fingerprints.length === 0) return answers
  for (let from = 0; from < fingerprints.length; from += FINGERPRINT_BYTES) answers.push([])
  for (const segment of segments) segment.search(fingerprints, radius, reader, answers)
  for (const hits of answers) {
    if (hits.length > 1) hits.sort((a, b) => a.distance - b.distance || a.id - b.id)
  }
  return answers
}

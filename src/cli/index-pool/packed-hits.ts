import type { Hit } from '#lib/radius/index.ts'
import type { PackedHits } from './messages.ts'

/** Two arrays cross between threads far more cheaply than an object per hit. */
export function packHits(answers: readonly (readonly Hit[])[]): PackedHits {
  const hits = answers.flat()
  return {
    counts: Uint32Array.from(answers, ({ length }) => length),
    hits: Uint32Array.from(hits.flatMap(({ id, distance }) => [id, distance])),
  }
}

export function unpackHits({ counts, hits }: PackedHits): Hit[][] {
  let at = 0
  return Array.from(counts, (count) =>
    Array.from({ length: count }, () => ({ id: hits[at++] ?? 0, distance: hits[at++] ?? 0 })),
  )
}

import type { RebuildJob, SegmentHandle } from '#lib/radius/index.ts'

/** What a worker thread is told when it starts. */
export interface WorkerInput {
  /** Its number as a reader of the index, from 1. */
  readonly reader: number
}

/** Work that is answered. */
export type WorkerRequest =
  | { readonly kind: 'query'; readonly fingerprints: Uint8Array; readonly radius: number }
  | { readonly kind: 'rebuild'; readonly job: RebuildJob }

export type ToWorker =
  | { readonly kind: 'view'; readonly handles: readonly SegmentHandle[] }
  | { readonly kind: 'work'; readonly id: number; readonly request: WorkerRequest }

/** Hits of several queries in a row: how many each has, then id and distance of each hit. */
export interface PackedHits {
  readonly counts: Uint32Array
  readonly hits: Uint32Array
}

/** `hits` is empty for a rebuild. */
export type FromWorker =
  | { readonly id: number; readonly answer: PackedHits }
  | { readonly id: number; readonly error: string }

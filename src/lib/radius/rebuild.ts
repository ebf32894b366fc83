import { buildSegment, exhaust, workOf } from './build-segment.ts'
import { RadiusError } from './errors.ts'
import { Segment, type SegmentHandle } from './segment.ts'

/** What another thread needs to do the work of a rebuild; all memories must be shared. */
export interface RebuildJob {
  readonly target: SegmentHandle
  readonly sources: readonly SegmentHandle[]
}

/** Told by a rebuild when it is over. */
export interface RebuildOwner {
  finish(rebuild: Rebuild): void
  abandon(rebuild: Rebuild): void
}

/**
 * Some segments of an index being made into one beside it. The index answers from the old ones until the last step, which puts
 * the new one in their place; what is added meanwhile lands elsewhere, and what is removed meanwhile is removed from both.
 */
export class Rebuild {
  readonly target: Segment
  readonly sources: readonly Segment[]
  readonly #owner: RebuildOwner
  readonly #work: Generator<number, void>
  #removedIds: number[] = []
  #isOver = false

  constructor(target: Segment, sources: readonly Segment[], owner: RebuildOwner) {
    this.target = target
    this.sources = sources
    this.#owner = owner
    this.#work = buildSegment(target, 0, sources)
  }

  /** For `runRebuild` in another thread, followed by `complete` here, instead of `step`. */
  get job(): RebuildJob {
    return {
      target: this.target.handle,
      sources: this.sources.map(({ handle }) => handle),
    }
  }

  /** About how many rows `step` has to pass over in all. */
  get work(): number {
    return workOf(this.target.layout, this.target.handle.capacity)
  }

  /**
   * Passes over about `rows` rows (ten thousand take about half a millisecond) and returns whether the rebuild is over. Throws
   * `RadiusError` REBUILD_OVER when it was over before.
   */
  step(rows: number): boolean {
    this.#assertRunning()
    for (let left = rows; left > 0; ) {
      const { done, value } = this.#work.next()
      if (done) {
        this.complete()
        return true
      }
      left -= value
    }
    return false
  }

  /** Puts the new segment in place; all work has been done, here or in another thread. Throws REBUILD_OVER. */
  complete(): void {
    this.#assertRunning()
    this.#isOver = true
    for (const id of this.#removedIds) {
      const row = this.target.find(id)
      if (row >= 0) this.target.remove(row)
    }
    this.#owner.finish(this)
  }

  /** Gives the rebuild up: the index stays with what it has, and may begin another one. Does nothing when it is over. */
  abandon(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#owner.abandon(this)
  }

  noteRemoved(segment: Segment, id: number): void {
    if (this.sources.includes(segment)) this.#removedIds.push(id)
  }

  #assertRunning(): void {
    if (this.#isOver) throw new RadiusError('REBUILD_OVER', 'This rebuild has been finished or given up.')
  }
}

/** Does the work of a rebuild in a thread that is not the index's. Throws as `buildSegment`. */
export function runRebuild({ target, sources }: RebuildJob): void {
  exhaust(
    buildSegment(
      new Segment(target),
      0,
      sources.map((source) => new Segment(source)),
    ),
  )
}

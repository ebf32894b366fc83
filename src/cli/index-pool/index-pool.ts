import { ExactIndex, type ExactIndexOptions, type Hit, MAX_RADIUS, RadiusError } from '#lib/radius/index.ts'
import { PoolError } from './errors.ts'
import type { ToWorker } from './messages.ts'
import { unpackHits } from './packed-hits.ts'
import { WorkerGroup } from './worker-group.ts'

export interface IndexPoolOptions
  extends Pick<ExactIndexOptions, 'chunks' | 'layout' | 'flatRows' | 'segmentRows' | 'limitBytes'> {
  /** Threads that answer queries; one more rebuilds. */
  readonly workers: number
  /** Where the file is that `index-worker.ts` was built to. */
  readonly workerUrl: URL
  /** The most calls of `query` and `queryMany` that are under way or waiting; more are refused with POOL_BUSY. */
  readonly maxCalls?: number
}

const PRINT_BYTES = 32
const MAX_CALLS = 1_024
/** So large a piece of a batch makes the way between threads cheap, and so small that all threads end together. */
const MAX_PRINTS_PER_TASK = 128
const QUERY_RETRIES = 3
/** A rebuild is given up for now when its thread has died of it so often in a row. */
const REBUILD_ATTEMPTS = 3
const WRITES_PER_CHECK = 64
/** When memory does not suffice for a rebuild, it is tried again at so many times the size. */
const RETRY_GROWTH = 1.25

/**
 * An exact radius index that threads answer from, all reading the same memory. This thread alone writes: what `add` or
 * `remove` has done holds for every query called afterwards. Tables are rebuilt by a thread of their own while the old ones
 * answer. More rows than one WebAssembly memory holds are kept in several. `close` when done.
 */
export class IndexPool {
  readonly #index: ExactIndex
  readonly #readers: WorkerGroup
  readonly #builder: WorkerGroup
  readonly #maxCalls: number
  #calls = 0
  #toldVersion = 0
  #rebuilding: Promise<void> | null = null
  #writesToCheck = 0
  #sizeToRetry = 0
  #isClosed = false

  /** Throws `RadiusError` BAD_OPTIONS. */
  constructor(options: IndexPoolOptions, snapshot?: Uint8Array) {
    const { workers, workerUrl, maxCalls = MAX_CALLS, ...rest } = options
    if (!Number.isInteger(workers) || workers < 1)
      throw new RadiusError('BAD_OPTIONS', 'The number of workers is a whole number from 1.')
    const settings: ExactIndexOptions = { ...rest, isShared: true, readers: workers + 1, rebuilds: 'by-host' }
    this.#index = snapshot ? ExactIndex.load(snapshot, settings) : new ExactIndex(settings)
    this.#maxCalls = maxCalls
    const greeting = () => this.#view()
    this.#readers = new WorkerGroup({ workerUrl, workers, firstReader: 1, greeting })
    // It copies rows and never searches, so it needs no reader number of its own.
    this.#builder = new WorkerGroup({ workerUrl, workers: 1, firstReader: 0, greeting: () => null })
    this.#toldVersion = this.#index.version
  }

  /** A pool over what `snapshot` wrote. Throws `RadiusError` as `ExactIndex.load`. */
  static load(snapshot: Uint8Array, options: IndexPoolOptions): IndexPool {
    return new IndexPool(options, snapshot)
  }

  async size(): Promise<number> {
    return this.#index.size
  }

  /** Bytes of memory the index takes. */
  get sizeBytes(): number {
    return this.#index.sizeBytes
  }

  /** As `RadiusIndex.add`. */
  async add(id: number, fingerprint: Uint8Array): Promise<void> {
    this.#assertOpen()
    this.#index.add(id, fingerprint)
    this.#wrote(1)
  }

  /** As `ExactIndex.addMany`. This thread builds the tables: it does nothing else for about 0.5 microseconds a row. */
  async addMany(ids: ArrayLike<number>, fingerprints: Uint8Array): Promise<void> {
    this.#assertOpen()
    this.#index.addMany(ids, fingerprints)
    this.#wrote(ids.length)
  }

  /** As `RadiusIndex.remove`. */
  async remove(id: number): Promise<boolean> {
    this.#assertOpen()
    const isRemoved = this.#index.remove(id)
    this.#wrote(1)
    return isRemoved
  }

  /** As `RadiusIndex.query`; throws `PoolError` besides: POOL_BUSY, POOL_CLOSED, POOL_BROKEN. */
  async query(fingerprint: Uint8Array, radius: number = MAX_RADIUS): Promise<Hit[]> {
    if (!(fingerprint instanceof Uint8Array) || fingerprint.length !== PRINT_BYTES) {
      throw new RadiusError('BAD_LENGTH', 'A fingerprint is 32 bytes.')
    }
    const [hits = []] = await this.queryMany(fingerprint, radius)
    return hits
  }

  /** As `RadiusIndex.queryMany`, all threads sharing the work; throws `PoolError` as `query`. */
  async queryMany(fingerprints: Uint8Array, radius: number = MAX_RADIUS): Promise<Hit[][]> {
    this.#assertOpen()
    // Refused here as the index would, before any thread hears of it.
    this.#index.queryMany(new Uint8Array(0), radius)
    if (!(fingerprints instanceof Uint8Array) || fingerprints.length % PRINT_BYTES !== 0) {
      throw new RadiusError('BAD_LENGTH', 'Each fingerprint is 32 bytes.')
    }
    if (this.#calls >= this.#maxCalls) {
      throw new PoolError('POOL_BUSY', 'Too many look-ups are waiting. Try again in a moment.')
    }
    this.#calls++
    try {
      return await this.#askInPieces(fingerprints, radius)
    } finally {
      this.#calls--
    }
  }

  /** As `RadiusIndex.snapshot`. */
  snapshot(): Uint8Array {
    return this.#index.snapshot()
  }

  /** Ends all threads. Calls under way are rejected with POOL_CLOSED. */
  async close(): Promise<void> {
    this.#isClosed = true
    await Promise.all([this.#readers.close(), this.#builder.close()])
    await this.#rebuilding
  }

  /** Resolves when no rebuild is running. */
  async settled(): Promise<void> {
    while (this.#rebuilding) await this.#rebuilding
  }

  async #askInPieces(fingerprints: Uint8Array, radius: number): Promise<Hit[][]> {
    const count = fingerprints.length / PRINT_BYTES
    const step = Math.max(1, Math.min(MAX_PRINTS_PER_TASK, Math.ceil(count / (4 * this.#readers.capacity))))
    const answers: Hit[][] = []
    let next = 0
    const serve = async (): Promise<void> => {
      while (next < count) {
        const first = next
        next += step
        const piece = fingerprints.slice(first * PRINT_BYTES, (first + step) * PRINT_BYTES)
        this.#tellWhenChanged()
        const packed = await this.#readers.run({ kind: 'query', fingerprints: piece, radius }, QUERY_RETRIES)
        for (const [n, hits] of unpackHits(packed).entries()) answers[first + n] = hits
      }
    }
    // No more of one call in the queue than the threads can take up.
    try {
      await Promise.all(Array.from({ length: this.#readers.capacity }, serve))
    } finally {
      // When one piece fails, nobody waits for the others.
      next = count
    }
    return answers
  }

  #view(): ToWorker {
    return { kind: 'view', handles: this.#index.handles }
  }

  #tellWhenChanged(): void {
    if (this.#toldVersion === this.#index.version) return
    this.#toldVersion = this.#index.version
    this.#readers.tell(this.#view())
  }

  #wrote(rows: number): void {
    this.#writesToCheck -= rows
    if (this.#writesToCheck > 0 || this.#rebuilding || this.#index.size < this.#sizeToRetry) return
    this.#writesToCheck = WRITES_PER_CHECK
    this.#rebuilding = this.#rebuildAllDue().finally(() => {
      this.#rebuilding = null
    })
  }

  async #rebuildAllDue(): Promise<void> {
    try {
      for (let attempts = 0; attempts < REBUILD_ATTEMPTS && !this.#isClosed; attempts++) {
        while (await this.#rebuildOnce()) attempts = 0
      }
    } catch (error) {
      if (!(error instanceof RadiusError)) throw error
      // Too little memory, most likely. Everything is found without the rebuild, only more slowly; later writes try again.
      this.#sizeToRetry = this.#index.size * RETRY_GROWTH
    }
  }

  /** Whether something was rebuilt: false when nothing is due, or when the thread died of it. */
  async #rebuildOnce(): Promise<boolean> {
    const rebuild = this.#index.prepareRebuild()
    if (!rebuild) return false
    try {
      // Not given to another thread when its own dies: its target is half filled.
      await this.#builder.run({ kind: 'rebuild', job: rebuild.job }, 0)
    } catch (error) {
      if (!(error instanceof PoolError)) throw error
      rebuild.abandon()
      return false
    }
    rebuild.complete()
    // At once, so that idle threads let go of the old memory.
    this.#tellWhenChanged()
    return true
  }

  #assertOpen(): void {
    if (this.#isClosed) throw new PoolError('POOL_CLOSED', 'The index has been closed.')
  }
}

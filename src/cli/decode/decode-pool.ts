import { Worker } from 'node:worker_threads'
import { DecodeError } from './errors.ts'
import { LargeTurns } from './large-turns.ts'
import type { Digests, FromWorker, PictureJob, PictureResult, ToWorker, WorkerInput } from './picture-job.ts'
import { WindowIndex } from './window-index.ts'
import type { WindowTable } from './window-table.ts'

interface Pending {
  settle(result: PictureResult): void
  /** Known as soon as the worker has begun. */
  digests: Digests | null
}

interface Slot {
  worker: Worker
  pending: Map<number, Pending>
}

/** Two at a time per worker: one is decoded by native threads while the other is hashed. */
const JOBS_PER_WORKER = 2
/** So many deaths without one answer between them: it is the program that is broken, not a picture. */
const MAX_DEATHS_IN_A_ROW = 20

/**
 * Worker threads that decode and fingerprint pictures. `run` waits for a free place, so a caller that awaits it never
 * queues more than the pool can hold. Pictures over 24 megapixels are unpacked one at a time in all workers together. A
 * worker that dies is replaced; its pictures come back as `DECODER_CRASHED`, with the digests it had told. With `windows`,
 * look-ups search those too, in one index that all workers read.
 */
export class DecodePool {
  readonly #url: URL
  readonly #index: WindowIndex | null
  readonly #slots: Slot[]
  readonly #turns = new LargeTurns()
  #waiting: (() => void)[] = []
  #nextId = 0
  #deathsInARow = 0
  #isClosed = false

  constructor(url: URL, workerCount: number, windows: WindowTable | null = null) {
    this.#url = url
    this.#index = windows && windows.rowCount > 0 ? new WindowIndex(windows, workerCount) : null
    this.#slots = Array.from({ length: workerCount }, (_, place) => this.#start(place))
  }

  /** How many pictures can be under way at once. */
  get capacity(): number {
    return this.#slots.length * JOBS_PER_WORKER
  }

  /**
   * Decodes one picture. The bytes are handed over to the worker and are empty afterwards. Throws `DecodeError`
   * `DECODER_CRASHED` when the pool has been closed.
   */
  async run(job: PictureJob): Promise<PictureResult> {
    let slot = this.#freeSlot()
    while (!slot && !this.#isClosed) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
      // Another caller may have taken the place before this one got its turn; then it waits again.
      slot = this.#freeSlot()
    }
    if (!slot || this.#isClosed)
      throw new DecodeError('DECODER_CRASHED', 'The picture reader has been closed.')
    return this.#send(slot, job)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#wakeAll()
    await Promise.all(this.#slots.map(({ worker }) => worker.terminate()))
  }

  #send({ worker, pending }: Slot, job: PictureJob): Promise<PictureResult> {
    const id = this.#nextId++
    return new Promise((settle) => {
      pending.set(id, { settle, digests: null })
      const message: ToWorker = { id, job }
      worker.postMessage(message, [job.bytes.buffer])
    })
  }

  #wakeAll(): void {
    for (const wake of this.#waiting.splice(0)) wake()
  }

  #freeSlot(): Slot | undefined {
    const [first] = [...this.#slots].sort((a, b) => a.pending.size - b.pending.size)
    return first && first.pending.size < JOBS_PER_WORKER ? first : undefined
  }

  #start(place: number): Slot {
    // The worker whose place it takes is gone, and so its reader number is free.
    const workerData: WorkerInput = this.#index ? { windows: this.#index.inputFor(place + 1) } : {}
    const slot: Slot = { worker: new Worker(this.#url, { workerData }), pending: new Map() }
    slot.worker.on('message', (message: FromWorker) => this.#receive(slot, message))
    slot.worker.on('error', () => undefined)
    slot.worker.on('exit', () => this.#replace(slot))
    return slot
  }

  #receive({ worker, pending }: Slot, message: FromWorker): void {
    const { id } = message
    const job = pending.get(id)
    // The last words of a worker that is gone must not take a turn nobody would give back.
    if (!job) return
    if ('digests' in message) job.digests = message.digests
    else if ('wantsRoom' in message) {
      this.#turns.ask(id, () => {
        const answer: ToWorker = { id, hasRoom: true }
        worker.postMessage(answer)
      })
    } else {
      pending.delete(id)
      this.#turns.giveBack(id)
      job.settle(message.result)
      this.#deathsInARow = 0
      this.#waiting.shift()?.()
    }
  }

  #replace(slot: Slot): void {
    const error = {
      code: 'DECODER_CRASHED' as const,
      message: 'The picture reader stopped at this file; the others go on.',
    }
    for (const [id, { settle, digests }] of slot.pending) {
      this.#turns.giveBack(id)
      settle({ ok: false, failure: { ...(digests ?? { sha256: null, md5: null }), error } })
    }
    slot.pending.clear()
    const place = this.#slots.indexOf(slot)
    if (this.#isClosed || place < 0) return
    this.#deathsInARow++
    if (this.#deathsInARow > MAX_DEATHS_IN_A_ROW) this.#isClosed = true
    else this.#slots[place] = this.#start(place)
    this.#wakeAll()
  }
}

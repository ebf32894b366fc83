import { Worker } from 'node:worker_threads'
import { PoolError } from './errors.ts'
import type { FromWorker, PackedHits, ToWorker, WorkerInput, WorkerRequest } from './messages.ts'

interface Task {
  readonly id: number
  readonly request: WorkerRequest
  resolve(answer: PackedHits): void
  reject(error: Error): void
  /** How often it may still be given to another thread when its own dies. */
  retries: number
}

interface Slot {
  readonly reader: number
  worker: Worker
  /** Given to the worker, in order, and not answered yet. */
  readonly tasks: Map<number, Task>
}

export interface GroupOptions {
  /** The built worker, or in tests and benchmarks a file that loads its source. */
  readonly workerUrl: URL
  readonly workers: number
  /** Reader number of the first worker. */
  readonly firstReader: number
  /** What each worker has to know before its first work, and again after a death. */
  readonly greeting: () => ToWorker | null
}

/** One task at work and one at hand, so that a worker does not idle while its answer travels. */
const TASKS_PER_WORKER = 2
/** So many deaths without one answer between them: it is the program that is broken, not a piece of work. */
const MAX_DEATHS_IN_A_ROW = 20

/**
 * Worker threads with tasks for any of them. A task waits until a worker has a free place. A worker that dies is replaced, and
 * its tasks are done by its successor, or rejected with POOL_BROKEN when they have been tried often enough.
 */
export class WorkerGroup {
  readonly #options: GroupOptions
  readonly #slots: Slot[]
  #waiting: Task[] = []
  #nextId = 0
  #deathsInARow = 0
  #end: PoolError | null = null

  constructor(options: GroupOptions) {
    this.#options = options
    this.#slots = Array.from({ length: options.workers }, (_, n) => this.#start(options.firstReader + n))
  }

  /** How many tasks can be under way at once. */
  get capacity(): number {
    return this.#slots.length * TASKS_PER_WORKER
  }

  /** Throws `PoolError`: POOL_BROKEN, POOL_CLOSED. */
  run(request: WorkerRequest, retries: number): Promise<PackedHits> {
    return new Promise((resolve, reject) => {
      if (this.#end) {
        reject(this.#end)
        return
      }
      this.#waiting.push({ id: this.#nextId++, request, resolve, reject, retries })
      this.#dispatch()
    })
  }

  /** Tells all workers something, before any task that is run later. */
  tell(message: ToWorker): void {
    for (const { worker } of this.#slots) worker.postMessage(message)
  }

  async close(): Promise<void> {
    this.#stop(new PoolError('POOL_CLOSED', 'The index has been closed.'))
    await Promise.all(this.#slots.map(({ worker }) => worker.terminate()))
  }

  #start(reader: number): Slot {
    const slot: Slot = { reader, worker: this.#spawn(reader), tasks: new Map() }
    this.#listen(slot)
    return slot
  }

  #spawn(reader: number): Worker {
    const input: WorkerInput = { reader }
    const worker = new Worker(this.#options.workerUrl, { workerData: input })
    const greeting = this.#options.greeting()
    if (greeting) worker.postMessage(greeting)
    return worker
  }

  #listen(slot: Slot): void {
    const { worker } = slot
    worker.on('message', (message: FromWorker) => this.#receive(slot, message))
    // An error ends the worker; its exit is what counts.
    worker.on('error', () => undefined)
    worker.on('exit', () => this.#replace(slot))
  }

  #receive(slot: Slot, message: FromWorker): void {
    const task = slot.tasks.get(message.id)
    if (!task) return
    slot.tasks.delete(message.id)
    this.#deathsInARow = 0
    if ('answer' in message) task.resolve(message.answer)
    else task.reject(new PoolError('POOL_BROKEN', message.error))
    this.#dispatch()
  }

  #replace(slot: Slot): void {
    if (this.#end) return
    this.#deathsInARow++
    if (this.#deathsInARow > MAX_DEATHS_IN_A_ROW) {
      this.#stop(new PoolError('POOL_BROKEN', 'The threads of the index do not start.'))
      return
    }
    const left = [...slot.tasks.values()]
    slot.tasks.clear()
    slot.worker = this.#spawn(slot.reader)
    this.#listen(slot)
    const died = new PoolError('POOL_BROKEN', 'A thread of the index ended at this work again and again.')
    for (const task of left.filter(({ retries }) => retries <= 0)) task.reject(died)
    const again = left.filter(({ retries }) => retries > 0)
    for (const task of again) task.retries--
    this.#waiting.unshift(...again)
    this.#dispatch()
  }

  #dispatch(): void {
    while (this.#waiting.length > 0) {
      const slot = this.#slots.reduce((best, other) => (other.tasks.size < best.tasks.size ? other : best))
      if (slot.tasks.size >= TASKS_PER_WORKER) return
      const task = this.#waiting.shift()
      if (!task) return
      slot.tasks.set(task.id, task)
      const message: ToWorker = { kind: 'work', id: task.id, request: task.request }
      slot.worker.postMessage(message)
    }
  }

  #stop(end: PoolError): void {
    this.#end ??= end
    const tasks = [...this.#waiting.splice(0), ...this.#slots.flatMap((slot) => [...slot.tasks.values()])]
    for (const { tasks: given } of this.#slots) given.clear()
    for (const task of tasks) task.reject(end)
  }
}

import { Worker } from 'node:worker_threads'
import type { Answer, MeasuredCopy, RegisteredPicture, Request, Setup } from './messages.ts'

/** Workers that each do one thing at a time. `close` when done. */
export class Pool {
  readonly #workers: Worker[]

  constructor(size: number, setup: Setup) {
    this.#workers = Array.from(
      { length: size },
      () => new Worker(new URL('./start-worker.mjs', import.meta.url), { workerData: setup }),
    )
  }

  registerAll(count: number): Promise<RegisteredPicture[]> {
    return this.#forAll<RegisteredPicture>(count, (picture) => ({ kind: 'register', picture }))
  }

  async useBank(registered: readonly RegisteredPicture[]): Promise<void> {
    const request: Request = { kind: 'bank', registered: registered.map((picture) => picture.registered) }
    await Promise.all(this.#workers.map((worker) => ask(worker, request)))
  }

  async measureAll(count: number, onDone: (done: number) => void): Promise<MeasuredCopy[]> {
    let done = 0
    const copies = await this.#forAll<readonly MeasuredCopy[]>(
      count,
      (picture) => ({ kind: 'measure', picture }),
      () => onDone(++done),
    )
    return copies.flat()
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()))
  }

  /** Each number's answer, in order, whichever worker gave it. */
  async #forAll<Kind extends Answer>(
    count: number,
    requestFor: (number: number) => Request,
    onAnswer: () => void = () => undefined,
  ): Promise<Kind[]> {
    const answers: Kind[] = []
    let next = 0
    const serve = async (worker: Worker) => {
      for (let number = next++; number < count; number = next++) {
        // The worker answers each kind of request with one kind of answer.
        answers[number] = (await ask(worker, requestFor(number))) as Kind
        onAnswer()
      }
    }
    await Promise.all(this.#workers.map(serve))
    return answers
  }
}

function ask(worker: Worker, request: Request): Promise<Answer> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject)
    worker.once('message', (answer: Answer) => {
      worker.off('error', reject)
      resolve(answer)
    })
    worker.postMessage(request)
  })
}

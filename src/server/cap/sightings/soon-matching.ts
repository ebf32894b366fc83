import type { LiveDatabase } from '../../database.ts'
import type { Matcher } from '../../matcher/index.ts'
import { matchNext } from './match.ts'

export interface SoonMatchingOptions {
  readonly database: LiveDatabase
  readonly matcher: Matcher
  readonly random: (bytes: number) => Uint8Array
}

/**
 * Matches sightings when they have come, one after the other, instead of at the next look of the jobs. The job of the same
 * work stays: it does what a crash, another server or a fault has left.
 */
export class SoonMatching {
  readonly #options: SoonMatchingOptions
  #running: Promise<void> | null = null
  #isAskedAgain = false
  #isStopped = false

  constructor(options: SoonMatchingOptions) {
    this.#options = options
  }

  /** Begins unless it is under way already; then it looks once more before it ends. Waits for nothing. */
  begin(): void {
    this.#isAskedAgain = true
    this.#running ??= this.#run().finally(() => {
      this.#running = null
      if (this.#isAskedAgain && !this.#isStopped) this.begin()
    })
  }

  /** Takes no further sighting and waits for the one that is under way. */
  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#running
  }

  async #run(): Promise<void> {
    const { database, matcher, random } = this.#options
    try {
      while (this.#isAskedAgain && !this.#isStopped) {
        this.#isAskedAgain = false
        const isDone = await database.kysely
          .transaction()
          .execute(async (tx) => !(await matchNext(tx, matcher, random, 'skip')))
        if (!isDone) this.#isAskedAgain = true
      }
    } catch {
      // It was rolled back: the job finds the sighting where it was, and says what is wrong if it still is.
      this.#isAskedAgain = false
    }
  }
}

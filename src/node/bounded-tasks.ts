/**
 * Tasks started one after another, at most `limit` under way. `start` waits for room, so a fast source cannot fill the
 * memory. The first failure is thrown by the next `start` or by `drain`; tasks already under way end first.
 */
export class BoundedTasks {
  readonly #limit: number
  readonly #underWay = new Set<Promise<void>>()
  #failure: { error: unknown } | null = null

  constructor(limit: number) {
    this.#limit = limit
  }

  async start(task: () => Promise<void>): Promise<void> {
    while (this.#underWay.size >= this.#limit) await Promise.race(this.#underWay)
    this.#throwFailure()
    const running: Promise<void> = task()
      .catch((error: unknown) => {
        this.#failure ??= { error }
      })
      .finally(() => this.#underWay.delete(running))
    this.#underWay.add(running)
  }

  /** Waits for all that is under way. */
  async drain(): Promise<void> {
    await Promise.all(this.#underWay)
    this.#throwFailure()
  }

  #throwFailure(): void {
    if (this.#failure) throw this.#failure.error
  }
}

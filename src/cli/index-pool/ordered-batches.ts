export interface BatchWork<Item, Result> {
  /** The most items of one batch, and the most batches that are worked on or wait to be handled. */
  readonly maxItems: number
  readonly maxBatches: number
  /** One result per item, in the order of the items. */
  work(items: readonly Item[]): Promise<readonly Result[]>
  handle(item: Item, result: Result): Promise<void>
}

/**
 * Items worked on in batches, several at once; results are handled one after the other, in the order of the items. `push` waits
 * while too much is under way, so memory does not grow with the input. What `work` or `handle` throws is thrown by a later
 * `push`, or by `end`, and nothing is handled after it.
 */
export class OrderedBatches<Item, Result> {
  readonly #options: BatchWork<Item, Result>
  readonly #underWay: Promise<void>[] = []
  #last: Promise<void> = Promise.resolve()
  #items: Item[] = []

  constructor(options: BatchWork<Item, Result>) {
    this.#options = options
  }

  async push(item: Item): Promise<void> {
    this.#items.push(item)
    if (this.#items.length >= this.#options.maxItems) this.flush()
    while (this.#underWay.length > this.#options.maxBatches) await this.#underWay.shift()
  }

  /** Begins the batch with what there is: nothing more may come for a while. */
  flush(): void {
    const items = this.#items.splice(0)
    if (items.length === 0) return
    const results = this.#options.work(items)
    this.#last = this.#handle(items, results, this.#last)
    // Thrown where it is awaited; by then it may have been rejected for long.
    for (const promise of [results, this.#last]) promise.catch(() => undefined)
    this.#underWay.push(this.#last)
  }

  /** Resolves when everything has been handled. */
  async end(): Promise<void> {
    this.flush()
    await this.#last
  }

  async #handle(
    items: readonly Item[],
    results: Promise<readonly Result[]>,
    before: Promise<void>,
  ): Promise<void> {
    await before
    for (const [n, result] of (await results).entries()) {
      const item = items[n]
      if (item !== undefined) await this.#options.handle(item, result)
    }
  }
}

const PAGE_BITS = 12
const PAGE_WORDS = 1 << (PAGE_BITS - 5)
/** 131 072 pages of 512 bytes: 64 MiB, room for 536 million neighbouring ids. */
const MOST_PAGES = 1 << 17

/**
 * Remembers integer ids in one bit each, by pages of 4096 neighbours: ten million ids in a row take 1.3 MB. Ids that
 * are strewn so widely that more than 64 MiB would be needed are no longer remembered (`isFull`).
 */
export class SeenIds {
  isFull = false
  readonly #pages = new Map<number, number>()
  #words = new Uint32Array(16 * PAGE_WORDS)
  #lastPage = Number.NaN
  #lastStart = 0

  /** True when the id was seen before; remembers it. `id` must be a safe integer. */
  hasThenAdd(id: number): boolean {
    const page = Math.floor(id / (1 << PAGE_BITS))
    if (page !== this.#lastPage && !this.#turnTo(page)) return false
    const within = id - page * (1 << PAGE_BITS)
    const at = this.#lastStart + (within >>> 5)
    const mask = 1 << (within & 31)
    const word = this.#words[at] ?? 0
    if ((word & mask) !== 0) return true
    this.#words[at] = word | mask
    return false
  }

  #turnTo(page: number): boolean {
    let start = this.#pages.get(page)
    if (start === undefined) {
      if (this.#pages.size === MOST_PAGES) {
        this.isFull = true
        return false
      }
      start = this.#pages.size * PAGE_WORDS
      this.#pages.set(page, start)
      if (start + PAGE_WORDS > this.#words.length) {
        const larger = new Uint32Array(2 * this.#words.length)
        larger.set(this.#words)
        this.#words = larger
      }
    }
    this.#lastPage = page
    this.#lastStart = start
    return true
  }
}

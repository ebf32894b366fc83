/** How many requests of one log are answered per second; at once, what comes together in a minute. */
const BURST_SECONDS = 60
export const REQUESTS_PER_SECOND = 1
/** Logs on the list are few; this bounds memory whatever happens. */
const MAX_LOGS = 10_000

/** Bounds how often the disk is written for one log. Counts only requests that a key of the log has signed. */
export class RateLimit {
  readonly #nowMs: () => number
  readonly #perSecond: number
  readonly #burst: number
  readonly #left = new Map<string, { tokens: number; atMs: number }>()

  constructor(nowMs: () => number, perSecond: number) {
    this.#nowMs = nowMs
    this.#perSecond = perSecond
    this.#burst = perSecond * BURST_SECONDS
  }

  /** False when the log has to wait. */
  take(origin: string): boolean {
    const atMs = this.#nowMs()
    const former = this.#left.get(origin) ?? { tokens: this.#burst, atMs }
    const gained = (Math.max(0, atMs - former.atMs) / 1000) * this.#perSecond
    const tokens = Math.min(this.#burst, former.tokens + gained)
    if (this.#left.size >= MAX_LOGS) this.#left.clear()
    this.#left.set(origin, { tokens: tokens < 1 ? tokens : tokens - 1, atMs })
    return tokens >= 1
  }
}

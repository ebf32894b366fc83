/** How many requests of one log are answered at once, and how many per second after that. */
const BURST = 60
const PER_SECOND = 1
/** Logs on the list are few; this bounds memory whatever happens. */
const MAX_LOGS = 10_000

/** Bounds how often the disk is written for one log. Counts only requests that a key of the log has signed. */
export class RateLimit {
  readonly #nowMs: () => number
  readonly #left = new Map<string, { tokens: number; atMs: number }>()

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs
  }

  /** False when the log has to wait. */
  take(origin: string): boolean {
    const atMs = this.#nowMs()
    const former = this.#left.get(origin) ?? { tokens: BURST, atMs }
    const gained = (Math.max(0, atMs - former.atMs) / 1000) * PER_SECOND
    const tokens = Math.min(BURST, former.tokens + gained)
    if (this.#left.size >= MAX_LOGS) this.#left.clear()
    this.#left.set(origin, { tokens: tokens < 1 ? tokens : tokens - 1, atMs })
    return tokens >= 1
  }
}

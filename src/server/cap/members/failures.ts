import { createHmac } from 'node:crypto'
import type { Clock } from '../../clock.ts'

const WINDOW_MS = 15 * 60_000
const MAX_FAILURES = 5
/** More handles than this in a quarter of an hour are an attack on all of them. */
const MAX_HANDLES = 100_000

/**
 * Failed sign-ins by handle in the last quarter of an hour, in memory only and under a key that this program alone has.
 * Handles that nobody has count as well, so that counting tells nothing.
 */
export class Failures {
  readonly #clock: Clock
  readonly #key: Uint8Array
  readonly #failed = new Map<string, number[]>()

  constructor(clock: Clock, random: (bytes: number) => Uint8Array) {
    this.#clock = clock
    this.#key = random(32)
  }

  /** Whether work is asked of whoever signs in with this handle. Nobody is ever locked out. */
  asksForWork(handle: string): boolean {
    return this.#failed.size >= MAX_HANDLES || this.#recent(this.#name(handle)).length >= MAX_FAILURES
  }

  count(handle: string): void {
    const name = this.#name(handle)
    if (this.#failed.size >= MAX_HANDLES) this.#forget()
    if (this.#failed.size >= MAX_HANDLES) return
    this.#failed.set(name, [...this.#recent(name).slice(-MAX_FAILURES), this.#clock.now().getTime()])
  }

  #recent(name: string): number[] {
    const since = this.#clock.now().getTime() - WINDOW_MS
    return (this.#failed.get(name) ?? []).filter((time) => time > since)
  }

  #forget(): void {
    for (const name of this.#failed.keys()) {
      if (this.#recent(name).length === 0) this.#failed.delete(name)
    }
  }

  #name(handle: string): string {
    return createHmac('sha256', this.#key).update(handle).digest('base64')
  }
}

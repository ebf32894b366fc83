import { median } from '../options.ts'

/** Queries per second, by the clock and per second of processor time. */
export interface Rate {
  readonly wall: number
  readonly cpu: number
}

/** Asks `count` times; `durationsMs` gets the time of each. */
export function measureRate(count: number, ask: (k: number) => unknown, durationsMs: number[]): Rate {
  const before = process.cpuUsage()
  const startedMs = performance.now()
  for (let k = 0; k < count; k++) durationsMs.push(timeOf(() => ask(k)))
  const wallMs = performance.now() - startedMs
  const { user, system } = process.cpuUsage(before)
  return { wall: (count / wallMs) * 1_000, cpu: (count / (user + system)) * 1_000_000 }
}

export function medianRate(rates: readonly Rate[]): Rate {
  return { wall: median(rates.map(({ wall }) => wall)), cpu: median(rates.map(({ cpu }) => cpu)) }
}

/** Milliseconds. */
export function timeOf(work: () => unknown): number {
  const startedMs = performance.now()
  work()
  return performance.now() - startedMs
}

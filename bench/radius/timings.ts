/** Figures of many durations, milliseconds. */
export interface Timings {
  readonly p50: number
  readonly p99: number
  readonly max: number
}

export function timingsOf(durationsMs: readonly number[]): Timings {
  const sorted = [...durationsMs].sort((a, b) => a - b)
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
  return { p50: at(0.5), p99: at(0.99), max: at(1) }
}

import type { ExactIndex } from '#lib/radius/index.ts'
import { PRINT_BYTES } from './data.ts'
import { type Timings, timingsOf } from './timings.ts'

const INSERTS_PER_SECOND = 1_000
/** About a tenth of a millisecond. */
const WORK_PER_TURN = 2_048
const MAX_MS = 120_000

export interface MixedLoad {
  /** Queries while the rebuild ran. */
  readonly queries: Timings
  readonly queriesPerSecond: number
  /** Share of the queries that took more than five times the median, by the clock and by processor time. */
  readonly slowShare: number
  readonly slowShareCpu: number
  /** The longest query by processor time, over the median by it. */
  readonly slowestTimesCpu: number
  readonly inserts: Timings
  /** From the call of `add` to the end of the query that found it. */
  readonly visible: Timings
  readonly missed: number
  /** Null when the rebuild was not over in the time it is given. */
  readonly rebuildSeconds: number | null
}

/**
 * One thread asks without pause, adds a thousand rows a second and rebuilds the whole index in slices between queries, until
 * the rebuild is over, two minutes at most. Every fiftieth row that was added is asked for at once.
 */
export function runMixedLoad(
  index: ExactIndex,
  queries: Uint8Array,
  fresh: (n: number) => Uint8Array,
  firstId: number,
): MixedLoad {
  const rebuild = index.prepareRebuild(true)
  const queryMs: number[] = []
  const queryCpuMs: number[] = []
  const insertMs: number[] = []
  const visibleMs: number[] = []
  let missed = 0
  const startedMs = performance.now()
  let isOver = rebuild === null
  for (let turn = 0; !isOver && performance.now() - startedMs < MAX_MS; turn++) {
    const due = Math.floor(((performance.now() - startedMs) / 1_000) * INSERTS_PER_SECOND)
    while (insertMs.length < due) {
      const print = fresh(insertMs.length)
      const id = firstId + insertMs.length
      const beforeMs = performance.now()
      index.add(id, print)
      insertMs.push(performance.now() - beforeMs)
      if (insertMs.length % 50 !== 0) continue
      if (!index.query(print).some((hit) => hit.id === id)) missed++
      visibleMs.push(performance.now() - beforeMs)
    }
    const from = (turn * PRINT_BYTES) % queries.length
    const query = queries.subarray(from, from + PRINT_BYTES)
    const beforeCpu = process.cpuUsage()
    const beforeMs = performance.now()
    index.query(query)
    queryMs.push(performance.now() - beforeMs)
    const { user, system } = process.cpuUsage(beforeCpu)
    queryCpuMs.push((user + system) / 1_000)
    isOver = rebuild?.step(WORK_PER_TURN) ?? true
  }
  const seconds = (performance.now() - startedMs) / 1_000
  const all = timingsOf(queryMs)
  const cpu = timingsOf(queryCpuMs)
  return {
    queries: all,
    queriesPerSecond: queryMs.length / seconds,
    slowShare: shareOver(queryMs, 5 * all.p50),
    slowShareCpu: shareOver(queryCpuMs, 5 * cpu.p50),
    slowestTimesCpu: cpu.max / cpu.p50,
    inserts: timingsOf(insertMs),
    visible: timingsOf(visibleMs),
    missed,
    rebuildSeconds: isOver ? seconds : null,
  }
}

function shareOver(durationsMs: readonly number[], limitMs: number): number {
  return durationsMs.filter((ms) => ms > limitMs).length / durationsMs.length
}

import type { ExactIndex, Rebuild } from '#lib/radius/index.ts'
import { PRINT_BYTES } from './data.ts'
import { type Timings, timingsOf } from './timings.ts'

const INSERTS_PER_SECOND = 1_000
/** About a tenth of a millisecond. */
const WORK_PER_TURN = 2_048
const MAX_MS = 120_000

/** The queries that took more than five times the median. */
export interface SlowQueries {
  /** Their share of all, by the clock and by processor time. */
  readonly share: number
  readonly shareCpu: number
  readonly count: number
  /** How many of them the system took the processor from, and how many met a page of memory that had to be got. */
  readonly interrupted: number
  readonly faulted: number
  /** The rest: what the index itself must answer for. */
  readonly unexplained: number
}

export interface MixedLoad {
  /** Queries while the rebuild ran. */
  readonly queries: Timings
  readonly queriesPerSecond: number
  readonly slow: SlowQueries
  /** The longest query by processor time, over the median by it. */
  readonly slowestTimesCpu: number
  readonly inserts: Timings
  /** From the call of `add` to the end of the query that found it. */
  readonly visible: Timings
  readonly missed: number
  /** Null when the rebuild was not over in the time it is given. */
  readonly rebuildSeconds: number | null
  /** As many queries, with the same inserts and no rebuild, after it: what the machine does by itself. */
  readonly control: { readonly queries: Timings; readonly slow: SlowQueries }
}

interface Load {
  readonly queries: Timings
  readonly cpu: Timings
  readonly slow: SlowQueries
  readonly count: number
  readonly seconds: number
  readonly insertMs: readonly number[]
  readonly visibleMs: readonly number[]
  readonly missed: number
}

interface Asked {
  readonly ms: number
  readonly cpuMs: number
  readonly isInterrupted: boolean
  readonly isFaulted: boolean
}

/**
 * One thread asks without pause, adds a thousand rows a second and rebuilds the whole index in slices between queries, until
 * the rebuild is over, two minutes at most. Every fiftieth row that was added is asked for at once. Then the same without a
 * rebuild.
 */
export function runMixedLoad(
  index: ExactIndex,
  queries: Uint8Array,
  fresh: (n: number) => Uint8Array,
  firstId: number,
): MixedLoad {
  const rebuild = index.prepareRebuild(true)
  let isOver = rebuild === null
  const load = runLoad(index, queries, fresh, firstId, () => {
    isOver ||= stepped(rebuild)
    return !isOver
  })
  let left = load.count
  const control = runLoad(index, queries, fresh, firstId + load.insertMs.length, () => --left > 0)
  return {
    queries: load.queries,
    queriesPerSecond: load.count / load.seconds,
    slow: load.slow,
    slowestTimesCpu: load.cpu.max / load.cpu.p50,
    inserts: timingsOf(load.insertMs),
    visible: timingsOf(load.visibleMs),
    missed: load.missed,
    rebuildSeconds: isOver ? load.seconds : null,
    control: { queries: control.queries, slow: control.slow },
  }
}

function stepped(rebuild: Rebuild | null): boolean {
  return rebuild?.step(WORK_PER_TURN) ?? true
}

/** Until `goOn`, called after each query, returns false. */
function runLoad(
  index: ExactIndex,
  queries: Uint8Array,
  fresh: (n: number) => Uint8Array,
  firstId: number,
  goOn: () => boolean,
): Load {
  const asked: Asked[] = []
  const insertMs: number[] = []
  const visibleMs: number[] = []
  let missed = 0
  const startedMs = performance.now()
  do {
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
    const from = (asked.length * PRINT_BYTES) % queries.length
    asked.push(ask(index, queries.subarray(from, from + PRINT_BYTES)))
  } while (goOn() && performance.now() - startedMs < MAX_MS)
  const seconds = (performance.now() - startedMs) / 1_000
  const timings = timingsOf(asked.map(({ ms }) => ms))
  const cpu = timingsOf(asked.map(({ cpuMs }) => cpuMs))
  return {
    ...{ queries: timings, cpu, count: asked.length, seconds, insertMs, visibleMs, missed },
    slow: slowOf(asked, 5 * timings.p50, 5 * cpu.p50),
  }
}

function ask(index: ExactIndex, query: Uint8Array): Asked {
  const before = process.resourceUsage()
  const beforeMs = performance.now()
  index.query(query)
  const ms = performance.now() - beforeMs
  const after = process.resourceUsage()
  const cpu = after.userCPUTime - before.userCPUTime + after.systemCPUTime - before.systemCPUTime
  return {
    ms,
    cpuMs: cpu / 1_000,
    isInterrupted: after.involuntaryContextSwitches > before.involuntaryContextSwitches,
    isFaulted: after.minorPageFault > before.minorPageFault || after.majorPageFault > before.majorPageFault,
  }
}

function slowOf(asked: readonly Asked[], limitMs: number, limitCpuMs: number): SlowQueries {
  const slow = asked.filter(({ ms }) => ms > limitMs)
  return {
    share: slow.length / asked.length,
    shareCpu: asked.filter(({ cpuMs }) => cpuMs > limitCpuMs).length / asked.length,
    count: slow.length,
    interrupted: slow.filter(({ isInterrupted }) => isInterrupted).length,
    faulted: slow.filter(({ isFaulted }) => isFaulted).length,
    unexplained: slow.filter(({ isInterrupted, isFaulted }) => !isInterrupted && !isFaulted).length,
  }
}

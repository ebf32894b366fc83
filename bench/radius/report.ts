import type { Layout } from '#lib/radius/index.ts'
import { printTable } from '../table.ts'
import { DATA, type DataName } from './data.ts'
import type { MixedLoad, SlowQueries } from './mixed-load.ts'
import { medianRate, type Rate } from './rate.ts'
import type { Timings } from './timings.ts'
import type { TurnedRates } from './turned.ts'

export interface Measured {
  readonly n: number
  readonly mode: Layout
  readonly data: DataName
  readonly chunks: number
  readonly rates: readonly Rate[]
  readonly times: Timings
  /** Every row looked at by the same program. */
  readonly flatRates: readonly Rate[]
  /** Every row looked at in C. */
  readonly native: Rate | null
  readonly queries: number
  readonly recall: number
  readonly hits: number
  readonly wrongHits: number
  readonly bytesPerHash: number
  readonly buildSeconds: number
  /** Milliseconds to look up all prints of one picture. */
  readonly pictureMs: number
  readonly printsPerPicture: number
  readonly turned: TurnedRates
  readonly mixed: MixedLoad | null
}

export function printMeasured(m: Measured): void {
  const own = medianRate(m.rates)
  const flat = medianRate(m.flatRates)
  const peer = m.native ?? flat
  console.log(`Data: ${m.data}, ${DATA[m.data]}. Layout: ${m.mode}, ${m.chunks} chunks.`)
  printTable(
    `Radius 31 among ${m.n} fingerprints, one thread, one query at a time, ${m.rates.length} rounds of ${m.queries}`,
    {
      columns: ['', 'queries/s', 'min..max', 'per CPU s', 'p50 us', 'p99 us', 'max us'],
      rows: [
        ['this index', ...rateCells(own, m.rates), ...timeCells(m.times)],
        ['every row, same program', ...rateCells(flat, m.flatRates)],
        ...(m.native ? [['every row, C', ...rateCells(m.native, [])]] : []),
        ...(m.mixed ? mixedRows(m.mixed) : []),
      ],
    },
  )
  console.log(
    `  ${(own.cpu / peer.cpu).toFixed(0)} times the flat scan in ${m.native ? 'C' : 'the same program'} by processor time; recall ${m.recall} of ${m.hits} hits, ${m.wrongHits} wrong`,
  )
  console.log(
    `  built in ${m.buildSeconds.toFixed(1)} s; ${m.bytesPerHash.toFixed(0)} bytes a fingerprint; a picture (${m.printsPerPicture} look-ups) ${m.pictureMs.toFixed(0)} ms`,
  )
  console.log(
    `  eight prints at once: orientations of one window ${m.turned.together.cpu.toFixed(0)} per CPU s, of eight windows ${m.turned.mixed.cpu.toFixed(0)}: ${(m.turned.together.cpu / m.turned.mixed.cpu).toFixed(2)} times`,
  )
  if (!m.mixed) return
  const { rebuildSeconds, slow, control } = m.mixed
  console.log(
    `  rebuild beside the load ${rebuildSeconds === null ? 'not over in two minutes' : `over in ${rebuildSeconds.toFixed(1)} s`}; ${m.mixed.missed} inserts not found at once`,
  )
  console.log(`  over five times the median: ${slowText(slow)}; without a rebuild: ${slowText(control.slow)}`)
}

function slowText({ share, shareCpu, count, interrupted, faulted, unexplained }: SlowQueries): string {
  const percent = (part: number) => `${(part * 100).toFixed(4)} %`
  return `${count} queries, ${percent(share)} (${percent(shareCpu)} by processor time), ${interrupted} of them interrupted, ${faulted} with page faults, ${unexplained} with neither`
}

/** What `--json` prints. `flatQps`: the same program; `nativeFlatQps`: C. The ratios are by processor time. */
export function figuresOf(m: Measured): Record<string, unknown> {
  const own = medianRate(m.rates)
  const flat = medianRate(m.flatRates)
  const { mixed } = m
  return {
    n: m.n,
    mode: m.mode,
    data: m.data,
    chunks: m.chunks,
    qps: own.wall,
    qpsMin: Math.min(...m.rates.map(({ wall }) => wall)),
    qpsMax: Math.max(...m.rates.map(({ wall }) => wall)),
    qpsPerCpuSecond: own.cpu,
    recall: m.recall,
    recallQueries: m.queries,
    recallHits: m.hits,
    wrongHits: m.wrongHits,
    bytesPerHash: m.bytesPerHash,
    buildSeconds: m.buildSeconds,
    flatQps: flat.wall,
    flatQpsPerCpuSecond: flat.cpu,
    nativeFlatQps: m.native?.wall ?? null,
    nativeFlatQpsPerCpuSecond: m.native?.cpu ?? null,
    timesFlat: own.cpu / flat.cpu,
    timesNativeFlat: m.native && own.cpu / m.native.cpu,
    p50Ms: m.times.p50,
    p99Ms: m.times.p99,
    pictureMs: m.pictureMs,
    turnedQpsPerCpuSecond: m.turned.together.cpu,
    turnedTimesMixed: m.turned.together.cpu / m.turned.mixed.cpu,
    ...(mixed && {
      mixedQps: mixed.queriesPerSecond,
      mixedP50Ms: mixed.queries.p50,
      mixedP99Ms: mixed.queries.p99,
      mixedMaxMs: mixed.queries.max,
      mixedShareOver5xMedian: mixed.slow.share,
      mixedShareOver5xMedianCpu: mixed.slow.shareCpu,
      mixedSlowUnexplained: mixed.slow.unexplained,
      controlShareOver5xMedian: mixed.control.slow.share,
      controlShareOver5xMedianCpu: mixed.control.slow.shareCpu,
      controlSlowUnexplained: mixed.control.slow.unexplained,
      mixedSlowestTimesMedianCpu: mixed.slowestTimesCpu,
      insertP99Ms: mixed.inserts.p99,
      insertToFoundP50Ms: mixed.visible.p50,
      insertToFoundP99Ms: mixed.visible.p99,
      insertsNotFound: mixed.missed,
      rebuildSeconds: mixed.rebuildSeconds,
    }),
  }
}

function mixedRows(mixed: MixedLoad): (string | number)[][] {
  return [
    [
      'with 1,000 inserts/s and a rebuild',
      Math.round(mixed.queriesPerSecond),
      '',
      '',
      ...timeCells(mixed.queries),
    ],
    ['  the same without a rebuild', '', '', '', ...timeCells(mixed.control.queries)],
    ['  an insert', '', '', '', ...timeCells(mixed.inserts)],
    ['  from insert to found', '', '', '', ...timeCells(mixed.visible)],
  ]
}

function rateCells(rate: Rate, all: readonly Rate[]): string[] {
  const digits = rate.wall < 1_000 ? 1 : 0
  const walls = all.map(({ wall }) => wall)
  const spread =
    all.length === 0 ? '' : `${Math.round(Math.min(...walls))}..${Math.round(Math.max(...walls))}`
  return [rate.wall.toFixed(digits), spread, rate.cpu.toFixed(digits)]
}

function timeCells(times: Timings): string[] {
  return [times.p50, times.p99, times.max].map((ms) => (ms * 1_000).toFixed(0))
}

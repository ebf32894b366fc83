// `npm run bench -- bands [--n 100000] [--widths 16,14,12] [--queries 300] [--shared-buffers-mb 128] [--json]`
// On Linux. "CPU" is what the processor spent on a query, in this program and in the server: unlike the time it took, it says
// little about what else the machine was doing.
// The SQL index in the packaged PostgreSQL beside the index in process: same rows, same queries, same run. Every answer of
// the one is compared with the other's.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import pg from 'pg'
import { ExactIndex, type Hit } from '#lib/radius/index.ts'
import { startServer } from '#node/db/embedded/index.ts'
import { type Database, openDatabase } from '#node/db/index.ts'
import { BandIndex, type BandTables, createPrintsTable, setBandWidth } from '../src/server/bands/index.ts'
import { median, numberOption } from './options.ts'
import { printReport } from './table.ts'

const BYTES = 32
const LOAD_ROWS = 50_000
const WARM_UP_QUERIES = 30
const HOURS_MS = 3 * 3_600_000

const rowCount = numberOption('--n', 100_000)
const queryCount = numberOption('--queries', 300)
const sharedBuffersMb = numberOption('--shared-buffers-mb', 128)
const widths = listOption('--widths', [16])

const CPU_TICKS_PER_SECOND = 100

interface Timing {
  readonly p50Ms: number
  readonly p99Ms: number
  readonly cpuMs: number
}

const fingerprints = randomBytes(rowCount * BYTES)
const queries = Array.from({ length: queryCount }, (_, n) => nearCopy(n))

const exact = new ExactIndex()
const loadedMs = await elapsedMs(async () => exact.addMany([...Array(rowCount).keys()], fingerprints))
const expected = queries.map((query) => exact.query(query))
const inProcess = await timed(
  async (query) => exact.query(query),
  expected,
  () => 0,
)
const lines: string[][] = [
  ['in process', seconds(loadedMs), '', '', ...timingCells(inProcess, inProcess), ''],
]
const figures: Record<string, number> = {
  inProcessP50Ms: inProcess.p50Ms,
  inProcessP99Ms: inProcess.p99Ms,
  inProcessCpuMs: inProcess.cpuMs,
}

const directory = mkdtempSync(join(tmpdir(), 'saksi-bench-bands-'))
try {
  await setSharedBuffers()
  const database = await openDatabase<BandTables>({ directory }, { statementTimeoutMs: HOURS_MS })
  try {
    await createPrintsTable(database.kysely)
    const filledMs = await elapsedMs(() => fill(database))
    await sql`vacuum analyze radius_prints`.execute(database.kysely)
    console.error(`table filled in ${seconds(filledMs)}`)
    for (const width of widths) await measureWidth(database, width)
  } finally {
    await database.close()
  }
} finally {
  rmSync(directory, { recursive: true, force: true })
}
const columns = [
  '',
  'build',
  'table MB',
  'bands MB',
  'p50 ms',
  'p99 ms',
  'CPU ms',
  'p50 ratio',
  'CPU ratio',
  '2 at once, /s',
]
printReport(`${rowCount} fingerprints, radius 31, ${queryCount} queries`, { columns, rows: lines }, figures)

async function measureWidth(database: Database<BandTables>, width: number): Promise<void> {
  const builtMs = await elapsedMs(() => setBandWidth(database.kysely, width))
  const index = await BandIndex.open(database, { parallelQueries: 2 })
  const serverCpuMs = cpuMeter(await serverPids(database))
  const timing = await timed((query) => index.query(query), expected, serverCpuMs)
  const togetherMs = await elapsedMs(async () => {
    const all = new Uint8Array(queryCount * BYTES)
    queries.forEach((query, n) => {
      all.set(query, n * BYTES)
    })
    const answers = await index.queryMany(all)
    answers.forEach((answer, n) => {
      expectSame(answer, expected[n])
    })
  })
  const { tableMb, bandsMb } = await sizesMb(database)
  const throughput = (1_000 * queryCount) / togetherMs
  lines.push([
    `bands of ${width}`,
    seconds(builtMs),
    tableMb.toFixed(0),
    bandsMb.toFixed(0),
    ...timingCells(timing, inProcess),
    throughput.toFixed(0),
  ])
  Object.assign(figures, {
    [`p50Ms${width}`]: timing.p50Ms,
    [`p99Ms${width}`]: timing.p99Ms,
    [`cpuMs${width}`]: timing.cpuMs,
    [`ratio${width}`]: timing.p50Ms / inProcess.p50Ms,
    [`cpuRatio${width}`]: timing.cpuMs / inProcess.cpuMs,
    [`bandsMb${width}`]: bandsMb,
    [`queriesPerSecond${width}`]: throughput,
  })
}

async function fill(database: Database<BandTables>): Promise<void> {
  const index = await BandIndex.open(database)
  for (let from = 0; from < rowCount; from += LOAD_ROWS) {
    const to = Math.min(rowCount, from + LOAD_ROWS)
    const ids = Array.from({ length: to - from }, (_, n) => from + n)
    await index.addMany(ids, fingerprints.subarray(from * BYTES, to * BYTES))
  }
}

async function timed(
  ask: (query: Uint8Array) => Promise<Hit[]>,
  answers: readonly Hit[][],
  serverCpuMs: () => number,
): Promise<Timing> {
  for (let n = 0; n < WARM_UP_QUERIES; n++) await ask(queries[n % queryCount] ?? new Uint8Array(BYTES))
  const times: number[] = []
  const found: Hit[][] = []
  const ownBefore = process.cpuUsage()
  const serverBefore = serverCpuMs()
  for (const query of queries) {
    const start = performance.now()
    found.push(await ask(query))
    times.push(performance.now() - start)
  }
  const own = process.cpuUsage(ownBefore)
  const cpuMs = ((own.user + own.system) / 1_000 + serverCpuMs() - serverBefore) / queryCount
  found.forEach((hits, n) => {
    expectSame(hits, answers[n])
  })
  const sorted = times.sort((a, b) => a - b)
  return { p50Ms: median(sorted), p99Ms: sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN, cpuMs }
}

/** The server's processes that work for this program. */
async function serverPids(database: Database<BandTables>): Promise<number[]> {
  const { rows } = await sql<{ pid: number }>`
    select pid from pg_stat_activity where application_name = 'saksi'`.execute(database.kysely)
  return rows.map(({ pid }) => pid)
}

/** Processor time used by now; of a process that has ended since, what was last seen. */
function cpuMeter(pids: readonly number[]): () => number {
  const lastSeen = new Map<number, number>()
  return () => {
    for (const pid of pids) {
      const path = `/proc/${pid}/stat`
      if (existsSync(path)) lastSeen.set(pid, cpuMsIn(readFileSync(path, 'latin1')))
    }
    return [...lastSeen.values()].reduce((total, value) => total + value, 0)
  }
}

function cpuMsIn(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return ((Number(fields[11]) + Number(fields[12])) * 1_000) / CPU_TICKS_PER_SECOND
}

function expectSame(hits: readonly Hit[], others: readonly Hit[] | undefined): void {
  const isSame = JSON.stringify(hits) === JSON.stringify(others)
  if (!isSame || hits.length === 0) throw new Error('The two indexes do not answer alike.')
}

async function sizesMb(database: Database<BandTables>): Promise<{ tableMb: number; bandsMb: number }> {
  const { rows } = await sql<{ table: number; bands: number }>`
    select pg_table_size('radius_prints')::float8 as "table",
      (select sum(pg_relation_size(indexrelid)) from pg_index
        where indrelid = 'radius_prints'::regclass and not indisprimary)::float8 as bands`.execute(
    database.kysely,
  )
  return { tableMb: (rows[0]?.table ?? 0) / 2 ** 20, bandsMb: (rows[0]?.bands ?? 0) / 2 ** 20 }
}

async function setSharedBuffers(): Promise<void> {
  const server = await startServer({ directory })
  const client = new pg.Client({
    host: server.socketDirectory,
    user: server.admin,
    database: server.database,
  })
  await client.connect()
  await client.query(`alter system set shared_buffers = '${sharedBuffersMb}MB'`)
  await client.query("alter system set maintenance_work_mem = '512MB'")
  await client.end()
  await server.stop()
}

function randomBytes(count: number): Uint8Array {
  const words = new Uint32Array(count / 4)
  let state = 0x2545f491
  for (let n = 0; n < words.length; n++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    words[n] = Math.imul(state, 0x9e3779b1)
  }
  return new Uint8Array(words.buffer)
}

/** A row with 0 to 31 bits turned over. */
function nearCopy(n: number): Uint8Array {
  const row = Math.floor((n * rowCount) / queryCount)
  const copy = fingerprints.slice(row * BYTES, (row + 1) * BYTES)
  for (let flip = 0; flip < n % 32; flip++) {
    const bit = (n * 31 + flip * 7) % 256
    copy[bit >>> 3] = (copy[bit >>> 3] ?? 0) ^ (1 << (bit & 7))
  }
  return copy
}

async function elapsedMs(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

function listOption(name: string, fallback: readonly number[]): readonly number[] {
  const at = process.argv.indexOf(name)
  return at < 0 ? fallback : (process.argv[at + 1] ?? '').split(',').map(Number)
}

function ms(value: number): string {
  return value.toFixed(value < 1 ? 3 : 1)
}

function seconds(valueMs: number): string {
  return `${(valueMs / 1_000).toFixed(1)} s`
}

function timingCells({ p50Ms, p99Ms, cpuMs }: Timing, beside: Timing): string[] {
  const ratios = [p50Ms / beside.p50Ms, cpuMs / beside.cpuMs].map((ratio) => ratio.toFixed(0))
  return [ms(p50Ms), ms(p99Ms), ms(cpuMs), ...ratios]
}

// `npm run bench -- server [--n 2000] [--rounds 3] [--connections 32] [--json]`
// Sealed reports of 8 kB (12 wraps and an item of 18,043 bytes: 39 kB of ciphertext) sent over HTTP to a server in a process
// of its own, on its packaged PostgreSQL with fsync on. A report counts when its receipt is here: it is durable then.
// Beside it, on the same disk in the same run, PostgreSQL alone: inserts of one row a commit, small as pgbench's and of as
// many bytes as a report, over as many connections as the server has. Medians of the rounds. "CPU" is what the processor spent on one in the
// server's process: unlike the rate it says little about what else the machine was doing.

import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { startServer } from '#node/db/embedded/index.ts'
import { createClient, openRequest } from '../src/client/index.ts'
import { newSurvivor, solve } from '../src/server/testing/reports.ts'
import { endServer, type ServerProcess, startServerProcess } from '../src/server/testing/server-process.ts'
import { isoWeekOf } from '../src/server/time.ts'
import { numberOption } from './options.ts'
import { cpuMs } from './process-figures.ts'
import { printReport } from './table.ts'

const REPORT_BYTES = 12 * 1_787 + 18_043
const SMALL_BYTES = 100
const DATABASE_CONNECTIONS = 16

const count = numberOption('--n', 2_000)
const rounds = numberOption('--rounds', 3)
const connections = numberOption('--connections', 32)
const warmUp = Math.min(200, count)

interface Rate {
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
}

function median(rates: readonly Rate[]): Rate {
  const of = (value: (rate: Rate) => number) => {
    const sorted = rates.map(value).sort((a, b) => a - b)
    return sorted[Math.floor(sorted.length / 2)] ?? 0
  }
  return {
    perSecond: of((rate) => rate.perSecond),
    p50Ms: of((rate) => rate.p50Ms),
    p99Ms: of((rate) => rate.p99Ms),
  }
}

/** Does `work` for each of `items`, `atATime` of them at a time. */
async function timed<Item>(
  items: readonly Item[],
  atATime: number,
  work: (item: Item, lane: number) => Promise<void>,
): Promise<Rate> {
  const waiting = [...items].reverse()
  const times: number[] = []
  const startMs = performance.now()
  await Promise.all(
    Array.from({ length: atATime }, async (_, lane) => {
      for (let item = waiting.pop(); item !== undefined; item = waiting.pop()) {
        const sentMs = performance.now()
        await work(item, lane)
        times.push(performance.now() - sentMs)
      }
    }),
  )
  const perSecond = (items.length * 1_000) / (performance.now() - startMs)
  times.sort((a, b) => a - b)
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0
  return { perSecond, p50Ms: at(0.5), p99Ms: at(0.99) }
}

/** Requests that only have to be sent: sealed, with a solved puzzle. */
async function makeRequests(server: ServerProcess, wanted: number): Promise<Buffer[]> {
  const client = createClient({ baseUrl: server.url })
  const requests: Buffer[] = []
  for (let i = 0; i < wanted; i++) {
    const puzzle = await client.intake.challenge({ lowPower: true })
    const { report } = newSurvivor({ week: isoWeekOf(new Date()), itemClasses: [1] })
    const body = openRequest(report, { ...puzzle, counter: await solve(puzzle) })
    const json = JSON.stringify(body)
    const head = [
      'POST /api/intake/open HTTP/1.1',
      'host: server',
      'content-type: application/json',
      `content-length: ${json.length}`,
    ]
    requests.push(Buffer.from(`${head.join('\r\n')}\r\n\r\n${json}`))
  }
  return requests
}

interface Connection {
  send(request: Buffer): Promise<void>
  end(): void
}

/**
 * One kept-alive connection that writes requests as they are and only looks whether the answer is a success: a whole HTTP
 * client would spend a good part of the processor that the server is to be measured on.
 */
async function openConnection(url: string): Promise<Connection> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  await once(socket, 'connect')
  let answer = ''
  let settle: (error?: Error) => void = () => undefined
  socket.setEncoding('latin1').on('data', (text: string) => {
    answer += text
    const head = answer.indexOf('\r\n\r\n')
    const length = Number(/content-length: (\d+)/i.exec(answer)?.[1])
    if (head < 0 || answer.length < head + 4 + length) return
    const whole = answer
    answer = ''
    settle(whole.startsWith('HTTP/1.1 200 ') ? undefined : new Error(whole))
  })
  socket.on('close', () => settle(new Error('The server closed the connection.')))
  return {
    send: (request) =>
      new Promise((resolve, reject) => {
        settle = (error) => (error === undefined ? resolve() : reject(error))
        socket.write(request)
      }),
    end: () => socket.destroy(),
  }
}

async function measureServer(directory: string): Promise<Rate & { cpuMs: number }> {
  const server = await startServerProcess(directory)
  const requests = await makeRequests(server, count * rounds + warmUp)
  const lanes = await Promise.all(Array.from({ length: connections }, () => openConnection(server.url)))
  const run = (some: readonly Buffer[]) =>
    timed(some, connections, async (one, lane) => lanes[lane]?.send(one))
  try {
    await run(requests.splice(0, warmUp))
    const before = cpuMs(server.child.pid)
    const rates: Rate[] = []
    for (let round = 0; round < rounds; round++) rates.push(await run(requests.splice(0, count)))
    return { ...median(rates), cpuMs: (cpuMs(server.child.pid) - before) / (count * rounds) }
  } finally {
    for (const lane of lanes) lane.end()
    await endServer(server)
  }
}

/** One row a commit, nothing else. */
async function measureInserts(directory: string, bytes: number): Promise<Rate> {
  const server = await startServer({ directory })
  const clients = Array.from(
    { length: DATABASE_CONNECTIONS },
    () => new pg.Client({ host: server.socketDirectory, user: server.user, database: server.database }),
  )
  try {
    for (const client of clients) await client.connect()
    await clients[0]?.query(
      `create table if not exists rows_${bytes} (id bytea primary key, body bytea not null)`,
    )
    await clients[0]?.query(`alter table rows_${bytes} alter column body set storage external`)
    const rates: Rate[] = []
    for (let round = 0; round < rounds; round++) {
      const rows = Array.from({ length: count }, () => [randomBytes(16), randomBytes(bytes)])
      rates.push(
        await timed(rows, DATABASE_CONNECTIONS, async (row, lane) => {
          await clients[lane]?.query({
            name: 'insert',
            text: `insert into rows_${bytes} values ($1, $2)`,
            values: row,
          })
        }),
      )
    }
    return median(rates)
  } finally {
    for (const client of clients) await client.end()
    await server.stop()
  }
}

// Each directly below: as root, PostgreSQL's user has to reach them.
const newFolder = () => mkdtempSync(join(tmpdir(), 'saksi-bench-server-'))
const [plain, served] = [newFolder(), newFolder()]
const cell = (value: number, digits: number) => value.toFixed(digits)
try {
  const small = await measureInserts(plain, SMALL_BYTES)
  const large = await measureInserts(plain, REPORT_BYTES)
  const reports = await measureServer(served)
  const row = (name: string, rate: Rate, cpu: string) => [
    name,
    cell(rate.perSecond, 0),
    cell(rate.p50Ms, 1),
    cell(rate.p99Ms, 1),
    cpu,
  ]
  printReport(
    `${count} durable writes each, ${connections} connections to the server, medians of ${rounds} rounds`,
    {
      columns: ['', 'a second', 'p50 ms', 'p99 ms', 'CPU ms'],
      rows: [
        row('PostgreSQL, rows of 100 bytes', small, ''),
        row('PostgreSQL, rows of 39 kB', large, ''),
        row('Saksi, sealed reports of 8 kB', reports, cell(reports.cpuMs, 2)),
      ],
    },
    {
      smallPerSecond: small.perSecond,
      largePerSecond: large.perSecond,
      reportsPerSecond: reports.perSecond,
      reportsP99Ms: reports.p99Ms,
      reportCpuMs: reports.cpuMs,
      shareOfLarge: reports.perSecond / large.perSecond,
    },
  )
} finally {
  for (const folder of [plain, served]) rmSync(folder, { recursive: true, force: true })
}

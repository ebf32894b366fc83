// `npm run bench -- sightings [--rows 1000000] [--n 200] [--json]`
// Pictures that witnesses saw, 2,712 look-ups each (339 parts in eight orientations), asked of a server in a process of its
// own, on its packaged PostgreSQL with fsync on, whose bank holds a million rows in sealed sets of 278. Half of them are
// found. One is sent after the other. "Answered" is when the submitter has the answer. "Matched" is when the hits of the
// picture and its new state are committed: from then on they stand in the next list; it is looked for every 2 ms over a
// connection of its own. Beside it, in this process and in the same run, the same look-ups alone in the radius index. Rows
// and questions are of the data `real` of the benchmark `radius`: no photographs.

import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { ExactIndex } from '#lib/radius/index.ts'
import { hybridIdentityOf, sealContext, sealSighting } from '#lib/seal/index.ts'
import { openDatabase } from '#node/db/index.ts'
import { type Client, createClient } from '../src/client/index.ts'
import { newId, solve } from '../src/server/testing/reports.ts'
import { endServer, startServerProcess } from '../src/server/testing/server-process.ts'
import { numberOption } from './options.ts'
import { cpuMs, residentMb } from './process-figures.ts'
import { type Asked, type BankData, makeAsked, makeBank, printOf, storeBank } from './sightings/bank.ts'
import { printReport } from './table.ts'

const POLL_MS = 2
const WARM_UP = 10
const PRINTS_AT_A_TIME = 8

const rows = numberOption('--rows', 1_000_000)
const count = numberOption('--n', 200)
const random = (bytes: number) => new Uint8Array(randomBytes(bytes))

interface Times {
  readonly answeredMs: number[]
  readonly matchedMs: number[]
}

/** Sends a picture, and waits until it was matched. */
async function ask(
  { client, database, recipient }: { client: Client; database: pg.Client; recipient: string },
  { parts }: Asked,
): Promise<{ answeredMs: number; matchedMs: number }> {
  const contextKey = random(32)
  const scope = { width: 1_080, height: 1_440, shorterSide: 1_080 }
  const puzzle = await client.intake.challenge({ lowPower: true })
  const submission = {
    id: newId(),
    body: Buffer.from(await sealSighting({ scope, contextKey, prints: parts }, recipient)).toString('base64'),
    context: Buffer.from(sealContext({ group: 'G-1' }, contextKey, random)).toString('base64'),
    pow: { ...puzzle, counter: await solve(puzzle) },
  }
  const sentMs = performance.now()
  await client.sightings.submit(submission)
  const answeredMs = performance.now() - sentMs
  const id = Buffer.from(submission.id, 'base64url')
  for (;;) {
    const { rows: found } = await database.query<{ state: string }>({
      name: 'state',
      text: 'select state from sightings where id = $1',
      values: [id],
    })
    if (found[0]?.state === 'kept') return { answeredMs, matchedMs: performance.now() - sentMs }
    await sleep(POLL_MS)
  }
}

/** The same questions to the index alone; milliseconds of each picture. */
function askIndex(index: ExactIndex, asked: readonly Asked[]): number[] {
  return asked.map(({ parts }) => {
    const prints = Buffer.concat(parts.map((part) => part.prints))
    const startMs = performance.now()
    for (let at = 0; at < prints.length; at += PRINTS_AT_A_TIME * 32 * 12)
      index.queryMany(prints.subarray(at, at + PRINTS_AT_A_TIME * 32 * 12))
    return performance.now() - startMs
  })
}

function indexOf(bank: BankData): ExactIndex {
  const index = new ExactIndex()
  for (let row = 0; row < bank.rows; row++) index.add(row, printOf(bank, row))
  return index
}

const at = (times: readonly number[], share: number) => {
  const sorted = [...times].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

/** What the server needs for the bank, and how long for each picture. */
async function measure(directory: string, bank: BankData, asked: readonly Asked[]) {
  const identity = await hybridIdentityOf(random(32))
  const server = await startServerProcess(directory)
  const shared = await openDatabase<object>({ directory, isShared: true })
  const database = await shared.connection()
  try {
    await database.query('insert into bank_recipient (recipient) values ($1)', [identity.recipient])
    const sets = await storeBank(database, bank, identity.recipient)
    const emptyMb = residentMb(server.child.pid)
    const client = createClient({ baseUrl: server.url })
    const openedMs = performance.now()
    const { unreadableSets } = await client.matches.open({ identity: identity.secret })
    const loadMs = performance.now() - openedMs
    if (unreadableSets > 0) throw new Error(`${unreadableSets} sets could not be opened.`)
    const times: Times = { answeredMs: [], matchedMs: [] }
    let beforeMs = 0
    for (const [n, one] of asked.entries()) {
      if (n === WARM_UP) beforeMs = cpuMs(server.child.pid)
      const took = await ask({ client, database, recipient: identity.recipient }, one)
      if (n < WARM_UP) continue
      times.answeredMs.push(took.answeredMs)
      times.matchedMs.push(took.matchedMs)
    }
    const spentMs = (cpuMs(server.child.pid) - beforeMs) / (asked.length - WARM_UP)
    const { rows: hits } = await database.query<{ count: string }>('select count(*) from hits_waiting')
    const fullMb = residentMb(server.child.pid)
    return { times, sets, loadMs, emptyMb, fullMb, spentMs, hits: Number(hits[0]?.count) }
  } finally {
    await database.end()
    await shared.close()
    await endServer(server)
  }
}

const directory = mkdtempSync(join(tmpdir(), 'saksi-bench-sightings-'))
try {
  const bank = makeBank(rows)
  const asked = makeAsked(bank, count + WARM_UP)
  const index = indexOf(bank)
  askIndex(index, asked.slice(0, WARM_UP))
  const before = askIndex(index, asked.slice(WARM_UP))
  const { times, sets, loadMs, emptyMb, fullMb, spentMs, hits } = await measure(directory, bank, asked)
  const alone = [...before, ...askIndex(index, asked.slice(WARM_UP))]
  const row = (name: string, of: readonly number[]) => [
    name,
    at(of, 0.5).toFixed(1),
    at(of, 0.99).toFixed(1),
    Math.max(...of).toFixed(1),
  ]
  printReport(
    `${count} pictures, bank of ${rows} rows in ${sets} sealed sets; ${hits} hits that are in no list yet. Bank loaded in ${(loadMs / 1_000).toFixed(1)} s; server ${emptyMb.toFixed(0)} MB before, ${fullMb.toFixed(0)} MB with the bank, ${spentMs.toFixed(0)} ms of processor a picture`,
    {
      columns: ['milliseconds a picture', 'p50', 'p99', 'longest'],
      rows: [
        row('look-ups alone, in the index', alone),
        row('answered', times.answeredMs),
        row('matched', times.matchedMs),
      ],
    },
    {
      aloneP50Ms: at(alone, 0.5),
      answeredP99Ms: at(times.answeredMs, 0.99),
      matchedP50Ms: at(times.matchedMs, 0.5),
      matchedP99Ms: at(times.matchedMs, 0.99),
      matchedToAlone: at(times.matchedMs, 0.5) / at(alone, 0.5),
      loadSeconds: loadMs / 1_000,
      bankMb: fullMb - emptyMb,
      serverCpuMs: spentMs,
    },
  )
} finally {
  rmSync(directory, { recursive: true, force: true })
}

// Exact radius search among N fingerprints, one query at a time, in one thread through the public API:
//   npm run bench -- radius [--n 1000000] [--mode sketch|lean] [--data uniform|skewed|real] [--queries 1000] [--rounds 7]
//                           [--chunks 11..32] [--seed 1] [--json]
// Half of the queries are strangers, half are copies of rows with 0 to 40 bits flipped. Beside it, in turn with it: every row
// looked at by the same program (WebAssembly popcount), which is also what recall is measured against; before it, every row
// looked at in C, where there is gcc. Ratios are what counts, and on a machine with other work those by processor time: the
// longest times are then those of waiting for a turn.
import { totalmem } from 'node:os'
import { ExactIndex, type Layout } from '#lib/radius/index.ts'
import { choiceOption, median, numberOption } from './options.ts'
import { type DataName, flipped, makeData, PRINT_BYTES, randomWords } from './radius/data.ts'
import { type MixedLoad, runMixedLoad } from './radius/mixed-load.ts'
import { nativeFlatRate } from './radius/native-flat.ts'
import { measureRate, type Rate, timeOf } from './radius/rate.ts'
import { figuresOf, printMeasured } from './radius/report.ts'
import { timingsOf } from './radius/timings.ts'
import { measureTurned } from './radius/turned.ts'

/** Prints one picture is looked up with: windows times orientations. */
const PRINTS_PER_PICTURE = 2_700
const MIN_QUERIES = 1_000

const n = numberOption('--n', 1_000_000)
const mode: Layout = choiceOption('--mode', ['sketch', 'lean'])
const data: DataName = choiceOption('--data', ['uniform', 'skewed', 'real'])
const queryCount = Math.max(MIN_QUERIES, numberOption('--queries', MIN_QUERIES))
const rounds = numberOption('--rounds', 7)
const chunks = numberOption('--chunks', 0)
const seed = numberOption('--seed', 1)

const native = nativeFlatRate(n)
const prints = makeData(data, n, seed)
const ids = Uint32Array.from({ length: n }, (_, row) => row)
const queries = makeQueries()

const index = new ExactIndex({ layout: mode, ...(chunks > 0 && { chunks }), rebuilds: 'by-host' })
const buildSeconds = timeOf(() => index.addMany(ids, prints)) / 1_000
const bytesPerHash = index.sizeBytes / n
const chunksUsed = index.handles[0]?.plan.chunks.length ?? 0
const flat = new ExactIndex({ layout: 'flat', rebuilds: 'by-host' })
flat.addMany(ids, prints)

const speeds = measureSpeeds()
const measured = {
  ...{ n, mode, data, native, buildSeconds, bytesPerHash, chunks: chunksUsed, queries: queryCount },
  ...speeds,
  ...measureRecall(),
  printsPerPicture: PRINTS_PER_PICTURE,
  pictureMs: measurePicture(),
  turned: await measureTurned(index, rounds),
  // Beside the old tables the new ones have to fit.
  mixed: 3 * index.sizeBytes < totalmem() ? measureMixedLoad() : null,
}
printMeasured(measured)
if (process.argv.includes('--json')) console.log(JSON.stringify(figuresOf(measured)))

/** Rounds of the index and of the flat scan in turn, so that both see the same machine. */
function measureSpeeds() {
  const rates: Rate[] = []
  const flatRates: Rate[] = []
  const durationsMs: number[] = []
  const flatPerRound = Math.max(2, Math.round(10_000_000 / n))
  measureRate(queryCount, (k) => index.query(queryAt(k)), [])
  for (let round = 0; round < rounds; round++) {
    rates.push(measureRate(queryCount, (k) => index.query(queryAt(k)), durationsMs))
    flatRates.push(measureRate(flatPerRound, (k) => flat.query(queryAt(k)), []))
  }
  return { rates, flatRates, times: timingsOf(durationsMs) }
}

/** The share of the hits of the flat scan that the index finds with the same distance; it must find nothing else. */
function measureRecall() {
  let found = 0
  let hits = 0
  let wrongHits = 0
  for (let k = 0; k < queryCount; k++) {
    const expected = new Map(flat.query(queryAt(k)).map(({ id, distance }) => [id, distance]))
    const answers = index.query(queryAt(k))
    const right = answers.filter(({ id, distance }) => expected.get(id) === distance).length
    found += right
    wrongHits += answers.length - right
    hits += expected.size
  }
  return { recall: hits === 0 ? Number.NaN : found / hits, hits, wrongHits }
}

function measurePicture(): number {
  const all = new Uint8Array(PRINTS_PER_PICTURE * PRINT_BYTES)
  for (let k = 0; k < PRINTS_PER_PICTURE; k++) all.set(queryAt(k % queryCount), k * PRINT_BYTES)
  return median(Array.from({ length: 5 }, () => timeOf(() => index.queryMany(all))))
}

function measureMixedLoad(): MixedLoad {
  const next = randomWords(seed + 2)
  const fresh = () => Uint8Array.from({ length: PRINT_BYTES }, () => next() >>> 24)
  // So that there is something to rebuild.
  index.add(n, fresh())
  return runMixedLoad(index, queries, fresh, n + 1)
}

function makeQueries(): Uint8Array {
  const next = randomWords(seed + 1)
  const made = makeData(data, queryCount, seed + 3)
  for (let k = 0; k < queryCount; k += 2) {
    const row = next() % n
    const print = prints.subarray(row * PRINT_BYTES, (row + 1) * PRINT_BYTES)
    made.set(flipped(print, next() % 41, next), k * PRINT_BYTES)
  }
  return made
}

function queryAt(k: number): Uint8Array {
  return queries.subarray(k * PRINT_BYTES, (k + 1) * PRINT_BYTES)
}

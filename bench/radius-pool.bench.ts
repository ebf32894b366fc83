// The radius index in threads that share one memory: one thread, two, and so on, asked for batches of look-ups.
//   npm run bench -- radius-pool [--n 1000000] [--mode sketch|lean] [--workers 2] [--rounds 5] [--seed 1] [--json]
// Beside it the index of one thread, without any way between threads. Needs as many free cores as workers.

import { IndexPool } from '#cli/index-pool/index.ts'
import { ExactIndex, type Layout } from '#lib/radius/index.ts'
import { choiceOption, median, numberOption } from './options.ts'
import { makeData, PRINT_BYTES } from './radius/data.ts'
import { printTable } from './table.ts'

/** Prints one picture is looked up with: windows times orientations. */
const BATCH = 2_700
const WORKER = new URL('../src/cli/index-pool/start-worker.mjs', import.meta.url)

const n = numberOption('--n', 1_000_000)
const mode: Layout = choiceOption('--mode', ['sketch', 'lean'])
const most = numberOption('--workers', 2)
const rounds = numberOption('--rounds', 5)
const seed = numberOption('--seed', 1)

const ids = Uint32Array.from({ length: n }, (_, row) => row)
const prints = makeData('uniform', n, seed)
const batch = makeData('uniform', BATCH, seed + 1)
for (let k = 0; k < BATCH; k += 10) batch.set(printAt(prints, k % n), k * PRINT_BYTES)

const single = new ExactIndex({ layout: mode })
single.addMany(ids, prints)
const expected = JSON.stringify(single.queryMany(batch))
const pools: IndexPool[] = []
for (let workers = 1; workers <= most; workers++) {
  const pool = new IndexPool({ workers, workerUrl: WORKER, layout: mode })
  await pool.addMany(ids, prints)
  if (JSON.stringify(await pool.queryMany(batch)) !== expected)
    throw new Error(`${workers} workers answer otherwise than one thread`)
  pools.push(pool)
}

const singleRates: number[] = []
const poolRates = pools.map((): number[] => [])
// In turn, so that all see the same machine.
for (let round = 0; round < rounds; round++) {
  singleRates.push(await rateOf(async () => single.queryMany(batch)))
  for (const [k, pool] of pools.entries()) poolRates[k]?.push(await rateOf(() => pool.queryMany(batch)))
}
await Promise.all(pools.map((pool) => pool.close()))

const one = median(poolRates[0] ?? [])
const last = median(poolRates.at(-1) ?? [])
printTable(`Look-ups among ${n} fingerprints, ${mode}, batches of ${BATCH}, median of ${rounds}`, {
  columns: ['', 'look-ups/s', 'of one worker'],
  rows: [
    ['in this thread', Math.round(median(singleRates)), (median(singleRates) / one).toFixed(2)],
    ...poolRates.map((rates, k) => [
      `${k + 1} worker threads`,
      Math.round(median(rates)),
      (median(rates) / one).toFixed(2),
    ]),
  ],
})
if (process.argv.includes('--json')) {
  console.log(
    JSON.stringify({
      n,
      mode,
      workers: most,
      qps: last,
      qpsOneWorker: one,
      qpsOneThread: median(singleRates),
      timesOneWorker: last / one,
    }),
  )
}

async function rateOf(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now()
  await work()
  return (BATCH / (performance.now() - startedMs)) * 1_000
}

function printAt(all: Uint8Array, k: number): Uint8Array {
  return all.subarray(k * PRINT_BYTES, (k + 1) * PRINT_BYTES)
}

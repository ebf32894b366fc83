// Runs one scan or reads pictures again and again, and prints figures as JSON; started by bench/scan.bench.ts.
//   scan EXPORT BANK  |  decode FOLDER  |  twelve FILE exact|fast
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import sharp from 'sharp'
import { createContext } from '../src/cli/context.ts'
import { type DecodeMode, DecodePool } from '../src/cli/decode/index.ts'
import { mapInOrder } from '../src/cli/in-order.ts'
import { reportTexts } from '../src/cli/scan/report/texts/index.ts'
import { runScan } from '../src/cli/scan/run-scan.ts'

const TWELVE_MP_PICTURES = 60
const WARM_UP_PICTURES = 16
const workerUrl = pathToFileURL(join(import.meta.dirname, '..', 'dist', 'decode-worker.js'))
const context = createContext(new AbortController().signal, workerUrl)
const [task, path = '', extra = ''] = process.argv.slice(2)

async function scan(): Promise<{ pictures: number; printMs: number; matchMs: number }> {
  const { report, timing } = await runScan(context, {
    exportPath: path,
    bankPath: extra,
    out: null,
    mode: 'exact',
    isWholeOnly: false,
    statedZone: null,
    dateOrder: null,
    withheld: new Set(),
    texts: reportTexts('en'),
  })
  return { pictures: report.counts.pictures.compared, ...timing }
}

/** Nothing but pixels: what any program that looks at these pictures must spend. */
async function decodeOnly(): Promise<{ pictures: number }> {
  sharp.cache(false)
  sharp.concurrency(1)
  const names = readdirSync(path).filter((name) => name.endsWith('.jpg'))
  let pictures = 0
  for await (const pixels of mapInOrder(names, context.workerCount * 2, (name) =>
    sharp(readFileSync(join(path, name)), { sequentialRead: true })
      .raw()
      .toBuffer(),
  ))
    pictures += pixels.length > 0 ? 1 : 0
  return { pictures }
}

async function twelveMegapixels(mode: DecodeMode): Promise<{ pictures: number }> {
  const bytes = readFileSync(path)
  const pool = new DecodePool(workerUrl, context.workerCount)
  const readMany = async (count: number): Promise<number> => {
    const rounds = Array.from({ length: count }, (_, i) => i)
    let pictures = 0
    for await (const result of mapInOrder(rounds, pool.capacity, () =>
      pool.run({ bytes: Uint8Array.from(bytes), mode, plan: 'whole' }),
    ))
      pictures += result.ok ? 1 : 0
    return pictures
  }
  await readMany(WARM_UP_PICTURES)
  restartClocks()
  const pictures = await readMany(TWELVE_MP_PICTURES)
  await pool.close()
  return { pictures }
}

let startedMs = performance.now()
let startedUsage = process.cpuUsage()

function restartClocks(): void {
  startedMs = performance.now()
  startedUsage = process.cpuUsage()
}

const figures =
  task === 'scan'
    ? await scan()
    : task === 'decode'
      ? await decodeOnly()
      : await twelveMegapixels(extra === 'fast' ? 'fast' : 'exact')
const { user, system } = process.cpuUsage(startedUsage)
const peakRssMb = process.resourceUsage().maxRSS / 1024
console.log(
  JSON.stringify({
    ...figures,
    wallMs: performance.now() - startedMs,
    cpuMs: (user + system) / 1000,
    peakRssMb,
  }),
)

// Runs one scan or reads pictures again and again, and prints figures as JSON; started by bench/scan.bench.ts.
//   scan EXPORT BANK  |  whole EXPORT BANK  |  load BANK  |  fill BANK ROWS  |  decode FOLDER  |  twelve FILE exact|fast
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import sharp from 'sharp'
import { decodeRow, HASH_BYTES, ROW_BYTES } from '#lib/phash/index.ts'
import {
  countRows,
  loadBank,
  openBank,
  type RegisteredPicture,
  readBank,
} from '../src/cli/bank-file/index.ts'
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

async function scan(isWholeOnly: boolean): Promise<{ pictures: number; printMs: number; matchMs: number }> {
  const { report, timing } = await runScan(context, {
    exportPath: path,
    bankPath: extra,
    out: null,
    mode: 'exact',
    isWholeOnly,
    statedZone: null,
    dateOrder: null,
    withheld: new Set(),
    logFolder: null,
    texts: reportTexts('en'),
  })
  return { pictures: report.counts.pictures.compared, ...timing }
}

/** Reads the bank and makes it ready; a scan begins with that. */
async function load(): Promise<{ pictures: number }> {
  const { facts } = await loadBank(path)
  return { pictures: facts.windowRows }
}

/**
 * Fills a bank up to so many window rows: each further picture has the rows of a real one, all changed by the difference of
 * two other real pictures, so that rows of one picture stay as alike as they were and the bits as uneven.
 */
async function fill(): Promise<{ pictures: number }> {
  const { entries } = await readBank(path)
  const real = entries
    .flatMap(({ pictures }) => pictures)
    .filter(({ windows }) => (windows?.rows ?? '') !== '')
  const randomPicture = (): RegisteredPicture => {
    const picture = real[Math.floor(Math.random() * real.length)]
    if (!picture) throw new Error('no picture has windows')
    return picture
  }
  const bank = await openBank(path)
  let rows = real.reduce((sum, { windows }) => sum + countRows(windows), 0)
  for (let number = 0; rows < Number(extra); number++) {
    const made = Array.from({ length: 50 }, (_, k) =>
      derived(randomPicture(), [randomPicture(), randomPicture()], `${number}/${k}`),
    )
    await bank.appendPictures(`M-${number}`, made)
    rows += made.reduce((sum, { windows }) => sum + countRows(windows), 0)
  }
  await bank.close()
  return { pictures: rows }
}

function derived(
  { windows, ...picture }: RegisteredPicture,
  others: readonly RegisteredPicture[],
  seed: string,
): RegisteredPicture {
  const mask = new Uint8Array(HASH_BYTES)
  for (const other of others) {
    const print = Buffer.from(other.windows?.rows ?? '', 'base64').subarray(0, HASH_BYTES)
    for (const [i, byte] of print.entries()) mask[i] = (mask[i] ?? 0) ^ byte
  }
  const rows = Buffer.from(windows?.rows ?? '', 'base64')
  const kept: Buffer[] = []
  for (let at = 0; at < rows.length; at += ROW_BYTES) {
    const row = rows.subarray(at, at + ROW_BYTES)
    for (const [i, byte] of mask.entries()) row[i] = (row[i] ?? 0) ^ byte
    // Few differences leave a print with too few or too many set bits, which no bank takes.
    if (isWindowRow(row, picture, windows?.shorterSide ?? 1)) kept.push(row)
  }
  const digest = (algorithm: string): string => createHash(algorithm).update(seed).digest('hex')
  return {
    ...picture,
    sha256: digest('sha256'),
    md5: digest('md5'),
    prints: [],
    usable: false,
    windows: {
      set: 'full',
      shorterSide: windows?.shorterSide ?? 1,
      rows: Buffer.concat(kept).toString('base64'),
    },
  }
}

function isWindowRow(row: Uint8Array, { width, height }: RegisteredPicture, shorterSide: number): boolean {
  try {
    return decodeRow(row, { frame: { width, height }, shorterSide }).quality > 0
  } catch {
    return false
  }
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

const TASKS: Readonly<Record<string, () => Promise<{ pictures: number }>>> = {
  scan: () => scan(false),
  whole: () => scan(true),
  load,
  fill,
  decode: decodeOnly,
  twelve: () => twelveMegapixels(extra === 'fast' ? 'fast' : 'exact'),
}
const figures = await TASKS[task ?? '']?.()
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

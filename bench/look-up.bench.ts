// What it costs to look pictures up, beside reading them:  npm run bench -- look-up [--json] [--pictures 240]
// One thread, whole-picture prints, processor time of the process for each step over many pictures at once: unlike the wall
// time of a busy scan it holds no waiting. Reading the pixels is the limit no program can do without. Decoding is by
// sharp's own call, so that its share is not flattered by our checks.
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { queryPrints } from '#domain/index.ts'
import { type Pixels, toHex } from '#lib/phash/index.ts'
import { type LookupPrint, loadBank } from '../src/cli/bank-file/index.ts'
import { median, numberOption } from './options.ts'
import { runSaksi } from './saksi.ts'
import { printReport } from './table.ts'

// Small enough to stay in the cache of the processor, as in a scan, where a picture is hashed when it has been read.
const BATCH = 4
const BANK_PICTURES = 20
const pictures = numberOption('--pictures', 240)

sharp.cache(false)
sharp.concurrency(1)

interface Step {
  readonly digestMs: number
  readonly decodeMs: number
  readonly printMs: number
  readonly matchMs: number
}

const folder = mkdtempSync(join(tmpdir(), 'saksi-bench-look-up-'))
try {
  const [exportFolder, registered, bankPath] = ['export', 'registered', 'bank'].map((name) =>
    join(folder, name),
  )
  if (!exportFolder || !registered || !bankPath) throw new Error('no folder')
  runSaksi(
    'generate-export',
    '--messages',
    String(pictures + 10),
    '--pictures',
    String(pictures),
    '--out',
    exportFolder,
  )
  runSaksi(
    'generate-export',
    '--messages',
    '50',
    '--pictures',
    String(BANK_PICTURES),
    '--seed',
    '2',
    '--out',
    registered,
  )
  runSaksi('bank', 'add', bankPath, '--entry', 'S-001', join(registered, 'photos'))
  const { matcher } = await loadBank(bankPath)
  const names = readdirSync(join(exportFolder, 'photos')).filter((name) => name.endsWith('.jpg'))
  const batches = Array.from({ length: Math.floor(names.length / BATCH) }, (_, i) =>
    names.slice(i * BATCH, (i + 1) * BATCH).map((name) => readFileSync(join(exportFolder, 'photos', name))),
  )

  const steps: Step[] = []
  for (const files of batches) {
    const digestMs = cpuMs(() => files.map(digestsOf))
    const digests = files.map(digestsOf)
    const before = process.cpuUsage()
    const decoded: Pixels[] = []
    for (const file of files) decoded.push(await pixelsOf(file))
    const decodeMs = elapsed(before)
    let prints: LookupPrint[][] = []
    const printMs = cpuMs(() => {
      prints = decoded.map((pixels) =>
        queryPrints(pixels).map(({ name, fingerprint: { hash, quality, usable } }) => ({
          name,
          pdq: toHex(hash),
          quality,
          usable,
        })),
      )
    })
    const matchMs = cpuMs(() =>
      prints.map((own, i) => matcher.match(own, digests[i] ?? { sha256: '', md5: '' })),
    )
    steps.push({ digestMs, decodeMs, printMs, matchMs })
  }

  // The first batch warms the program up.
  const perPicture = (part: keyof Step): number => median(steps.slice(1).map((step) => step[part])) / BATCH
  const ms = {
    digestMs: perPicture('digestMs'),
    decodeMs: perPicture('decodeMs'),
    printMs: perPicture('printMs'),
    matchMs: perPicture('matchMs'),
  }
  const total = ms.digestMs + ms.decodeMs + ms.printMs + ms.matchMs
  const share = (part: number): string => `${((100 * part) / total).toFixed(1)} %`
  const row = (label: string, part: number): string[] => [label, part.toFixed(3), share(part)]
  printReport(
    `Looking up ${names.length} pictures of 1280 x 960, one thread: hashing and matching take ${share(ms.printMs + ms.matchMs)} of the processor time`,
    {
      columns: ['', 'CPU ms a picture', 'share'],
      rows: [
        row('digests of the file', ms.digestMs),
        row('decoding (sharp)', ms.decodeMs),
        row('whole prints', ms.printMs),
        row('matching', ms.matchMs),
      ],
    },
    { ...ms, hashAndMatchShare: (ms.printMs + ms.matchMs) / total },
  )
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function digestsOf(bytes: Uint8Array): { sha256: string; md5: string } {
  const of = (algorithm: string): string => createHash(algorithm).update(bytes).digest('hex')
  return { sha256: of('sha256'), md5: of('md5') }
}

async function pixelsOf(bytes: Uint8Array): Promise<Pixels> {
  const { data, info } = await sharp(bytes, { sequentialRead: true })
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { data, width: info.width, height: info.height, format: info.channels === 1 ? 'luma8' : 'rgb8' }
}

function cpuMs(work: () => unknown): number {
  const before = process.cpuUsage()
  work()
  return elapsed(before)
}

function elapsed(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

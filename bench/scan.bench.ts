// How fast pictures are scanned:  npm run bench -- scan [--json] [--pictures 2000] [--bank-rows 1000000]
// Beside it, in the same run: the same without windows, decoding the same pictures with sharp and doing nothing else, and
// photos of 12 megapixels in exact and fast mode. The bank has the windows of drawn pictures; with --bank-rows it is filled
// with changed ones (see `fill` in scan-child.ts) to so many.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { drawScene } from '#lib/scenes/index.ts'
import { numberOption } from './options.ts'
import { printReport } from './table.ts'

interface Figures {
  pictures: number
  wallMs: number
  cpuMs: number
  peakRssMb: number
  printMs?: number
  matchMs?: number
}

const pictures = numberOption('--pictures', 2_000)
const root = join(import.meta.dirname, '..')
const bankRows = numberOption('--bank-rows', 1)
/** More of them to derive a large bank from. */
const BANK_PICTURES = bankRows > 1 ? 200 : 20
const MESSAGES_WITHOUT_PICTURE = 100

function node(args: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', cwd: root })
  if (status !== 0) throw new Error(stderr)
  return stdout
}

const saksi = (...args: string[]): string => node([join(root, 'dist', 'saksi.js'), ...args])

function child(...args: string[]): Figures {
  const tsx = join(root, 'node_modules', 'tsx', 'dist', 'cli.mjs')
  const lines = node([tsx, join(import.meta.dirname, 'scan-child.ts'), ...args])
    .trim()
    .split('\n')
  const figures: Figures = JSON.parse(lines.at(-1) ?? '')
  if (!(figures.pictures > 0)) throw new Error(`${args[0]}: no picture was read`)
  return figures
}

const perSecond = ({ pictures: count, wallMs }: Figures): number => (count / wallMs) * 1000

const folder = mkdtempSync(join(tmpdir(), 'saksi-bench-scan-'))
try {
  const [exportFolder, registered, bank] = ['export', 'registered', 'bank'].map((name) => join(folder, name))
  if (!exportFolder || !registered || !bank) throw new Error('no folder')
  const make = (out: string, count: number, seed: string) => {
    const counts = ['--messages', String(count + MESSAGES_WITHOUT_PICTURE), '--pictures', String(count)]
    saksi('generate-export', ...counts, '--seed', seed, '--out', out)
  }
  make(exportFolder, pictures, '1')
  make(registered, BANK_PICTURES, '2')
  saksi('bank', 'add', bank, '--entry', 'S-001', join(registered, 'photos'))
  if (bankRows > 1) child('fill', bank, String(bankRows))
  const large = join(folder, 'large.jpg')
  await sharp(drawScene(1, { width: 4000, height: 3000 }).data, {
    raw: { width: 4000, height: 3000, channels: 3 },
  })
    .jpeg({ quality: 85 })
    .toFile(large)

  const load = child('load', bank)
  const scan = child('scan', exportFolder, bank)
  const whole = child('whole', exportFolder, bank)
  const decode = child('decode', join(exportFolder, 'photos'))
  const exact = child('twelve', large, 'exact')
  const fast = child('twelve', large, 'fast')
  // Of a scan without windows: with them, prints wait for other pictures of the same thread, and their time says little.
  const hashAndMatchShare = ((whole.printMs ?? 0) + (whole.matchMs ?? 0)) / whole.cpuMs
  const row = (label: string, f: Figures) => [
    label,
    perSecond(f).toFixed(1),
    ((f.pictures / f.cpuMs) * 1000).toFixed(1),
    (f.cpuMs / f.wallMs).toFixed(2),
    Math.round(f.peakRssMb),
  ]
  printReport(
    `Scanning ${scan.pictures} pictures against ${load.pictures} windows; without windows ${(100 * hashAndMatchShare).toFixed(1)} % at most is hashing and matching (its wall time against all processor time)`,
    {
      columns: ['', 'pictures/s', 'per CPU s', 'cores busy', 'peak RSS MB'],
      rows: [
        row('scan, exact', scan),
        row('the same, without loading the bank', {
          ...scan,
          wallMs: scan.wallMs - load.wallMs,
          cpuMs: scan.cpuMs - load.cpuMs,
        }),
        row('scan, whole pictures only', whole),
        row('sharp decode only', decode),
        row('12 megapixels, exact', exact),
        row('12 megapixels, fast', fast),
      ],
    },
    {
      picturesPerSecond: perSecond(scan),
      bankRows: load.pictures,
      bankLoadMs: load.wallMs,
      wholeOnlyPicturesPerSecond: perSecond(whole),
      coresBusy: scan.cpuMs / scan.wallMs,
      hashAndMatchShare,
      peakRssMb: scan.peakRssMb,
      decodeOnlyPicturesPerSecond: perSecond(decode),
      fastSpeedup12Mp: perSecond(fast) / perSecond(exact),
      fastSpeedup12MpCpu: fast.pictures / fast.cpuMs / (exact.pictures / exact.cpuMs),
    },
  )
} finally {
  rmSync(folder, { recursive: true, force: true })
}

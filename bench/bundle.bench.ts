// How fast a bundle of many exhibits is made and verified, and in how much memory:
//   npm run bench -- bundle [--json] [--exhibits 10000] [--kilobytes 200] [--seed 1] [--logged 1]
// With --logged 1 every exhibit is also recorded in a log without witnesses, and its proof goes along.
// Beside it, on the same bytes: sha256sum and openssl's SHA-512 (every file of a bundle has both digests), and age (each
// exhibit is encrypted, and the bundle again). The files hold drawn noise; nothing can be seen in them.
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeNoise } from './bundle/noise.ts'
import { writeReport } from './bundle/report.ts'
import { measureChild } from './measured-child.ts'
import { numberOption } from './options.ts'
import { printReport } from './table.ts'

const exhibits = numberOption('--exhibits', 10_000)
const kilobytes = numberOption('--kilobytes', 200)
const seed = numberOption('--seed', 1)
const isLogged = numberOption('--logged', 0) === 1
const program = join(import.meta.dirname, '..', 'dist', 'saksi.js')
const folder = mkdtempSync(join(tmpdir(), 'saksi-bench-bundle-'))
const at = (name: string): string => join(folder, name)

interface Row {
  label: string
  seconds: number
  /** Processor time; other programs on the machine make the clock's time say little. */
  cpuSeconds: number
  peakRssMb: number
}

/** A shell command over the same bytes, for comparison. */
function timed(label: string, command: string): Row {
  const startedMs = performance.now()
  const script = `${command} && times`
  const { status, stdout, stderr } = spawnSync('sh', ['-c', script], { cwd: folder, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${label}: ${stderr}`)
  // The second line of `times` is the time of the children: minutes and seconds, user and system.
  const [, user = '0', system = '0'] = /(\d+m[\d.]+)s (\d+m[\d.]+)s\s*$/.exec(stdout) ?? []
  const seconds = (text: string): number => {
    const [minutes = '0', rest = '0'] = text.split('m')
    return Number(minutes) * 60 + Number(rest)
  }
  return {
    label,
    seconds: (performance.now() - startedMs) / 1000,
    cpuSeconds: seconds(user) + seconds(system),
    peakRssMb: Number.NaN,
  }
}

async function measured(label: string, args: readonly string[]): Promise<Row> {
  const { wallMs, cpuMs, peakRssMb } = await measureChild([program, ...args])
  return { label, seconds: wallMs / 1000, cpuSeconds: cpuMs / 1000, peakRssMb }
}

try {
  mkdirSync(at('files'))
  const files = Array.from({ length: exhibits }, (_, i) => {
    const path = at(join('files', `${i}.jpg`))
    writeNoise(path, kilobytes * 1000, seed * 1_000_000 + i)
    return { path, sha256: createHash('sha256').update(readFileSync(path)).digest('hex') }
  })
  const megabytes = (exhibits * kilobytes) / 1000
  writeReport(at('report'), files)
  execFileSync('age-keygen', ['-o', at('identity')], { stdio: 'pipe' })
  const recipient = execFileSync('age-keygen', ['-y', at('identity')], { encoding: 'utf8' }).trim()
  execFileSync(process.execPath, [program, 'bundle', 'key', at('key')], { stdio: 'pipe' })
  const unwitnessed = isLogged ? ['--allow-no-witness'] : []
  if (isLogged)
    execFileSync(process.execPath, [program, 'log', 'init', at('log'), '--origin', 'log.example/custody'], {
      stdio: 'pipe',
    })
  const create = [
    'bundle',
    'create',
    '--scan',
    at('report'),
    '--key',
    at('key'),
    '--to',
    recipient,
    ...(isLogged ? ['--log', at('log')] : []),
    ...unwitnessed,
    '--exhibit',
    ...files.map(({ path }) => path),
    '--out',
  ]
  const made = await measured('saksi bundle create', [...create, at('bundle.zip.age')])
  const bundleBytes = statSync(at('bundle.zip.age')).size
  execFileSync('age', ['-d', '-i', at('identity'), '-o', at('bundle.zip'), at('bundle.zip.age')])
  const archive = await measured('saksi bundle verify, archive', [
    'bundle',
    'verify',
    at('bundle.zip'),
    ...unwitnessed,
  ])
  const encrypted = await measured('saksi bundle verify, encrypted', [
    'bundle',
    'verify',
    at('bundle.zip.age'),
    '--identity',
    at('identity'),
    ...unwitnessed,
  ])
  const rows = [
    made,
    archive,
    encrypted,
    timed('sha256sum of the files', 'find files -type f -print0 | xargs -0 sha256sum > /dev/null'),
    timed('openssl dgst -sha512 of the archive', 'openssl dgst -sha512 bundle.zip > /dev/null'),
    timed('age of the archive', `age -r ${recipient} -o again.age bundle.zip`),
  ]
  const rate = ({ seconds }: Row): number => megabytes / seconds
  printReport(
    `A bundle of ${exhibits} exhibits, ${Math.round(megabytes)} MB; the finished file has ${Math.round(bundleBytes / 1e6)} MB`,
    {
      columns: ['', 'MB/s', 'MB per CPU s', 'seconds', 'peak RSS MB'],
      rows: rows.map((row) => [
        row.label,
        rate(row).toFixed(0),
        (megabytes / row.cpuSeconds).toFixed(0),
        row.seconds.toFixed(1),
        Number.isNaN(row.peakRssMb) ? '' : row.peakRssMb.toFixed(0),
      ]),
    },
    {
      createMbPerSecond: rate(made),
      createMbPerCpuSecond: megabytes / made.cpuSeconds,
      verifyMbPerCpuSecond: megabytes / archive.cpuSeconds,
      createPeakRssMb: made.peakRssMb,
      verifyMbPerSecond: rate(archive),
      verifyPeakRssMb: archive.peakRssMb,
      verifyEncryptedMbPerSecond: rate(encrypted),
      ...Object.fromEntries(rows.slice(3).map((row) => [`${row.label} MB/s`, rate(row)])),
    },
  )
} finally {
  rmSync(folder, { recursive: true, force: true })
}

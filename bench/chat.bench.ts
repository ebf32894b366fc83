// How fast a chat export is read, on one core where `taskset` is there:
//   npm run bench -- chat [--json] [--messages 1000000] [--rounds 3]
// Beside it, on the same file: JSON.parse of the whole file (no export reader that builds the whole tree can be faster) and
// SHA-256 of it (a scan must do at least that, because its report names the digest).
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ChildFigures, canPin, measureChild } from './measured-child.ts'
import { median, numberOption } from './options.ts'
import { printReport } from './table.ts'

const messages = numberOption('--messages', 1_000_000)
const rounds = numberOption('--rounds', 3)
const program = join(import.meta.dirname, '..', 'dist', 'saksi.js')
/** The longest string of this Node.js; a larger file cannot be parsed whole. */
const MAX_PARSED_BYTES = 500_000_000

function saksi(...args: string[]): void {
  const { status, stderr } = spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
}

async function repeated(work: () => Promise<ChildFigures>): Promise<ChildFigures> {
  const all: ChildFigures[] = []
  for (let round = 0; round < rounds; round++) all.push(await work())
  const of = (pick: (figures: ChildFigures) => number): number => median(all.map(pick))
  return {
    wallMs: of((f) => f.wallMs),
    cpuMs: of((f) => f.cpuMs),
    peakRssMb: of((f) => f.peakRssMb),
    stdout: all[0]?.stdout ?? '',
  }
}

const folder = mkdtempSync(join(tmpdir(), 'saksi-bench-chat-'))
try {
  const bank = join(folder, 'one.bank')
  makeBank(bank)
  const [whole, quarter] = [messages, Math.ceil(messages / 4)].map((count) => {
    const out = join(folder, `export-${count}`)
    saksi('generate-export', '--messages', String(count), '--seed', '1', '--out', out)
    return out
  })
  if (!whole || !quarter) throw new Error('nothing was generated')
  const file = join(whole, 'result.json')
  const bytes = statSync(file).size
  const scanOf = (path: string) => measureChild([program, 'scan', path, '--bank', bank, '--json'], canPin)
  const full = await repeated(() => scanOf(whole))
  const small = await repeated(() => scanOf(quarter))
  const inNode = (code: string) => repeated(() => measureChild(['-e', code], canPin))
  const path = JSON.stringify(file)
  const parse =
    bytes < MAX_PARSED_BYTES
      ? await inNode(`JSON.parse(require('node:fs').readFileSync(${path}, 'utf8'))`)
      : null
  const digest = await inNode(
    `const h=require('node:crypto').createHash('sha256');require('node:fs').createReadStream(${path},{highWaterMark:1<<20}).on('data',d=>h.update(d))`,
  )
  const row = (label: string, count: number, f: ChildFigures) => [
    label,
    Math.round((count / f.wallMs) * 1000),
    Math.round((count / f.cpuMs) * 1000),
    (f.wallMs / 1000).toFixed(2),
    Math.round(f.peakRssMb),
  ]
  printReport(
    `Reading ${messages} messages (${Math.round(bytes / 1e6)} MB), ${canPin ? 'one core' : 'not pinned'}, median of ${rounds}`,
    {
      columns: ['', 'messages/s', 'per CPU s', 'seconds', 'peak RSS MB'],
      rows: [
        row('saksi scan', messages, full),
        row('saksi scan, a quarter', Math.ceil(messages / 4), small),
        ...(parse ? [row('JSON.parse, whole file', messages, parse)] : []),
        row('SHA-256 alone', messages, digest),
      ],
    },
    {
      messagesPerSecond: (messages / full.wallMs) * 1000,
      messagesPerSecondCpu: (messages / full.cpuMs) * 1000,
      peakRssMb: full.peakRssMb,
      peakRssQuarterMb: small.peakRssMb,
      ...(parse && { jsonParseMessagesPerSecond: (messages / parse.wallMs) * 1000 }),
      sha256MessagesPerSecond: (messages / digest.wallMs) * 1000,
    },
  )
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** A bank with the prints of one drawn picture. */
function makeBank(path: string): void {
  const out = join(folder, 'one')
  saksi('generate-export', '--messages', '10', '--pictures', '1', '--seed', '2', '--out', out)
  saksi('bank', 'add', path, '--entry', 'S-001', join(out, 'photos'))
}

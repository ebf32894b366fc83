import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ScanReport, scanReport } from '#contract/scan-report.ts'

export const root = join(import.meta.dirname, '..')
const program = join(root, 'dist', 'saksi.js')

export interface Ran {
  /** Exit code; null when a signal ended it. */
  code: number | null
  stdout: string
  stderr: string
}

/** Runs the built program to its end. It never throws for an exit code: that is what tests ask about. */
export async function saksi(args: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
  const { child, ended } = startSaksi(args, env)
  child.stdin?.end()
  return await ended
}

/** Starts the built program, for tests that interrupt it. */
export function startSaksi(
  args: readonly string[],
  env: Record<string, string> = {},
): { child: ChildProcess; ended: Promise<Ran> } {
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...process.env, NO_COLOR: '1', SAKSI_WORKERS: '2', ...env },
  })
  return { child, ended: collect(child) }
}

/** Both outputs and the exit code of any child process. */
export async function collect(child: ChildProcess): Promise<Ran> {
  const texts = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text
    })
  }
  await once(child, 'close')
  return { code: child.exitCode, ...texts }
}

/** A new folder, as a real path, and how to remove it. */
export function temporaryFolder(): { path: string; remove: () => void } {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'saksi-test-')))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

/** `report.json` of a report folder, held against the contract. */
export function readReport(folder: string): ScanReport {
  return scanReport.parse(JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')))
}

/** Throws unless every file listed is there with the digest listed, as `sha256sum` sees it. */
export function checkDigests(folder: string, list: string): void {
  execFileSync('sha256sum', ['--check', '--strict', '--quiet', list], { cwd: folder, stdio: 'pipe' })
}

/** The matches without what differs from scan to scan. */
export function matchKeys(report: ScanReport): string[] {
  return report.matches.map((match) => `${match.messageId} ${match.entry} ${match.rule}`)
}

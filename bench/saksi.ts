import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

/** Runs the built program and returns what it printed; throws with what it said when it fails. */
export function runSaksi(...args: string[]): string {
  const program = join(import.meta.dirname, '..', 'dist', 'saksi.js')
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return stdout
}

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Rate } from './rate.ts'

/** Compiler flags to try; which is quicker depends on the processor. */
const VARIANTS = [['-mpopcnt'], ['-march=native']]

/**
 * A flat popcount scan over `rows` random rows in C, compiled here by gcc with the flags that are quickest; null where there is
 * no gcc.
 */
export function nativeFlatRate(rows: number): Rate | null {
  const folder = mkdtempSync(join(tmpdir(), 'saksi-bench-radius-'))
  try {
    const source = join(import.meta.dirname, 'flat-scan.c')
    const queries = Math.max(3, Math.round(30_000_000 / rows))
    let best: Rate | null = null
    for (const [n, flags] of VARIANTS.entries()) {
      const program = join(folder, `flat-${n}`)
      if (spawnSync('gcc', ['-O3', ...flags, '-o', program, source]).status !== 0) continue
      const { status, stdout } = spawnSync(program, [rows, queries, 5].map(String), { encoding: 'utf8' })
      const [wall = 0, cpu = 0] = stdout.split(' ').map(Number)
      if (status === 0 && cpu > (best?.cpu ?? 0)) best = { wall, cpu }
    }
    return best
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

// `npm test`: everything the tests need, then all of them, in Node and in Chromium. Arguments go to vitest.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureInstalled, requireNode, root } from './prepare.mjs'
import { ensureTools } from './system-tools.mjs'

requireNode()
await ensureInstalled()
const chromium = ensureTools()

const scratch = mkdtempSync(join(tmpdir(), 'saksi-test-'))
const report = join(scratch, 'report.json')
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
const args = [
  vitest,
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
  ...process.argv.slice(2),
]
const { status } = spawnSync(process.execPath, args, {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, SAKSI_CHROMIUM: chromium },
})
try {
  const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8'))
  // A run can fail without a failed test: a file that does not load, a browser that does not start.
  console.log(`\n${numPassedTests} passed, ${Math.max(numFailedTests, status === 0 ? 0 : 1)} failed`)
} catch {
  console.log('\n0 passed, 1 failed')
}
rmSync(scratch, { recursive: true, force: true })
process.exit(status ?? 1)

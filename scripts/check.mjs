// `npm run check`: everything about the source that is not a test. Each step names itself; all run even when one fails.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { ensureInstalled, requireNode, root } from './prepare.mjs'

requireNode()
await ensureInstalled()

const bin = (name) => join(root, 'node_modules', '.bin', name)
const tsc = join(root, 'node_modules', 'ts7', 'bin', 'tsc')
const steps = [
  ['types', process.execPath, [tsc, '-p', 'tsconfig.json']],
  ['types of the isomorphic part', process.execPath, [tsc, '-p', 'tsconfig.lib.json']],
  ['format and lint', bin('biome'), ['ci', '.']],
  ['typed lint', bin('eslint'), ['.', '--max-warnings=0']],
  ['directions', bin('depcruise'), ['src', 'bench', 'test', '--output-type', 'err']],
  ['unused code', bin('knip'), ['--no-progress']],
  ['kernel rebuilds byte for byte', process.execPath, ['scripts/build-wasm.mjs', '--check']],
  ['budgets and document paths', process.execPath, ['scripts/check-house.mjs']],
  ['lock file installs', 'npm', ['ci', '--dry-run', '--no-fund', '--no-audit', '--loglevel=error']],
]

let failed = 0
for (const [label, command, args] of steps) {
  const startedMs = Date.now()
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  })
  const seconds = ((Date.now() - startedMs) / 1000).toFixed(1)
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'}  ${label} (${seconds} s)`)
  if (status === 0) continue
  failed++
  console.log(`${stdout ?? ''}${stderr ?? ''}`)
}
console.log(failed === 0 ? 'All checks hold.' : `${failed} of ${steps.length} checks failed.`)
process.exit(failed === 0 ? 0 : 1)

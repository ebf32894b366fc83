// `npm run bench -- NAME [options]`: builds the program, then runs bench/NAME.ts.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ensureBuilt, ensureInstalled, requireNode, root } from './prepare.mjs'

requireNode()
const [name, ...args] = process.argv.slice(2)
const names = readdirSync(join(root, 'bench'))
  .filter((file) => file.endsWith('.bench.ts'))
  .map((file) => file.slice(0, -9))
if (!name || !existsSync(join(root, 'bench', `${name}.bench.ts`))) {
  console.error(
    `usage: npm run bench -- ${names.join('|')} [--json] [options; see the head of bench/NAME.bench.ts]`,
  )
  process.exit(2)
}
await ensureInstalled()
await ensureBuilt()
const tsx = join(root, 'node_modules', 'tsx', 'dist', 'cli.mjs')
process.exit(
  spawnSync(process.execPath, [tsx, join(root, 'bench', `${name}.bench.ts`), ...args], { stdio: 'inherit' })
    .status ?? 1,
)

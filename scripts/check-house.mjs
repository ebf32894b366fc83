// Budgets and document paths: sizes that must not creep, and documents that must not name what is not there.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './prepare.mjs'

const MAX_KERNEL_BYTES = 12 * 1024
const MAX_ARCHITECTURE_LINES = 70
const problems = []

const documents = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', ...markdownIn('docs')]
for (const document of documents) {
  const text = readFileSync(join(root, document), 'utf8')
  const named = [...text.matchAll(/`((?:src|test|bench|scripts|docs|bin)\/[^`\s*]*)`/g)].map((match) => match[1])
  const linked = [...text.matchAll(/\]\((?!https?:|#)([^)\s]+)\)/g)].map((match) => join(document, '..', match[1]))
  for (const path of [...named, ...linked]) {
    if (!existsSync(join(root, path))) problems.push(`${document} names ${path}, which does not exist`)
  }
}

const lines = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8').split('\n').length
if (lines > MAX_ARCHITECTURE_LINES) problems.push(`ARCHITECTURE.md has ${lines} lines; it stays on one page (${MAX_ARCHITECTURE_LINES})`)

for (const folder of readdirSync(join(root, 'src', 'lib'))) {
  const kernel = join(root, 'src', 'lib', folder, 'kernel.wasm.ts')
  if (!existsSync(kernel)) continue
  const bytes = Math.floor((statSync(kernel).size * 3) / 4)
  if (bytes > MAX_KERNEL_BYTES) problems.push(`the kernel of src/lib/${folder} is about ${bytes} bytes; the budget is ${MAX_KERNEL_BYTES}`)
}

for (const problem of problems) console.error(problem)
process.exit(problems.length === 0 ? 0 : 1)

function markdownIn(folder) {
  return readdirSync(join(root, folder), { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((path) => path.endsWith('.md'))
}

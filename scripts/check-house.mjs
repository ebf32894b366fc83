// Budgets and document paths: sizes that must not creep, and documents that must not name what is not there.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { root as ourRoot } from './prepare.mjs'

const MAX_KERNEL_BYTES = 12 * 1024
const MAX_ARCHITECTURE_LINES = 70
const DOCUMENTS = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md']

/** What is wrong with the house at `root`, a sentence each; nothing when all is well. */
export function houseProblems(root) {
  return [...missingPaths(root), ...longArchitecture(root), ...largeKernels(root)]
}

function missingPaths(root) {
  const problems = []
  for (const document of [...DOCUMENTS, ...markdownIn(root, 'docs'), ...markdownIn(root, 'src')]) {
    const text = readFileSync(join(root, document), 'utf8')
    const named = [...text.matchAll(/`((?:src|test|bench|scripts|docs|bin)\/[^`\s*]*)`/g)].map(
      (match) => match[1],
    )
    const linked = [...text.matchAll(/\]\((?!https?:|#)([^)\s]+)\)/g)].map((match) =>
      join(document, '..', match[1]),
    )
    for (const path of [...named, ...linked]) {
      if (!existsSync(join(root, path))) problems.push(`${document} names ${path}, which does not exist`)
    }
  }
  return problems
}

function longArchitecture(root) {
  const lines = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8').split('\n').length
  return lines > MAX_ARCHITECTURE_LINES
    ? [`ARCHITECTURE.md has ${lines} lines; it stays on one page (${MAX_ARCHITECTURE_LINES})`]
    : []
}

function largeKernels(root) {
  return readdirSync(join(root, 'src', 'lib'), { recursive: true })
    .map((name) => join('src', 'lib', String(name)))
    .filter((path) => path.endsWith('kernel.wasm.ts'))
    .map((kernel) => ({ kernel, bytes: Math.floor((statSync(join(root, kernel)).size * 3) / 4) }))
    .filter(({ bytes }) => bytes > MAX_KERNEL_BYTES)
    .map(({ kernel, bytes }) => `${kernel} is about ${bytes} bytes; the budget is ${MAX_KERNEL_BYTES}`)
}

function markdownIn(root, folder) {
  return readdirSync(join(root, folder), { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((path) => path.endsWith('.md'))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const problems = houseProblems(ourRoot)
  for (const problem of problems) console.error(problem)
  process.exit(problems.length === 0 ? 0 : 1)
}

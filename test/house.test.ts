import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { houseProblems } from '../scripts/check-house.mjs'

const root = join(import.meta.dirname, '..')

it('has documents that name only what exists, and keeps its budgets', () => {
  expect(houseProblems(root)).toEqual([])
})

it('notices a document that names what does not exist', () => {
  const copy = mkdtempSync(join(tmpdir(), 'saksi-house-'))
  try {
    for (const name of ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'])
      writeFileSync(join(copy, name), '')
    for (const folder of ['docs', 'src/lib']) mkdirSync(join(copy, folder), { recursive: true })
    cpSync(join(root, 'LICENSE'), join(copy, 'LICENSE'))
    writeFileSync(
      join(copy, 'ARCHITECTURE.md'),
      'See `src/nowhere` and [the licence](LICENSE) and [none](docs/none.md).\n',
    )
    expect(houseProblems(copy)).toEqual([
      'ARCHITECTURE.md names src/nowhere, which does not exist',
      'ARCHITECTURE.md names docs/none.md, which does not exist',
    ])
  } finally {
    rmSync(copy, { recursive: true })
  }
})

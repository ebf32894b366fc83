import { readFileSync } from 'node:fs'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeTemporaryFolder, removeFolder } from '#node/testing/temporary-folder.ts'
import { openWorld, type World } from '../testing/world.ts'

const SECURITY = new URL('../../../SECURITY.md', import.meta.url)

let world: World
const directory = makeTemporaryFolder()
beforeAll(async () => {
  world = await openWorld({ directory })
}, 60_000)
afterAll(async () => {
  await world.close()
  removeFolder(directory)
})

/** `table.column` of each line of the table in SECURITY.md: | `cases` | `id`, `mailbox` | what it tells | */
function declaredColumns(): string[] {
  return [...readFileSync(SECURITY, 'utf8').matchAll(/^\| `(\w+)` \| ((?:`\w+`(?:, )?)+) \|/gm)].flatMap(
    ([, table = '', columns = '']) =>
      [...columns.matchAll(/`(\w+)`/g)].map(([, column]) => `${table}.${column}`),
  )
}

it('has exactly the columns that SECURITY.md says the server keeps', async () => {
  const { rows } = await sql<{ column: string }>`
    select table_name || '.' || column_name as column from information_schema.columns
    where table_schema = 'public'`.execute(world.database.kysely)
  const found = rows.map(({ column }) => column).sort()
  expect(found).toEqual(declaredColumns().sort())
  expect(found.length).toBeGreaterThan(30)
})

it('has no column for what must never be kept', async () => {
  const { rows } = await sql<{ column: string }>`
    select column_name as column from information_schema.columns where table_schema = 'public'`.execute(
    world.database.kysely,
  )
  const forbidden =
    /\bip\b|ip_|address_of|agent|language|referrer|file_?name|mime|phone|e_?mail|created_at|updated_at/
  expect(rows.map(({ column }) => column).filter((column) => forbidden.test(column))).toEqual([])
})

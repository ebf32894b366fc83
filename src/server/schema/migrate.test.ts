import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Database, openDatabase } from '#node/db/index.ts'
import { makeTemporaryFolder, removeFolder } from '#node/testing/temporary-folder.ts'
import { type Migration, migrate } from './migrate.ts'
import { MIGRATIONS } from './migrations/index.ts'
import type { Tables } from './tables.ts'

let database: Database<Tables>
const directory = makeTemporaryFolder()
beforeAll(async () => {
  database = await openDatabase({ directory })
}, 60_000)
afterAll(async () => {
  await database.close()
  removeFolder(directory)
})

const step = (id: string, statement: string): Migration => ({
  id,
  up: async (tx) => {
    await sql.raw(statement).execute(tx)
  },
})

it('carries out each step once, also when two servers start at the same time', async () => {
  const ids = MIGRATIONS.map(({ id }) => id)
  const both = await Promise.all([migrate(database.kysely, MIGRATIONS), migrate(database.kysely, MIGRATIONS)])
  expect(both.flat().sort()).toEqual([...ids].sort())
  expect(await migrate(database.kysely, MIGRATIONS)).toEqual([])
  expect([...ids].sort()).toEqual(ids)
})

it('leaves nothing of a step that fails, and goes on from there', async () => {
  const good = step('29990101T0000-good', 'create table good (id int)')
  const bad = step('29990101T0001-bad', 'create table bad (id int); select 1 / 0')
  await expect(migrate(database.kysely, [...MIGRATIONS, good, bad])).rejects.toThrow()
  const { rows } = await sql<{ good: boolean; bad: boolean }>`
    select to_regclass('good') is not null as good, to_regclass('bad') is not null as bad`.execute(
    database.kysely,
  )
  expect(rows).toEqual([{ good: true, bad: false }])
  const mended = step('29990101T0001-bad', 'create table bad (id int)')
  expect(await migrate(database.kysely, [...MIGRATIONS, good, mended])).toEqual([mended.id])
})

it('refuses a database that has been through steps it does not know', async () => {
  await expect(migrate(database.kysely, MIGRATIONS)).rejects.toMatchObject({ code: 'SERVER_DATABASE_NEWER' })
})

import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { flipBits, joined, randomPrint, randomWords } from '../testing/prints.ts'
import { openScatteredDatabase, type ScatteredDatabase } from '../testing/scattered-database.ts'
import { BandIndex } from './index.ts'

let scattered: ScatteredDatabase

beforeAll(async () => {
  scattered = await openScatteredDatabase()
}, 60_000)
afterAll(() => scattered.close(), 60_000)

it('spreads rows over both servers, and answers nothing at all rather than half when one is gone', async () => {
  const next = randomWords(99)
  const original = randomPrint(next)
  const copies = Array.from({ length: 60 }, () => flipBits(original, next() % 32, next))
  const index = await BandIndex.open(scattered.database)
  await index.addMany([...copies.keys()], joined(copies))
  const { rows } = await sql<{ count: string }>`
    select count(*) as count from radius_prints group by tableoid`.execute(scattered.database.kysely)
  expect(rows).toHaveLength(2)
  for (const { count } of rows) expect(Number(count)).toBeGreaterThan(10)
  expect(await index.query(original)).toHaveLength(60)

  const [lost] = scattered.shards
  await lost?.stop()
  await expect(index.query(original)).rejects.toMatchObject({ code: 'DATABASE_UNREACHABLE' })
  await expect(index.queryMany(joined(copies))).rejects.toMatchObject({ code: 'DATABASE_UNREACHABLE' })
  await expect(index.size()).rejects.toMatchObject({ code: 'DATABASE_UNREACHABLE' })
}, 60_000)

import fc from 'fast-check'
import { type CompiledQuery, sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ExactIndex } from '#lib/radius/index.ts'
import type { Database } from '#node/db/index.ts'
import { type BandTarget, bandTargets } from '../testing/band-targets.ts'
import { untilOneWaits, whileLocked } from '../testing/locked-table.ts'
import {
  bruteForce,
  flipBits,
  joined,
  mixedRows,
  queryNear,
  randomPrint,
  randomWords,
} from '../testing/prints.ts'
import { command, runBeside } from '../testing/radius-commands.ts'
import { watching } from '../testing/watch-statements.ts'
import { BandIndex, type BandTables, installedBandWidth, setBandWidth } from './index.ts'

const START_MS = 60_000
const WIDTHS = [12, 13, 14, 15, 16, 20, 24]

describe.each(bandTargets())('on $name', ({ open, isOneServer }) => {
  let target: BandTarget
  let index: BandIndex

  beforeAll(async () => {
    target = await open()
  }, START_MS)
  afterAll(() => target.close(), START_MS)
  beforeEach(async () => {
    await clear(target.database)
    index = await BandIndex.open(target.database)
  })

  it('finds what brute force and the index in process find, at every radius, with bands of any width', async () => {
    const next = randomWords(0x5eed)
    const rows = mixedRows(next)
    const exact = new ExactIndex()
    for (const [id, print] of rows) exact.add(id, print)
    await index.addMany([...rows.keys()], joined([...rows.values()]))
    for (const bandWidthBits of WIDTHS) {
      if (isOneServer) await setBandWidth(target.database.kysely, bandWidthBits)
      const banded = await BandIndex.open(target.database, { bandWidthBits })
      for (let radius = 0; radius <= 31; radius++) {
        const query = queryNear(rows, next)
        const hits = await banded.query(query, radius)
        expect(hits, `width ${bandWidthBits}, radius ${radius}`).toEqual(bruteForce(rows, query, radius))
        expect(hits).toEqual(exact.query(query, radius))
      }
    }
    if (isOneServer) await setBandWidth(target.database.kysely, 16)
  })

  it('finds a planted copy at every distance up to 31, and none farther', async () => {
    const next = randomWords(77)
    const original = randomPrint(next)
    const copies = Array.from({ length: 41 }, (_, bits) => flipBits(original, bits, next))
    await index.addMany([...copies.keys()], joined(copies))
    const expected = Array.from({ length: 32 }, (_, bits) => ({ id: bits, distance: bits }))
    expect(await index.query(original)).toEqual(expected)
    expect(await index.query(original, 12)).toEqual(expected.slice(0, 13))
  })

  it('answers as the index in process does, however adding, removing and asking are interleaved', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 1, maxLength: 40 }), async (commands) => {
        await clear(target.database)
        await runBeside(commands, index)
      }),
      { numRuns: 50 },
    )
  })

  it('no longer finds what was removed, from the next query on and for everyone', async () => {
    const other = await target.open({})
    const elsewhere = await BandIndex.open(other)
    const print = randomPrint(randomWords(3))
    for (let id = 0; id < 20; id++) {
      await index.add(id, print)
      expect(await elsewhere.query(print)).toEqual([{ id, distance: 0 }])
      expect(await index.remove(id)).toBe(true)
      expect(await elsewhere.query(print)).toEqual([])
      expect(await elsewhere.remove(id)).toBe(false)
    }
    await other.close()
  })

  it('refuses what is no fingerprint, id or radius, and is as before', async () => {
    const print = randomPrint(randomWords(4))
    await index.add(9, print)
    const refused: [() => Promise<unknown>, string][] = [
      [() => index.add(10, print.subarray(1)), 'BAD_LENGTH'],
      [() => index.add(10, new Uint8Array(33)), 'BAD_LENGTH'],
      [() => index.add(-1, print), 'BAD_ID'],
      [() => index.add(0.5, print), 'BAD_ID'],
      [() => index.add(2 ** 32, print), 'BAD_ID'],
      [() => index.remove(Number.NaN), 'BAD_ID'],
      [() => index.add(9, print), 'DUPLICATE_ID'],
      [() => index.addMany([11, 12, 9], joined([print, print, print])), 'DUPLICATE_ID'],
      [() => index.addMany([11, 11], joined([print, print])), 'DUPLICATE_ID'],
      [() => index.addMany([11, 12], print), 'BAD_LENGTH'],
      [() => index.query(new Uint8Array(31)), 'BAD_LENGTH'],
      [() => index.query(new Uint8Array(0)), 'BAD_LENGTH'],
      [() => index.query(print, 32), 'BAD_RADIUS'],
      [() => index.query(print, -1), 'BAD_RADIUS'],
      [() => index.query(print, 1.5), 'BAD_RADIUS'],
      [() => index.queryMany(new Uint8Array(40)), 'BAD_LENGTH'],
      [() => index.queryMany(print, 99), 'BAD_RADIUS'],
      [() => BandIndex.open(target.database, { bandWidthBits: 8 }), 'BAD_OPTIONS'],
      [() => BandIndex.open(target.database, { parallelQueries: 0 }), 'BAD_OPTIONS'],
    ]
    for (const [call, code] of refused) await expect(call()).rejects.toMatchObject({ code })
    expect(await index.size()).toBe(1)
    expect(await index.query(print)).toEqual([{ id: 9, distance: 0 }])
  })

  it('takes the smallest and the largest id, and all-zero and all-one fingerprints', async () => {
    const zeros = new Uint8Array(32)
    const ones = new Uint8Array(32).fill(255)
    await index.add(0, zeros)
    await index.add(2 ** 32 - 1, ones)
    expect(await index.query(zeros)).toEqual([{ id: 0, distance: 0 }])
    expect(await index.query(ones, 0)).toEqual([{ id: 2 ** 32 - 1, distance: 0 }])
  })

  it('answers many queries in order, and none is an empty list', async () => {
    const next = randomWords(11)
    const rows = mixedRows(next)
    await index.addMany([...rows.keys()], joined([...rows.values()]))
    const queries = Array.from({ length: 150 }, () => queryNear(rows, next))
    const answers = await index.queryMany(joined(queries), 25)
    expect(answers).toEqual(queries.map((query) => bruteForce(rows, query, 25)))
    expect(await index.queryMany(new Uint8Array(0))).toEqual([])
  })

  it('passes ids and fingerprints as parameters only', async () => {
    const { kysely } = target.database
    const seen: CompiledQuery[] = []
    const watched = { ...target.database, kysely: kysely.withPlugin(watching(target.database, seen)) }
    const watchedIndex = await BandIndex.open(watched, { bandWidthBits: 16 })
    const print = Uint8Array.from({ length: 32 }, () => 0xa7)
    await watchedIndex.add(4_123_456_789, print)
    await watchedIndex.query(print, 31)
    await watchedIndex.remove(4_123_456_789)
    expect(seen.length).toBeGreaterThanOrEqual(3)
    for (const { sql: text } of seen) {
      expect(text).not.toContain('4123456789')
      expect(text).not.toMatch(/x[0-9a-f]{64}/)
    }
  })

  describe('when the table is locked by somebody', () => {
    it('gives a statement up after the time allowed', async () => {
      const hurried = await target.open({ statementTimeoutMs: 300 })
      const late = await BandIndex.open(hurried, { bandWidthBits: 16 })
      const print = randomPrint(randomWords(21))
      await whileLocked(target, async () => {
        await expect(late.query(print)).rejects.toMatchObject({ code: 'DATABASE_TIMEOUT' })
        await expect(late.add(1, print)).rejects.toMatchObject({ code: 'DATABASE_TIMEOUT' })
        await expect(late.queryMany(joined([print, print]))).rejects.toMatchObject({
          code: 'DATABASE_TIMEOUT',
        })
      })
      expect(await late.query(print)).toEqual([])
      await hurried.close()
    })

    it('stops the statement in the server when it is called off', async () => {
      const database = await target.open({ maxConnections: 1 })
      const patient = await BandIndex.open(database, { bandWidthBits: 16 })
      const print = randomPrint(randomWords(22))
      const calledOff = new AbortController()
      await whileLocked(target, async () => {
        const query = patient.query(print, 31, calledOff.signal)
        await untilOneWaits(target.database)
        calledOff.abort()
        await expect(query).rejects.toMatchObject({ code: 'DATABASE_CANCELLED' })
        await expect(patient.query(print, 31, calledOff.signal)).rejects.toMatchObject({
          code: 'DATABASE_CANCELLED',
        })
      })
      // The only connection is free and well again.
      expect(await patient.query(print, 31, new AbortController().signal)).toEqual([])
      await database.close()
    })

    it('says so when its connection is cut, and works again with the next call', async () => {
      const database = await target.open({})
      const cut = await BandIndex.open(database, { bandWidthBits: 16 })
      const print = randomPrint(randomWords(23))
      await whileLocked(target, async () => {
        const queries = [cut.query(print), cut.add(5, print)]
        const outcomes = Promise.allSettled(queries)
        await untilOneWaits(target.database, 2)
        await sql`select pg_terminate_backend(pid) from pg_stat_activity
          where wait_event_type = 'Lock' and pid <> pg_backend_pid()`.execute(target.database.kysely)
        for (const outcome of await outcomes) {
          expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'DATABASE_UNREACHABLE' } })
        }
      })
      expect(await cut.query(print)).toEqual([])
      await database.close()
    })
  })

  it('has a code for a closed database', async () => {
    const database = await target.open({})
    const closed = await BandIndex.open(database, { bandWidthBits: 16 })
    await database.close()
    await expect(closed.size()).rejects.toMatchObject({ code: 'DATABASE_CLOSED' })
  })

  if (!isOneServer) return

  it('looks into the bands, not at every row', async () => {
    const next = randomWords(31)
    const prints = Array.from({ length: 12_000 }, () => randomPrint(next))
    await index.addMany([...prints.keys()], joined(prints))
    await sql`vacuum analyze radius_prints`.execute(target.database.kysely)
    const seen: CompiledQuery[] = []
    const { kysely } = target.database
    const watched = await BandIndex.open({
      ...target.database,
      kysely: kysely.withPlugin(watching(target.database, seen)),
    })
    await watched.query(randomPrint(next))
    const statement = seen.find(({ sql: text }) => text.includes('bit_count'))
    const { rows } = await kysely.executeQuery<Record<'QUERY PLAN', string>>({
      ...(statement ?? expect.fail('no statement was seen')),
      sql: `explain ${statement?.sql}`,
    })
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n')
    expect(plan).not.toContain('Seq Scan')
    for (let band = 0; band < 16; band++) expect(plan).toContain(`radius_prints_16_${band}`)
  })

  it('changes the width of its bands while rows are found and removed', async () => {
    const next = randomWords(41)
    const rows = mixedRows(next)
    await index.addMany([...rows.keys()], joined([...rows.values()]))
    const { kysely } = target.database
    expect(await installedBandWidth(kysely)).toBe(16)
    let isChanging = true
    const change = setBandWidth(kysely, 13).finally(() => {
      isChanging = false
    })
    for (let id = 0; isChanging && id < rows.size; id++) {
      const query = rows.get(id) ?? expect.fail('no such row')
      expect(await index.remove(id)).toBe(true)
      rows.delete(id)
      expect(await index.query(query)).toEqual(bruteForce(rows, query, 31))
    }
    await change
    expect(await installedBandWidth(kysely)).toBe(13)
    const { rows: left } = await sql<{ name: string }>`
      select indexname as name from pg_indexes where tablename = 'radius_prints'`.execute(kysely)
    expect(left).toHaveLength(20 + 1)
    await setBandWidth(kysely, 16)
    await setBandWidth(kysely, 16)
    expect(await installedBandWidth(kysely)).toBe(16)
  })

  it('builds a band anew whose building was cut short', async () => {
    const { kysely } = target.database
    await sql`drop index radius_prints_16_7`.execute(kysely)
    expect(await installedBandWidth(kysely)).toBeNull()
    // What is left when two rows collide, or the server stops, while a unique index is built concurrently.
    await index.addMany([1, 2], joined([new Uint8Array(32), new Uint8Array(32)]))
    await expect(
      sql`create unique index concurrently radius_prints_16_7 on radius_prints (bits)`.execute(kysely),
    ).rejects.toMatchObject({ code: '23505' })
    await setBandWidth(kysely, 16)
    expect(await installedBandWidth(kysely)).toBe(16)
  })
})

async function clear(database: Database<BandTables>): Promise<void> {
  await sql`delete from radius_prints`.execute(database.kysely)
}

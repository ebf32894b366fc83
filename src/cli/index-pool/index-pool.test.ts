import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ExactIndex, type ExactIndexOptions } from '#lib/radius/index.ts'
import { IndexPool, type IndexPoolOptions } from './index.ts'

const SOURCE_WORKER = new URL('./start-worker.mjs', import.meta.url)
const DYING_WORKER = new URL('./dying-worker.mjs', import.meta.url)
const PRINT_BYTES = 32

/** Repeatable prints; none begins with the byte the dying worker dies at. */
function prints(count: number, seed: number): Uint8Array {
  let state = seed | 1
  const bytes = Uint8Array.from({ length: count * PRINT_BYTES }, () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state & 255
  })
  for (let at = 0; at < bytes.length; at += PRINT_BYTES) bytes[at] = (bytes[at] ?? 0) & 127
  return bytes
}

function printAt(all: Uint8Array, n: number): Uint8Array {
  return all.subarray(n * PRINT_BYTES, (n + 1) * PRINT_BYTES)
}

function near(print: Uint8Array, bits: number): Uint8Array {
  const copy = Uint8Array.from(print)
  for (let bit = 8; bit < 8 + bits; bit++) copy[bit >>> 3] = (copy[bit >>> 3] ?? 0) ^ (1 << (bit & 7))
  return copy
}

const numbers = (count: number, from = 0) => Uint32Array.from({ length: count }, (_, n) => from + n)

const pools: IndexPool[] = []
function open(options: Partial<IndexPoolOptions> = {}): IndexPool {
  const pool = new IndexPool({ workers: 2, workerUrl: SOURCE_WORKER, flatRows: 50, ...options })
  pools.push(pool)
  return pool
}

let deaths = ''
beforeEach(() => {
  deaths = mkdtempSync(join(tmpdir(), 'saksi-deaths-'))
  vi.stubEnv('SAKSI_TEST_DEATHS', deaths)
})
afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()))
  vi.unstubAllEnvs()
  rmSync(deaths, { recursive: true, force: true })
})

/** The next `count` works of a kind each cost a thread its life. */
function letDie(kind: 'query' | 'rebuild', count: number): void {
  for (let n = 0; n < count; n++) writeFileSync(join(deaths, `${kind}-${n}`), '')
}

describe.each([{}, { segmentRows: 700 }, { layout: 'lean' }] satisfies ExactIndexOptions[])(
  'with %j',
  (options) => {
    it('answers as the index of one thread does, whatever has been added, removed and rebuilt', async () => {
      const rows = prints(3_000, 5)
      const pool = open(options)
      const single = new ExactIndex({ flatRows: 50, ...options })
      await pool.addMany(numbers(2_000), rows.subarray(0, 2_000 * PRINT_BYTES))
      single.addMany(numbers(2_000), rows.subarray(0, 2_000 * PRINT_BYTES))
      for (let id = 2_000; id < 3_000; id++) {
        await pool.add(id, printAt(rows, id))
        single.add(id, printAt(rows, id))
        if (id % 3 === 0) {
          expect(await pool.remove(id - 1_500)).toBe(single.remove(id - 1_500))
          expect(await pool.remove(id - 1_500)).toBe(false)
        }
        if (id % 100 !== 0) continue
        const queries = near(rows.subarray((id - 40) * PRINT_BYTES, (id + 1) * PRINT_BYTES), 6)
        expect(await pool.queryMany(queries, 20)).toEqual(single.queryMany(queries, 20))
      }
      await pool.settled()
      expect(await pool.size()).toBe(single.size)
      expect(await pool.queryMany(rows)).toEqual(single.queryMany(rows))
      expect(await pool.queryMany(new Uint8Array(0))).toEqual([])
    })
  },
)

it('finds what was just added and no more what was just removed, while tables are being rebuilt', async () => {
  const rows = prints(4_000, 9)
  const pool = open()
  const answers: Promise<boolean>[] = []
  for (let id = 0; id < 4_000; id++) {
    void pool.add(id, printAt(rows, id))
    if (id % 10 !== 0) continue
    const print = printAt(rows, id)
    answers.push(pool.query(print, 0).then((hits) => hits.some((hit) => hit.id === id)))
    if (id % 100 === 0) {
      await Promise.all(answers)
      void pool.remove(id)
      answers.push(pool.query(print, 0).then((hits) => !hits.some((hit) => hit.id === id)))
    }
  }
  const all = await Promise.all(answers)
  expect(all.length).toBe(440)
  expect(all.filter((isRight) => !isRight)).toEqual([])
})

it('replaces a thread that dies and loses neither rows nor answers', async () => {
  const rows = prints(2_000, 3)
  const pool = open({ workerUrl: DYING_WORKER })
  await pool.addMany(numbers(2_000), rows)
  letDie('query', 4)
  const answers = await pool.queryMany(rows, 0)
  expect(answers.map((hits) => hits.map(({ id }) => id))).toEqual(Array.from(numbers(2_000), (id) => [id]))
  expect(readdirSync(deaths)).toEqual([])
})

it('begins a rebuild again when its thread dies, and answers meanwhile', async () => {
  const rows = prints(500, 4)
  const pool = open({ workerUrl: DYING_WORKER })
  letDie('rebuild', 2)
  for (let id = 0; id < 500; id++) await pool.add(id, printAt(rows, id))
  expect(await pool.query(printAt(rows, 77), 0)).toEqual([{ id: 77, distance: 0 }])
  await pool.settled()
  expect(readdirSync(deaths)).toEqual([])
  expect(await pool.queryMany(rows, 0)).toEqual(Array.from(numbers(500), (id) => [{ id, distance: 0 }]))
})

it('gives up on a query that kills every thread, and on nothing else', async () => {
  const rows = prints(200, 6)
  const pool = open({ workerUrl: DYING_WORKER })
  await pool.addMany(numbers(200), rows)
  const deadly = new Uint8Array(PRINT_BYTES).fill(238)
  const others = Promise.all([0, 1, 2, 3].map((n) => pool.query(printAt(rows, n), 0)))
  await expect(pool.query(deadly)).rejects.toMatchObject({ code: 'POOL_BROKEN' })
  expect(await others).toEqual([0, 1, 2, 3].map((id) => [{ id, distance: 0 }]))
  expect(await pool.query(printAt(rows, 9), 0)).toEqual([{ id: 9, distance: 0 }])
})

it('refuses more calls than it may hold, and those it took it answers', async () => {
  const rows = prints(100, 8)
  const pool = open({ maxCalls: 3 })
  await pool.addMany(numbers(100), rows)
  const calls = [1, 2, 3, 4, 5].map((n) => pool.query(printAt(rows, n), 0))
  const settled = await Promise.allSettled(calls)
  expect(settled.map(({ status }) => status)).toEqual([
    'fulfilled',
    'fulfilled',
    'fulfilled',
    'rejected',
    'rejected',
  ])
  expect(settled[4]).toMatchObject({ reason: { code: 'POOL_BUSY' } })
  expect(await pool.query(printAt(rows, 5), 0)).toEqual([{ id: 5, distance: 0 }])
})

it('refuses bad input by name and goes on', async () => {
  const pool = open()
  const print = new Uint8Array(PRINT_BYTES)
  await pool.add(1, print)
  await expect(pool.add(1, print)).rejects.toMatchObject({ code: 'DUPLICATE_ID' })
  await expect(pool.add(-1, print)).rejects.toMatchObject({ code: 'BAD_ID' })
  await expect(pool.query(new Uint8Array(31))).rejects.toMatchObject({ code: 'BAD_LENGTH' })
  await expect(pool.queryMany(new Uint8Array(33))).rejects.toMatchObject({ code: 'BAD_LENGTH' })
  await expect(pool.query(print, 32)).rejects.toMatchObject({ code: 'BAD_RADIUS' })
  for (const workers of [0, 1.5, 256])
    expect(() => open({ workers })).toThrow(expect.objectContaining({ code: 'BAD_OPTIONS' }))
  expect(() => open({ chunks: 3 })).toThrow(expect.objectContaining({ code: 'BAD_OPTIONS' }))
  expect(await pool.query(print)).toEqual([{ id: 1, distance: 0 }])
})

it('goes on answering when memory does not suffice for more', async () => {
  const rows = prints(20_000, 2)
  const pool = open({ limitBytes: 3_000_000 })
  let added = 0
  await expect(
    (async () => {
      for (; added < 20_000; added++) await pool.add(added, printAt(rows, added))
    })(),
  ).rejects.toMatchObject({ code: 'OUT_OF_MEMORY' })
  expect(await pool.size()).toBe(added)
  expect(await pool.query(printAt(rows, added - 1), 0)).toEqual([{ id: added - 1, distance: 0 }])
  expect(await pool.query(printAt(rows, 0), 0)).toEqual([{ id: 0, distance: 0 }])
})

it('comes back from a snapshot', async () => {
  const rows = prints(300, 7)
  const pool = open()
  await pool.addMany(numbers(300), rows)
  const options = { workers: 1, workerUrl: SOURCE_WORKER }
  const again = IndexPool.load(pool.snapshot(), options)
  pools.push(again)
  expect(await again.queryMany(rows, 5)).toEqual(await pool.queryMany(rows, 5))
  expect(() => IndexPool.load(pool.snapshot().subarray(1), options)).toThrow(
    expect.objectContaining({ code: 'SNAPSHOT_CORRUPT' }),
  )
})

it('rejects what is under way when it is closed, and everything after', async () => {
  const rows = prints(400, 10)
  const pool = open()
  await pool.addMany(numbers(400), rows)
  const under = pool.queryMany(rows)
  const closed = pool.close()
  await expect(under).rejects.toMatchObject({ code: 'POOL_CLOSED' })
  await closed
  await expect(pool.query(printAt(rows, 1))).rejects.toMatchObject({ code: 'POOL_CLOSED' })
  await expect(pool.add(9_999, printAt(rows, 1))).rejects.toMatchObject({ code: 'POOL_CLOSED' })
})

it('says so when its threads do not start', async () => {
  const pool = open({ workerUrl: new URL('./no-such-worker.mjs', import.meta.url) })
  await pool.add(1, new Uint8Array(PRINT_BYTES))
  await expect(pool.query(new Uint8Array(PRINT_BYTES))).rejects.toMatchObject({ code: 'POOL_BROKEN' })
})

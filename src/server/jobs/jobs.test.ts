import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeTemporaryFolder, removeFolder } from '#node/testing/temporary-folder.ts'
import { openWorld, type World } from '../testing/world.ts'
import { addJob, type JobHandler, Jobs } from './index.ts'

let world: World
const directory = makeTemporaryFolder()
beforeAll(async () => {
  world = await openWorld({ directory })
}, 60_000)
afterAll(async () => {
  await world.close()
  removeFolder(directory)
})

const jobsOf = (handle: JobHandler, recurring?: { everyMs: number }) =>
  new Jobs({ test: { handle, ...(recurring && { recurring }) } }, world.dependencies)
const inSeconds = (seconds: number) => new Date(world.clock.now().getTime() + seconds * 1_000)
const remaining = () =>
  world.database.kysely.selectFrom('jobs').select('due').where('kind', '=', 'test').execute()

it('carries out what is due, once, also when several servers look at the same time', async () => {
  const done: unknown[] = []
  const jobs = jobsOf(async (_tx, payload) => {
    done.push(payload['n'])
  })
  for (let n = 0; n < 20; n++) {
    await addJob(world.database.kysely, { kind: 'test', payload: { n }, due: inSeconds(n < 15 ? 0 : 60) })
  }
  const counts = await Promise.all([jobs.runDue(), jobs.runDue(), jobs.runDue()])
  expect(counts.reduce((sum, count) => sum + count)).toBe(15)
  expect(done.sort()).toEqual(Array.from({ length: 15 }, (_, n) => n).sort())
  world.clock.advanceMs(60_000)
  expect(await jobs.runDue()).toBe(5)
  expect(await remaining()).toEqual([])
})

it('is gone when the transaction it belongs to is rolled back', async () => {
  const rolledBack = world.database.kysely.transaction().execute(async (tx) => {
    await addJob(tx, { kind: 'test', payload: {}, due: inSeconds(0) })
    throw new Error('rolled back')
  })
  await expect(rolledBack).rejects.toThrow('rolled back')
  expect(await remaining()).toEqual([])
})

it('undoes what a failing job did, tries it again later, and does the others meanwhile', async () => {
  const done: unknown[] = []
  let isBroken = true
  const jobs = jobsOf(async (tx, payload) => {
    await tx
      .insertInto('migrations')
      .values({ id: `job-${String(payload['n'])}` })
      .execute()
    if (payload['n'] === 1 && isBroken) throw Object.assign(new Error('broken'), { code: 'DISK_FULL' })
    done.push(payload['n'])
  })
  for (const n of [1, 2])
    await addJob(world.database.kysely, { kind: 'test', payload: { n }, due: inSeconds(0) })
  await jobs.runDue()
  const entered = world.database.kysely.selectFrom('migrations').select('id').where('id', 'like', 'job-%')
  expect(await entered.execute()).toEqual([{ id: 'job-2' }])
  expect(done).toEqual([2])
  expect(world.logged.at(-1)).toBe('{"event":"job-failed","kind":"test","attempts":1,"code":"DISK_FULL"}')
  isBroken = false
  expect(await jobs.runDue()).toBe(0)
  world.clock.advanceMs(10_000)
  expect(await jobs.runDue()).toBe(1)
  expect(done).toEqual([2, 1])
  await world.database.kysely.deleteFrom('migrations').where('id', 'like', 'job-%').execute()
})

it('comes again when it recurs, and is there once however often it is planned', async () => {
  let runs = 0
  const handle = async () => {
    runs++
  }
  const jobs = jobsOf(handle, { everyMs: 3_600_000 })
  await Promise.all([jobs.plan(), jobs.plan()])
  expect(await jobs.runDue()).toBe(1)
  expect(await jobs.runDue()).toBe(0)
  world.clock.advanceMs(3_600_000)
  expect(await jobs.runDue()).toBe(1)
  expect(runs).toBe(2)
  expect(await remaining()).toHaveLength(1)
})

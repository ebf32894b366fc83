import { afterAll, beforeAll, expect, it } from 'vitest'
import { parseNote, parsePolicy, verifyCheckpoint } from '#lib/tlog/index.ts'
import { makeTemporaryFolder, removeFolder } from '#node/testing/temporary-folder.ts'
import { Mailbox, sendReport } from '../../client/index.ts'
import { newSurvivor, solve } from '../testing/reports.ts'
import { openWorld, type World } from '../testing/world.ts'

const HOUR_MS = 60 * 60_000

let world: World
const directory = makeTemporaryFolder()
beforeAll(async () => {
  world = await openWorld({ directory })
}, 60_000)
afterAll(async () => {
  await world.close()
  removeFolder(directory)
})

const served = async (path: string) => {
  const response = await fetch(`${world.url}/log/${path}`)
  return { status: response.status, text: await response.text(), headers: response.headers }
}

it('brings every report into the log at the next checkpoint, and serves the log to everybody', async () => {
  const survivors = [newSurvivor(), newSurvivor()]
  for (const { report } of survivors) await sendReport(world.client, report, solve)
  world.clock.advanceMs(2 * HOUR_MS)
  await world.custodyLog.keep()
  const indexes = []
  for (const { keys } of survivors) indexes.push((await new Mailbox(world.client, keys).fetch()).logIndex)
  expect(new Set(indexes).size).toBe(2)
  for (const index of indexes) expect(index).toBeGreaterThanOrEqual(0)

  const checkpoint = await served('checkpoint')
  expect(checkpoint.headers.get('access-control-allow-origin')).toBe('*')
  const policy = parsePolicy((await served('policy')).text, { allowNoWitness: true })
  expect(verifyCheckpoint(parseNote(checkpoint.text), policy)).toMatchObject({ checkpoint: { size: 16 } })
  expect((await served('tile/0/000.p/16')).status).toBe(200)
  for (const path of ['tile/0/001', '..%2fkeys%2flog.key', 'keys/log.key', 'checkpoint/', '']) {
    expect([path, (await served(path)).status]).toEqual([path, 404])
  }
})

it('enters nothing twice, also after a new start', async () => {
  const { report, keys } = newSurvivor()
  await sendReport(world.client, report, solve)
  await world.custodyLog.keep()
  await world.close()
  world = await openWorld({ directory })
  world.clock.advanceMs(4 * HOUR_MS)
  await world.custodyLog.keep()
  const { logIndex } = await new Mailbox(world.client, keys).fetch()
  expect(logIndex).not.toBeNull()
  await world.custodyLog.keep()
  const pending = world.database.kysely
    .selectFrom('commitments')
    .select('commitment')
    .where('state', '=', 'pending')
  expect(await pending.execute()).toEqual([])
})

import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import type { OpenReport } from '#contract/intake.ts'
import { makeTemporaryFolder, removeFolder, temporaryFolder } from '#node/testing/temporary-folder.ts'
import { createClient, openRequest, sendReport } from '../../../client/index.ts'
import { newId, newSurvivor, randomItem, solve } from '../../testing/reports.ts'
import { openWorld, type World, type WorldOptions } from '../../testing/world.ts'

let world: World
const directory = makeTemporaryFolder()
beforeAll(async () => {
  world = await openWorld({ directory })
}, 60_000)
afterAll(async () => {
  await world.close()
  removeFolder(directory)
})

async function otherWorld(settings: WorldOptions['settings'] = {}): Promise<World> {
  const opened = await openWorld({ directory: temporaryFolder(), settings })
  onTestFinished(() => opened.close(), 60_000)
  return opened
}

async function solved(of: World = world): Promise<OpenReport['pow']> {
  const puzzle = await of.client.intake.challenge({ lowPower: true })
  return { ...puzzle, counter: await solve(puzzle) }
}

const refusedWith = (code: string) => expect.objectContaining({ code })
const countCases = async (of: World = world) =>
  (await of.database.kysely.selectFrom('cases').select('id').execute()).length

it('keeps a report once when it is sent again, with the same puzzle or a new one', async () => {
  const { report } = newSurvivor()
  const before = await countCases()
  const body = openRequest(report, await solved())
  const first = await world.client.intake.open(body)
  expect(await world.client.intake.open(body)).toEqual(first)
  expect(await sendReport(world.client, report, solve)).toEqual(first.receipt)
  expect(await countCases()).toBe(before + 1)
})

it('keeps it once when it is sent many times at the same time', async () => {
  const { report } = newSurvivor()
  const before = await countCases()
  const receipts = await Promise.all(
    Array.from({ length: 12 }, () => sendReport(world.client, report, solve)),
  )
  expect(new Set(receipts).size).toBe(1)
  expect(await countCases()).toBe(before + 1)
})

it('answers with a receipt of the same length for every report', async () => {
  const lengths = new Set<number>()
  for (const itemClasses of [[0], [0, 1, 2], [3]]) {
    lengths.add((await sendReport(world.client, newSurvivor({ itemClasses }).report, solve)).length)
  }
  expect(lengths.size).toBe(1)
})

it('refuses a puzzle that was used for another report, is old, forged or not solved', async () => {
  const pow = await solved()
  await world.client.intake.open(openRequest(newSurvivor().report, pow))
  const { report } = newSurvivor()
  await expect(world.client.intake.open(openRequest(report, pow))).rejects.toThrow(refusedWith('POW_STALE'))
  const fresh = await solved()
  const forged = { ...fresh, expires: fresh.expires + 3_600 }
  await expect(world.client.intake.open(openRequest(report, forged))).rejects.toThrow(
    refusedWith('POW_STALE'),
  )
  const easier = { ...fresh, bits: fresh.bits - 1 }
  await expect(world.client.intake.open(openRequest(report, easier))).rejects.toThrow(
    refusedWith('POW_STALE'),
  )
  let unsolved = await solved()
  // The counter before the first one that fits does not fit.
  while (unsolved.counter === 0) unsolved = await solved()
  const short = { ...unsolved, counter: unsolved.counter - 1 }
  await expect(world.client.intake.open(openRequest(report, short))).rejects.toThrow(
    refusedWith('POW_REQUIRED'),
  )
  world.clock.advanceMs(16 * 60_000)
  await expect(world.client.intake.open(openRequest(report, fresh))).rejects.toThrow(refusedWith('POW_STALE'))
})

it('refuses what is not a report in its form, and keeps nothing of it', async () => {
  const { report } = newSurvivor()
  const before = await countCases()
  const good = openRequest(report, await solved())
  const wrap = good.wraps[0] ?? expect.fail('no wrap')
  const bad: Partial<OpenReport>[] = [
    { manifestSha256: '0'.repeat(64) },
    { mailbox: newId() },
    { week: '2026-W40' },
    { wraps: good.wraps.slice(1) },
    { wraps: [...good.wraps.slice(1), { ...wrap, body: wrap.body.slice(4) }] },
    { items: [] },
    { items: [Buffer.from(randomItem(0).subarray(1)).toString('base64')] },
    { items: Array<string>(9).fill(Buffer.from(randomItem(0)).toString('base64')) },
    { commitment: good.commitment.toUpperCase().replace(/[0-9]/g, 'A') },
    { authPk: 'ab' },
  ]
  for (const change of bad) {
    await expect(world.client.intake.open({ ...good, ...change })).rejects.toThrow(
      refusedWith('INTAKE_SHAPE'),
    )
  }
  const twice = { ...report, wraps: report.wraps.map((one) => ({ ...one, address: report.mailbox })) }
  await expect(world.client.intake.open(openRequest(twice, good.pow))).rejects.toThrow(
    refusedWith('INTAKE_SHAPE'),
  )
  expect(await countCases()).toBe(before)
})

it('refuses another report for a mailbox that is taken', async () => {
  const { report } = newSurvivor()
  await sendReport(world.client, report, solve)
  const other = { ...report, commitment: new Uint8Array(randomBytes(32)) }
  await expect(sendReport(world.client, other, solve)).rejects.toThrow(refusedWith('INTAKE_SHAPE'))
})

it('refuses what is too large before it has read it', async () => {
  const response = await fetch(`${world.url}/api/intake/open`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ items: 'A'.repeat(2 << 20) }),
  })
  expect(response.status).toBe(413)
  expect(await response.json()).toEqual({ error: { code: 'REQUEST_TOO_LARGE' } })
})

it('asks for the hardest puzzle from where much came, and keeps no address', async () => {
  const limited = await otherWorld({ limits: { opensPerHour: 2, fetchesPerHour: 60, opensPerMinute: 1e6 } })
  const early = await solved(limited)
  for (let i = 0; i < 2; i++) await sendReport(limited.client, newSurvivor().report, solve)
  expect(await limited.client.intake.challenge({ lowPower: true })).toMatchObject({ bits: 22 })
  await expect(limited.client.intake.open(openRequest(newSurvivor().report, early))).rejects.toThrow(
    refusedWith('POW_REQUIRED'),
  )
  limited.clock.advanceMs(60 * 60_000)
  expect((await limited.client.intake.challenge({ lowPower: true })).bits).toBeLessThan(22)
  expect(limited.logged.join('\n')).not.toMatch(/127\.0\.0\.1|::1/)
})

it('asks for harder puzzles under a flood, then takes nothing for a while, and recovers', async () => {
  const flooded = await otherWorld({ limits: { opensPerHour: 1e6, fetchesPerHour: 60, opensPerMinute: 2 } })
  const { bits } = await flooded.client.intake.challenge({ lowPower: false })
  for (let i = 0; i < 2; i++) await sendReport(flooded.client, newSurvivor().report, solve)
  expect((await flooded.client.intake.challenge({ lowPower: false })).bits).toBe(bits + 2)
  for (let i = 0; i < 7; i++) await sendReport(flooded.client, newSurvivor().report, solve)
  expect((await flooded.client.intake.challenge({ lowPower: false })).bits).toBe(bits + 4)
  await expect(sendReport(flooded.client, newSurvivor().report, solve)).rejects.toThrow(
    refusedWith('INTAKE_BUSY'),
  )
  flooded.clock.advanceMs(2 * 60_000)
  await sendReport(flooded.client, newSurvivor().report, solve)
})

it('erases what nobody opened after its time, and its commitment stays', async () => {
  const aging = await otherWorld()
  const { report } = newSurvivor()
  await sendReport(aging.client, report, solve)
  aging.clock.advanceMs(13 * 7 * 24 * 60 * 60_000)
  await aging.runJobs()
  expect(await countCases(aging)).toBe(1)
  aging.clock.advanceMs(7 * 24 * 60 * 60_000)
  await aging.runJobs()
  expect(await countCases(aging)).toBe(0)
  expect(await aging.database.kysely.selectFrom('wraps').select('slot').execute()).toEqual([])
  expect(await aging.database.kysely.selectFrom('commitments').select('commitment').execute()).toEqual([
    { commitment: Buffer.from(report.commitment) },
  ])
})

it('gives no answer that a server of another contract could give', async () => {
  const client = createClient({
    baseUrl: world.url,
    fetch: async () => new Response('{"receipt":7}', { status: 200 }),
  })
  await expect(client.intake.challenge({ lowPower: false })).rejects.toThrow(refusedWith('CLIENT_BAD_ANSWER'))
})

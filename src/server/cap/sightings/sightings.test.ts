import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  type AgeIdentity,
  hybridIdentityOf,
  type SealedPrint,
  sealContext,
  sealPrintSet,
  sealSighting,
} from '#lib/seal/index.ts'
import { makeTemporaryFolder, removeFolder } from '#node/testing/temporary-folder.ts'
import { newId, solve } from '../../testing/reports.ts'
import { openWorld, type World } from '../../testing/world.ts'

const random = (bytes: number) => new Uint8Array(randomBytes(bytes))

let world: World
let bank: AgeIdentity
const directory = makeTemporaryFolder()
beforeAll(async () => {
  world = await openWorld({ directory })
  bank = await hybridIdentityOf(random(32))
  await world.database.kysely.insertInto('bank_recipient').values({ recipient: bank.recipient }).execute()
  // This quarter of an hour has its list: hits stay where they are counted.
  await world.runJobs()
}, 60_000)
afterAll(async () => {
  await world.close()
  removeFolder(directory)
})

const solution = async () => {
  const puzzle = await world.client.intake.challenge({ lowPower: true })
  return { ...puzzle, counter: await solve(puzzle) }
}

async function register(prints: readonly SealedPrint[]): Promise<void> {
  const body = Buffer.from(await sealPrintSet(prints, bank.recipient)).toString('base64')
  await world.client.bank.register({ id: newId(), body, pow: await solution() })
}

async function sightingOf(print: Uint8Array) {
  const contextKey = random(32)
  const turned = random(256)
  turned.set(print)
  const scope = { width: 800, height: 600, shorterSide: 600 }
  const sighting = { scope, contextKey, prints: [{ prints: turned, place: null }] }
  return {
    id: newId(),
    body: Buffer.from(await sealSighting(sighting, bank.recipient)).toString('base64'),
    context: Buffer.from(sealContext({ group: 'G-1' }, contextKey, random)).toString('base64'),
    pow: await solution(),
  }
}

const stateOf = async (id: string) => {
  const found = await world.database.kysely
    .selectFrom('sightings')
    .select('state')
    .where('id', '=', Buffer.from(id, 'base64url'))
    .executeTakeFirstOrThrow()
  return found.state
}

const countHits = async () =>
  (await world.database.kysely.selectFrom('hits_waiting').select('id').execute()).length

/** Until the sighting was matched, without a job being run. */
async function matched(id: string): Promise<void> {
  while ((await stateOf(id)) === 'waiting') await new Promise((resolve) => setTimeout(resolve, 10))
}

const newPrint = (): SealedPrint => ({ id: random(16), print: random(32), place: null })

it('answers the same bytes whether a picture is found or not, before matching has begun', async () => {
  const registered = newPrint()
  await register([registered])
  await world.client.matches.open({ identity: bank.secret })
  // Nobody can match while this lock is held; an answer that waited for it would never come.
  const connection = await world.database.connection()
  await connection.query('begin')
  await connection.query('lock table hits_waiting in access exclusive mode')
  const answers: string[] = []
  const ids: string[] = []
  for (const print of [registered.print, random(32)]) {
    const submission = await sightingOf(print)
    const response = await fetch(`${world.url}/api/sightings/submit`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(submission),
    })
    const headers = [...response.headers].filter(([name]) => name !== 'date')
    answers.push(JSON.stringify([response.status, headers, await response.text()]))
    ids.push(submission.id)
  }
  expect(answers[0]).toBe(answers[1])
  expect(await countHitsBehindLock(connection)).toBe(0)
  await connection.query('rollback')
  await connection.end()
  for (const id of ids) await matched(id)
  expect(await countHits()).toBe(1)
})

async function countHitsBehindLock(connection: Awaited<ReturnType<World['database']['connection']>>) {
  const { rows } = await connection.query<{ count: string }>('select count(*) from hits_waiting')
  return Number(rows[0]?.count)
}

it('matches what has come soon afterwards, without waiting for the jobs', async () => {
  const registered = newPrint()
  await register([registered])
  await world.client.matches.open({ identity: bank.secret })
  const before = await countHits()
  const submissions = await Promise.all([registered.print, random(32), random(32)].map(sightingOf))
  await Promise.all(submissions.map((submission) => world.client.sightings.submit(submission)))
  for (const { id } of submissions) await matched(id)
  expect(await countHits()).toBe(before + 1)
})

it('asks nothing of a bank that is still being loaded', async () => {
  await world.client.matches.close({ identity: bank.secret })
  const registered = Array.from({ length: 40 }, newPrint)
  for (const print of registered) await register([print])
  const submission = await sightingOf(registered.at(-1)?.print ?? random(32))
  await world.client.sightings.submit(submission)
  // What was seen before a set came is another question, and its hits would be counted here too.
  await world.database.kysely.updateTable('bank_waiting').set({ is_asked: true }).execute()
  const before = await countHits()
  let isLoading = true
  const opening = world.client.matches.open({ identity: bank.secret }).finally(() => {
    isLoading = false
  })
  for (let round = 0; isLoading; round++) {
    if (round < 60) world.clock.advanceMs(1_000)
    await world.runJobs()
  }
  await opening
  world.clock.advanceMs(2_000)
  await world.runJobs()
  await matched(submission.id)
  expect(await countHits()).toBe(before + 1)
})

import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { HIT_LIST_BYTES } from '#contract/sizes.ts'
import { type OwnRow, ownRowsOf, type RecognisedSighting, recogniseHits, voteWindows } from '#domain/index.ts'
import { chatScreenshot, crop, drawScene, randomFromInteger, turnQuarters } from '#lib/scenes/index.ts'
import { type AgeIdentity, hybridIdentityOf, openContext } from '#lib/seal/index.ts'
import { makeTemporaryFolder, removeFolder } from '#node/testing/temporary-folder.ts'
import { type NewOrganisation, StaffSession, setUpOrganisation } from '../../../client/index.ts'
import { asPixels, random, register, registerSet, submit } from '../../testing/prints-of-scenes.ts'
import { solve } from '../../testing/reports.ts'
import { openWorld, type World } from '../../testing/world.ts'
import { quarterOf } from '../../time.ts'

const SIZE = { width: 480, height: 360 }
const QUARTER_MS = 15 * 60_000
const scene = (seed: number) => drawScene(seed, SIZE)

let world: World
let bank: AgeIdentity
let organisation: NewOrganisation
const directory = makeTemporaryFolder()

beforeAll(async () => {
  let isSetUp = false
  const setUpGate = {
    isOpen: async () => !isSetUp,
    close: async () => {
      isSetUp = true
    },
  }
  world = await openWorld({ directory, settings: { setUpGate } })
  const people = [
    { handle: 'aina', role: 'supervisor', langs: ['ms'] },
    { handle: 'devi', role: 'caseworker', langs: ['en'] },
  ] as const
  organisation = await setUpOrganisation(
    world.client,
    {
      token: Buffer.from(random(32)).toString('base64url'),
      org: 'org.example',
      log: 'custody.example.org/log',
      people,
    },
    { now: world.clock.now(), random },
  )
  bank = organisation.bank
}, 60_000)
afterAll(async () => {
  await world.close()
  removeFolder(directory)
})

// What is found in a quarter of an hour that has its list already stands in the next one.
beforeEach(() => world.runJobs())

/** A caseworker's session; one that is not used for a quarter of an hour is over. */
async function signIn(): Promise<string> {
  const { passphrase = '' } = organisation.people.find(({ handle }) => handle === 'devi') ?? {}
  const origin = 'https://pages.example'
  const { token } = await StaffSession.open(
    world.client,
    { org: 'org.example', handle: 'devi', passphrase, origin },
    solve,
  )
  return token
}

/** Goes on to the next quarter of an hour, and reads its list. */
async function nextList(): Promise<{ quarter: number; list: Uint8Array }> {
  await world.runJobs()
  world.clock.advanceMs(QUARTER_MS)
  await world.runJobs()
  const quarter = quarterOf(world.clock.now())
  return { quarter, list: await world.client.matches.list({ session: await signIn(), quarter }) }
}

async function recognised(rows: readonly OwnRow[]): Promise<RecognisedSighting[]> {
  const { quarter, list } = await nextList()
  expect(list).toHaveLength(HIT_LIST_BYTES)
  return recogniseHits(list, quarter, rows)
}

const idOf = ({ sightingId }: RecognisedSighting) => Buffer.from(sightingId).toString('base64url')

it('finds a crop and a screenshot of a registered picture for whoever has its case, and for nobody else', async () => {
  const mine = await register(world, bank.recipient, asPixels(scene(1)))
  const hers = await register(world, bank.recipient, asPixels(scene(2)))
  const cropped = await submit(
    world,
    bank.recipient,
    asPixels(crop(scene(1), { left: 40, top: 30, width: 400, height: 300 })),
    {
      group: 'G-1',
    },
  )
  const inChat = await submit(
    world,
    bank.recipient,
    asPixels(chatScreenshot(scene(1), randomFromInteger(1))),
    {
      group: 'G-2',
    },
  )
  await submit(world, bank.recipient, asPixels(scene(900)), { group: 'G-3' })
  await world.client.matches.open({ identity: bank.secret })

  const own = ownRowsOf(mine.set, 'S-1', 0)
  const { quarter, list } = await nextList()
  const found = recogniseHits(list, quarter, own)
  expect(found.map(idOf).sort()).toEqual([cropped.submission.id, inChat.submission.id].sort())
  for (const sighting of found) {
    expect(voteWindows(sighting.windows)?.votes).toBeGreaterThanOrEqual(2)
    expect(voteWindows(sighting.windows)?.orientation).toBe('original')
    const context = await world.client.sightings.context({ session: await signIn(), id: idOf(sighting) })
    const group = idOf(sighting) === cropped.submission.id ? 'G-1' : 'G-2'
    expect(openContext(context, sighting.contextKey)).toEqual({ group })
  }
  expect(recogniseHits(list, quarter, ownRowsOf(hers.set, 'S-2', 0))).toEqual([])
  expect(recogniseHits(list, quarter + 1, own)).toEqual([])
}, 120_000)

it('tells whoever registered a picture nothing of where it was seen: staff alone may ask', async () => {
  // An abuser can register a picture that he posts, and knows the ids of its rows.
  await register(world, bank.recipient, asPixels(scene(20)))
  const { submission } = await submit(world, bank.recipient, asPixels(scene(20)), { group: 'G-20' })
  const { quarter } = await nextList()
  const session = Buffer.from(random(32)).toString('base64url')
  await expect(world.client.matches.list({ session, quarter })).rejects.toMatchObject({
    code: 'STAFF_SESSION',
  })
  await expect(world.client.sightings.context({ session, id: submission.id })).rejects.toMatchObject({
    code: 'STAFF_SESSION',
  })
  const unasked = await fetch(`${world.url}/api/matches/list`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ quarter }),
  })
  expect(unasked.status).toBe(400)
}, 120_000)

it('accepts everything while the matcher is closed, and works it off once it is open', async () => {
  await world.client.matches.close({ identity: bank.secret })
  const { set } = await register(world, bank.recipient, asPixels(scene(3)))
  const rows = ownRowsOf(set, 'S-3', 0)
  await submit(world, bank.recipient, asPixels(scene(3)), { group: 'G-4' })
  expect(await recognised(rows)).toEqual([])
  expect(await world.client.matches.open({ identity: bank.secret })).toEqual({
    isOpen: true,
    unreadableSets: 0,
  })
  const [found, ...others] = await recognised(rows)
  expect(others).toEqual([])
  expect(found?.whole).toEqual({ distance: 0, orientation: 'original' })
}, 120_000)

it('stops finding a withdrawn set with the next question, and erases it', async () => {
  const { set, setId } = await register(world, bank.recipient, asPixels(scene(4)))
  await world.client.bank.withdraw({ ids: [setId] })
  await submit(world, bank.recipient, asPixels(scene(4)), {})
  expect(await recognised(ownRowsOf(set, 'S-4', 0))).toEqual([])
  const id = Buffer.from(setId, 'base64url')
  for (const table of ['bank_waiting', 'bank_sets'] as const) {
    const { kysely } = world.database
    expect(await kysely.selectFrom(table).select('id').where('id', '=', id).execute()).toEqual([])
  }
  await world.client.bank.withdraw({ ids: [setId] })
}, 120_000)

it('finds pictures that were seen before one of them was registered, also after the matcher was closed between', async () => {
  await world.client.matches.open({ identity: bank.secret })
  await submit(world, bank.recipient, asPixels(turnQuarters(scene(10), 1)), { group: 'G-5' })
  await nextList()
  await world.client.matches.close({ identity: bank.secret })
  const { set } = await register(world, bank.recipient, asPixels(scene(10)))
  await world.client.matches.open({ identity: bank.secret })
  const found = await recognised(ownRowsOf(set, 'S-10', 0))
  expect(found.map(({ windows }) => windows)).toEqual([[]])
  expect(found[0]?.whole?.distance).toBeLessThanOrEqual(31)
  expect(found[0]?.whole?.orientation).not.toBe('original')
}, 120_000)

it('opens and closes for whoever has the identity of the bank alone', async () => {
  const stranger = await hybridIdentityOf(random(32))
  for (const identity of [stranger.secret, 'AGE-SECRET-KEY-PQ-1', '']) {
    await expect(world.client.matches.open({ identity })).rejects.toMatchObject({ code: 'MATCHER_IDENTITY' })
    await expect(world.client.matches.close({ identity })).rejects.toMatchObject({ code: 'MATCHER_IDENTITY' })
  }
})

it('keeps a set once, refuses another one of its id, and a puzzle that was used', async () => {
  const { registration } = await register(world, bank.recipient, asPixels(scene(5)))
  await world.client.bank.register(registration)
  const { set } = await register(world, bank.recipient, asPixels(scene(6)))
  const other = await registerSet(world, bank.recipient, set)
  await expect(
    world.client.bank.register({ ...registration, body: other.registration.body }),
  ).rejects.toMatchObject({ code: 'POW_STALE' })
  await expect(
    world.client.bank.register({ ...other.registration, id: registration.id }),
  ).rejects.toMatchObject({ code: 'POW_STALE' })
}, 60_000)

it('keeps a set that cannot be opened without a word, and counts it when the matcher opens', async () => {
  const stranger = await hybridIdentityOf(random(32))
  await register(world, stranger.recipient, asPixels(scene(7)))
  await world.client.matches.close({ identity: bank.secret })
  expect(await world.client.matches.open({ identity: bank.secret })).toEqual({
    isOpen: true,
    unreadableSets: 1,
  })
}, 60_000)

it('puts sets away in batches, in an order of their own, and finds them all the same', async () => {
  const { set } = await register(world, bank.recipient, asPixels(scene(8)))
  const registered: string[] = []
  for (let n = 0; n < 12; n++)
    registered.push((await registerSet(world, bank.recipient, { ...set, prints: [] })).setId)
  const { kysely } = world.database
  for (let hour = 0; hour < 30; hour++) {
    world.clock.advanceMs(60 * 60_000)
    await world.runJobs()
  }
  expect(await kysely.selectFrom('bank_waiting').select('id').execute()).toEqual([])
  const stored = (await kysely.selectFrom('bank_sets').select('id').execute()).map(({ id }) =>
    id.toString('base64url'),
  )
  const order = stored.filter((id) => registered.includes(id))
  expect(order).toHaveLength(registered.length)
  expect(order).not.toEqual(registered)
  await world.client.matches.close({ identity: bank.secret })
  await world.client.matches.open({ identity: bank.secret })
  await submit(world, bank.recipient, asPixels(scene(8)), {})
  expect(await recognised(ownRowsOf(set, 'S-8', 0))).toHaveLength(1)
}, 120_000)

it('gives the same list length whatever was found, and nothing for a quarter that is not over', async () => {
  const { quarter } = await nextList()
  await expect(
    world.client.matches.list({ session: await signIn(), quarter: quarter + 1 }),
  ).rejects.toMatchObject({
    code: 'LIST_NOT_FOUND',
  })
})

it('leaves no print and no context in the clear, in any table', async () => {
  const { set } = await register(world, bank.recipient, asPixels(scene(9)))
  const { sighting, contextKey } = await submit(world, bank.recipient, asPixels(scene(9)), {
    group: 'a word to look for',
  })
  await nextList()
  const client = await world.database.connection()
  const secrets = [
    ...set.prints.slice(0, 20).flatMap(({ id, print }) => [id, print]),
    ...sighting.prints.slice(0, 5).map(({ prints }) => prints.subarray(0, 32)),
    contextKey,
    new TextEncoder().encode('a word to look for'),
  ].map((bytes) => Buffer.from(bytes))
  for (const table of [
    'bank_waiting',
    'bank_sets',
    'sightings',
    'hits_waiting',
    'hit_lists',
    'jobs',
  ] as const) {
    const { rows } = await client.query<{ row: string }>(`select t::text as row from ${table} t`)
    const text = rows.map(({ row }) => row).join('\n')
    for (const secret of secrets) expect(text.includes(secret.toString('hex')), table).toBe(false)
  }
  await client.end()
}, 60_000)

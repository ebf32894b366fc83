import { afterAll, beforeAll, expect, it } from 'vitest'
import { cases } from '#contract/cases.ts'
import { matches } from '#contract/matches.ts'
import { sightings } from '#contract/sightings.ts'
import { crop, drawScene } from '#lib/scenes/index.ts'
import { HIT_BYTES } from '#lib/seal/index.ts'
import { makeTemporaryFolder, removeFolder } from '#node/testing/temporary-folder.ts'
import {
  closeMatcher,
  type Desk,
  Mailbox,
  matchNow,
  type NewOrganisation,
  openCases,
  openMatcher,
  postEntry,
  readCase,
  readOwnCase,
  renewPictures,
  reply,
} from '../../../client/index.ts'
import { asPixels, submit } from '../../testing/prints-of-scenes.ts'
import type { World } from '../../testing/world.ts'
import { deskOf, entryOf, openStaffedWorld, type Reported, renewRoster, report } from './testing/people.ts'

const SIZE = { width: 480, height: 360 }
const QUARTER_MS = 15 * 60_000
const scene = (seed: number) => drawScene(seed, SIZE)

let world: World
let organisation: NewOrganisation
let her: Reported
const desks = new Map<string, Desk>()
const directory = makeTemporaryFolder()
const HANDLES = [
  ['aina', 'intake'],
  ['devi', 'intake'],
  ['mei', 'intake'],
  ['sup', 'supervisor'],
] as const

beforeAll(async () => {
  ;({ world, organisation } = await openStaffedWorld(directory, HANDLES))
}, 120_000)
afterAll(async () => {
  await world.close()
  removeFolder(directory)
})

/** Signed in when she is first needed; a session that is not used for a quarter of an hour is over. */
async function desk(handle: string): Promise<Desk> {
  const known = desks.get(handle) ?? (await deskOf(world, organisation, handle))
  desks.set(handle, known)
  return known
}
const opened = async (handle: string) => (await openCases(await desk(handle))).cases
const onlyCase = async (handle: string) => (await opened(handle))[0] ?? expect.fail(`no case for ${handle}`)

/** On to the next quarter of an hour, whose list is made then. */
async function nextQuarter(): Promise<void> {
  await world.runJobs()
  world.clock.advanceMs(QUARTER_MS)
  await world.runJobs()
  desks.clear()
}

/** Everything that a member can ask a server for that could tell her of cases and matches, byte for byte. */
async function viewOf(handle: string): Promise<string[]> {
  const session = (await desk(handle)).session.token
  const ask = async (path: string, body: object) => {
    const answer = await fetch(new URL(path, world.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    const headers = [...answer.headers].filter(([name]) => name !== 'date')
    return JSON.stringify([answer.status, headers, await answer.text()])
  }
  return [
    await ask(cases.list.path, { session }),
    await ask(matches.state.path, { session }),
    await ask('/api/members/state', { session }),
  ]
}

/** The last quarters of an hour. */
async function recent(): Promise<{ since: number }> {
  const { quarter } = await world.client.matches.state({ session: (await desk('aina')).session.token })
  return { since: quarter }
}

let before: string[] = []

it('opens a case that a survivor reported, with her words and pictures, and answers her', async () => {
  before = await viewOf('mei')
  her = await report(world, organisation, {
    pictures: [asPixels(scene(1)), asPixels(scene(2))],
    exclude: [entryOf(organisation, 'mei')],
  })
  const open = await onlyCase('aina')
  expect(open.conversation.items.map(({ verdict }) => verdict)).toEqual(
    open.conversation.items.map(() => 'verified'),
  )
  expect(open.conversation.missing).toEqual([])
  expect(open.replay).toMatchObject({ notAccepted: [], warnings: [] })
  expect(open.replay.state.status).toBe('new')
  expect([...open.replay.state.prints.keys()].sort()).toEqual([...her.sets].sort())
  expect(open.opening?.exclude).toEqual([entryOf(organisation, 'mei')])
  expect([...open.replay.state.members.keys()].sort()).toEqual(
    [entryOf(organisation, 'aina'), entryOf(organisation, 'devi')].sort(),
  )

  const working = await postEntry(await desk('aina'), open, 'case.open')
  expect(working.replay.state.status).toBe('triage')
  await reply(await desk('aina'), working, 'We have your report. Is it safe to write to you here?')
  await nextQuarter()
  const mailbox = new Mailbox(world.client, her.keys)
  const nowSeconds = Math.floor(world.clock.now().getTime() / 1_000)
  const own = await readOwnCase(mailbox, her.keys, { rosters: [her.organisation.verified], nowSeconds })
  const texts = own.conversation.items.flatMap((item) =>
    'message' in item && item.role === 'intake' ? [item.message.body] : [],
  )
  expect(texts).toContainEqual({
    type: 'message.write',
    body: { at: '08:30', text: 'We have your report. Is it safe to write to you here?' },
  })
}, 120_000)

it('refuses to write what would have no effect, before it is signed', async () => {
  const open = await onlyCase('aina')
  await expect(postEntry(await desk('aina'), open, 'case.open')).rejects.toMatchObject({
    code: 'TRANSITION_REFUSED',
  })
  await expect(postEntry(await desk('aina'), open, 'case.erase')).rejects.toMatchObject({
    code: 'ROLE_NOT_ALLOWED',
  })
  expect((await onlyCase('aina')).sealed.size).toBe(open.sealed.size)
})

it('keeps both when two members, or one at two desks, write at the same time', async () => {
  const second = await deskOf(world, organisation, 'aina')
  const open = await onlyCase('aina')
  const written = [
    postEntry(await desk('aina'), open, 'message.write', { text: 'one' }),
    postEntry(second, open, 'message.write', { text: 'two' }),
    postEntry(await desk('devi'), await onlyCase('devi'), 'message.write', { text: 'three' }),
  ]
  await Promise.all(written)
  const { conversation, replay } = await readCase(await desk('devi'), open.id)
  expect(conversation.items.filter(({ verdict }) => verdict !== 'verified')).toEqual([])
  expect(replay.warnings).toEqual([])
  expect(conversation.items).toHaveLength(open.conversation.items.length + 3)
}, 60_000)

it('finds her picture in a witness’s, and writes one match however many members look, however often', async () => {
  await openMatcher(await desk('sup'))
  const context = { group: 'G-1', message: 'ab'.repeat(32) }
  const { bank } = her.organisation
  const seen = asPixels(crop(scene(1), { left: 40, top: 30, width: 400, height: 300 }))
  const { submission } = await submit(world, bank, seen, context)
  await submit(world, bank, asPixels(scene(900)), { group: 'G-2' })
  await nextQuarter()

  const [mine, hers] = [
    await matchNow(await desk('aina'), await opened('aina'), await recent()),
    await opened('devi'),
  ]
  expect(mine.isMatcherOpen).toBe(true)
  expect(mine.found).toMatchObject([
    { about: her.sets[0], sighting: submission.id, written: 'now', context, decided: { rule: 'windows' } },
  ])
  const again = await matchNow(await desk('aina'), mine.cases, { since: mine.through })
  expect(again.found).toMatchObject([{ sighting: submission.id, written: 'there', context }])
  // A colleague who has read the case before the match was written, and one who reads it anew.
  const known = await openCases(await desk('devi'), hers)
  for (const cases of [hers, known.cases]) {
    const round = await matchNow(await desk('devi'), cases, await recent())
    expect(round.found).toMatchObject([{ sighting: submission.id, written: 'there' }])
  }
  const views = [await onlyCase('aina'), await onlyCase('devi')].map(({ replay }) => [
    ...replay.state.matches.values(),
  ])
  expect(views[0]).toHaveLength(1)
  expect(views[1]).toEqual(views[0])
  expect(views[0]?.[0]).toMatchObject({
    about: her.sets[0],
    sighting: submission.id,
    context,
    isOnlyLikely: false,
  })
}, 120_000)

it('writes one match when two members look at the same moment', async () => {
  const { submission } = await submit(world, her.organisation.bank, asPixels(scene(2)), { group: 'G-3' })
  await nextQuarter()
  const [a, b] = await Promise.all([
    matchNow(await desk('aina'), await opened('aina'), await recent()),
    matchNow(await desk('devi'), await opened('devi'), await recent()),
  ])
  const written = [a, b].flatMap(({ found }) =>
    found.filter(({ sighting }) => sighting === submission.id).map((one) => one.written),
  )
  expect(written.sort()).toEqual(['now', 'there'])
  const { replay } = await onlyCase('aina')
  expect(replay.state.matches.size).toBe(2)
  expect(replay.notAccepted).toEqual([])
}, 120_000)

it('is for whoever was excluded the world in which the case does not exist: the same bytes', async () => {
  // What anybody may know has changed: the matcher is open, and time has passed.
  const after = await viewOf('mei')
  expect(after[0]).toEqual(before[0])
  expect(after[2]).toEqual(before[2])
  expect(await opened('mei')).toEqual([])
  const round = await matchNow(await desk('mei'), [], await recent())
  expect(round).toMatchObject({ cases: [], found: [] })
  // With ids that she has from somewhere she gets what one gets for ids that never were.
  const real = (await onlyCase('aina')).id
  const session = (await desk('mei')).session.token
  for (const ask of [
    (id: string) => world.client.cases.get({ session, case: id }),
    (id: string) => world.client.cases.part({ session, case: id, blob: 'A'.repeat(22), part: 0 }),
  ]) {
    for (const id of [real, 'A'.repeat(22)])
      await expect(ask(id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  }
}, 60_000)

it('tells nobody a hit from a decoy: lists with hits and lists without look alike, byte by byte', async () => {
  const session = (await desk('mei')).session.token
  const { quarter } = await world.client.matches.state({ session })
  const lists: Uint8Array[] = []
  for (let q = quarter - 4; q <= quarter; q++) {
    const list = await world.client.matches.list({ session, quarter: q }).catch(() => null)
    if (list !== null) lists.push(list)
  }
  expect(lists.length).toBeGreaterThanOrEqual(3)
  for (const list of lists) {
    expect(list).toHaveLength(480 * HIT_BYTES)
    const counts = new Array<number>(256).fill(0)
    for (const byte of list) counts[byte] = (counts[byte] ?? 0) + 1
    const expected = list.length / 256
    const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
    // 255 degrees of freedom: beyond 400 random bytes come once in a hundred million lists.
    expect(chiSquare).toBeLessThan(400)
    const tags = new Set(
      Array.from({ length: 480 }, (_, n) => String(list.subarray(n * HIT_BYTES, n * HIT_BYTES + 16))),
    )
    expect(tags.size).toBe(480)
  }
  // The context of what she was not to see is given to staff, and opens with a key she has not.
  const { matches: found } = (await onlyCase('aina')).replay.state
  const [first] = [...found.values()]
  const sealed = await world.client.sightings.context({ session, id: first?.sighting ?? '' })
  expect(Buffer.from(sealed).includes('G-1')).toBe(false)
  expect(sightings.context.reply.kind).toBe('bytes')
})

it('seals nothing to a list of people that has expired, and lets the organisation make the next one', async () => {
  world.clock.advanceMs(33 * 24 * 4 * QUARTER_MS)
  desks.clear()
  const expired = expect.objectContaining({ code: 'ROSTER_EXPIRED' })
  await expect(desk('aina')).rejects.toThrow(expired)
  await expect(report(world, organisation)).rejects.toThrow(expired)
  await renewRoster(world, organisation)
  expect((await desk('aina')).rosters[0]).toMatchObject({ roster: { v: 2 }, publicity: 'promised' })
  expect((await onlyCase('aina')).conversation.items.every(({ verdict }) => verdict === 'verified')).toBe(
    true,
  )
}, 60_000)

it('keeps her pictures for another half year, each by a request of its own, and forgets all prints when it closes', async () => {
  const weeks = async () => {
    const { kysely } = world.database
    const rows = await Promise.all(
      (['bank_waiting', 'bank_sets'] as const).map((table) =>
        kysely.selectFrom(table).select(['id', 'expires_week']).execute(),
      ),
    )
    return new Map(rows.flat().map(({ id, expires_week: week }) => [id.toString('base64url'), week]))
  }
  const before = await weeks()
  world.clock.advanceMs(5 * 7 * 24 * 4 * QUARTER_MS)
  desks.clear()
  await renewRoster(world, organisation)
  const cases = await opened('aina')
  await renewPictures(await desk('aina'), cases)
  const after = await weeks()
  expect([...after.keys()].sort()).toEqual([...her.sets].sort())
  for (const [id, week] of after)
    expect((before.get(id) ?? '') < week, `${before.get(id)} ${week}`).toBe(true)
  await closeMatcher(await desk('sup'))
  expect((await matchNow(await desk('aina'), cases, await recent())).isMatcherOpen).toBe(false)
}, 60_000)

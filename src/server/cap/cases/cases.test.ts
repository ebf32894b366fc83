import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { cases } from '#contract/cases.ts'
import { members } from '#contract/members.ts'
import { WRAP_BYTES } from '#contract/sizes.ts'
import { addRootSignature, rootSigningKey, signRootText } from '#lib/seal/index.ts'
import { makeTemporaryFolder, removeFolder } from '#node/testing/temporary-folder.ts'
import {
  draftRoster,
  Mailbox,
  type NewOrganisation,
  type Persist,
  publishRoster,
  rosterToSucceed,
  StaffSession,
  sendReport,
  setUpOrganisation,
} from '../../../client/index.ts'
import { newId, newSurvivor, randomItem, type Survivor, solve } from '../../testing/reports.ts'
import { openWorld, type World } from '../../testing/world.ts'

const MINUTE_MS = 60_000
const random = (bytes: number) => new Uint8Array(randomBytes(bytes))
const refusedWith = (code: string) => expect.objectContaining({ code })
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')
const newItem = () => ({ id: newId(), epoch: 1, body: base64(randomItem(0)) })
const newWrap = () => base64(random(WRAP_BYTES))
const HANDLES = [
  ['sup', 'supervisor'],
  ['work', 'caseworker'],
  ['other', 'caseworker'],
  ['in', 'intake'],
  ['minors', 'minors-team'],
  ['match', 'match-officer'],
  ['over', 'oversight'],
  ['ana', 'analyst'],
] as const

let world: World
let organisation: NewOrganisation
const sessions = new Map<string, StaffSession>()
const directory = makeTemporaryFolder()
beforeAll(async () => {
  const setUpGate = { isOpen: async () => true, close: async () => undefined }
  world = await openWorld({ directory, settings: { setUpGate } })
  organisation = await setUpOrganisation(
    world.client,
    {
      token: 'A'.repeat(43),
      org: 'org.example',
      log: 'custody.example.org/log',
      people: HANDLES.map(([handle, role]) => ({ handle, role, langs: ['en'] })),
    },
    { now: world.clock.now(), random },
  )
  for (const { handle, passphrase } of organisation.people) {
    const signIn = { org: 'org.example', handle, passphrase, origin: 'https://pages.example' }
    sessions.set(handle, await StaffSession.open(world.client, signIn, solve))
  }
}, 120_000)
afterAll(async () => {
  await world.close()
  removeFolder(directory)
})

const sessionOf = (handle: string) => sessions.get(handle) ?? expect.fail(handle)
const addressOf = (handle: string) =>
  organisation.people.find((one) => one.handle === handle)?.entry.addr ?? expect.fail(handle)

/** A report whose wraps beside hers and recovery's are for these people. */
async function reportTo(...handles: string[]): Promise<{ survivor: Survivor; id: string }> {
  const survivor = newSurvivor()
  const { report } = survivor
  const addresses = [report.mailbox, organisation.roster.recovery.addr, ...handles.map(addressOf)]
  const wraps = report.wraps.map(({ wrap }, slot) => ({ address: addresses[slot] ?? newId(), wrap }))
  await sendReport(world.client, { ...report, wraps }, solve)
  const { id } = await world.database.kysely
    .selectFrom('cases')
    .select('id')
    .where('mailbox', '=', Buffer.from(report.mailbox, 'base64url'))
    .executeTakeFirstOrThrow()
  return { survivor, id: id.toString('base64url') }
}

/** How many items the case has. */
async function countOf(handle: string, id: string): Promise<number> {
  return (await world.client.cases.get({ session: sessionOf(handle).token, case: id })).items.length
}

/** Status and bytes of an answer. */
async function answer(path: string, body: unknown): Promise<string> {
  const response = await fetch(new URL(path, world.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const headers = [...response.headers].filter(([name]) => name !== 'date')
  return JSON.stringify([response.status, headers, await response.text()])
}

/** Every operation on a case, as this member would ask for it. */
async function everyRequest(handle: string, id: string): Promise<[string, unknown][]> {
  const session = sessionOf(handle)
  const ofCase = { session: session.token, case: id }
  const wraps = [{ epoch: 1, slot: 11, address: addressOf('other'), body: newWrap() }]
  const slots = Array.from({ length: 12 }, (_, slot) => ({ slot, address: newId(), body: newWrap() }))
  const wrap = { case: id, wraps, item: newItem(), count: 2 }
  const epoch = { case: id, epoch: 2, wraps: slots, items: [newItem(), newItem()], count: 2 }
  const move = { case: id, status: 'closed' as const, keptWeeks: 13 }
  return [
    [cases.get.path, ofCase],
    [cases.item.path, { ...ofCase, item: newId() }],
    [cases.post.path, { ...ofCase, item: newItem() }],
    [cases.due.path, { ...ofCase, day: '2026-12-01' }],
    [cases.part.path, { ...ofCase, blob: newId(), part: 0 }],
    [cases.move.path, await session.confirm(cases.move, move)],
    [cases.wrap.path, await session.confirm(cases.wrap, wrap)],
    [cases.epoch.path, await session.confirm(cases.epoch, epoch)],
  ]
}

it('answers whoever has no wrap as if there were no case: the same bytes from every operation', async () => {
  const { id } = await reportTo('work')
  // Analysts and the like get nothing even by a wrap that reached them.
  const { id: misdirected } = await reportTo('ana', 'over', 'match')
  for (const [handle] of HANDLES) {
    if (handle === 'work') continue
    const absent = (await everyRequest(handle, newId())).map(([path, body]) => answer(path, body))
    for (const real of [id, misdirected]) {
      const present = (await everyRequest(handle, real)).map(([path, body]) => answer(path, body))
      expect(await Promise.all(present)).toEqual(await Promise.all(absent))
    }
  }
  const [first] = await Promise.all((await everyRequest('sup', id)).map(([path, body]) => answer(path, body)))
  expect(first).toContain('NOT_FOUND')
  const mine = await world.client.cases.get({ session: sessionOf('work').token, case: id })
  expect(mine.wraps).toHaveLength(1)
}, 60_000)

it('refuses every operation without a session', async () => {
  const { id } = await reportTo('work')
  for (const [path, body] of await everyRequest('work', id)) {
    const nobody = { ...Object(body), session: `${'B'.repeat(42)}A` }
    expect(await answer(path, nobody)).toContain('STAFF_SESSION')
  }
})

it('is for an excluded worker the same world with the case and without', async () => {
  const session = sessionOf('other').token
  const { id: hers } = await reportTo('other')
  const view = async () => [
    await answer(cases.list.path, { session }),
    await answer(cases.get.path, { session, case: hers }),
    await answer(members.state.path, { session }),
    await answer(members.roster.path, {}),
  ]
  const before = await view()
  const { id } = await reportTo('work', 'sup')
  await world.client.cases.post({ session: sessionOf('work').token, case: id, item: newItem() })
  expect(await view()).toEqual(before)
  const listed = await world.client.cases.list({ session })
  expect(listed.cases.map((one) => one.id)).toEqual([hers])
})

it('gives the case to a newcomer in a slot of filler, never in the place of somebody', async () => {
  const { id } = await reportTo('work')
  const session = sessionOf('work')
  const add = async (slot: number, address: string) => {
    const wraps = [{ epoch: 1, slot, address, body: newWrap() }]
    return world.client.cases.wrap(
      await session.confirm(cases.wrap, {
        case: id,
        wraps,
        item: newItem(),
        count: await countOf('work', id),
      }),
    )
  }
  for (const taken of [0, 1, 2]) {
    await expect(add(taken, addressOf('sup'))).rejects.toThrow(refusedWith('CASE_SLOTS'))
  }
  await expect(add(12, addressOf('sup'))).rejects.toThrow(refusedWith('CASE_SLOTS'))
  await expect(add(5, addressOf('ana'))).rejects.toThrow(refusedWith('CASE_SLOTS'))
  await expect(add(5, newId())).rejects.toThrow(refusedWith('CASE_SLOTS'))
  await add(5, addressOf('sup'))
  const seen = await world.client.cases.get({ session: sessionOf('sup').token, case: id })
  expect(seen.wraps.map(({ epoch, slot }) => [epoch, slot])).toEqual([[1, 5]])
})

it('takes the wraps of whoever leaves away with a new epoch, and refuses one without the survivor', async () => {
  const { survivor, id } = await reportTo('work', 'other', 'in')
  const begin = async (handle: string, addresses: string[], epoch = 2) => {
    const wraps = Array.from({ length: 12 }, (_, slot) => ({
      slot,
      address: addresses[slot] ?? newId(),
      body: newWrap(),
    }))
    const items = [newItem(), { ...newItem(), epoch: 2 }]
    const payload = { case: id, epoch, wraps, items, count: await countOf(handle, id) }
    return world.client.cases.epoch(await sessionOf(handle).confirm(cases.epoch, payload))
  }
  const recovery = organisation.roster.recovery.addr
  const all = [survivor.keys.mailbox, recovery, addressOf('work')]
  await expect(begin('work', all.slice(1))).rejects.toThrow(refusedWith('CASE_SLOTS'))
  await expect(begin('work', [survivor.keys.mailbox, addressOf('work')])).rejects.toThrow(
    refusedWith('CASE_SLOTS'),
  )
  await expect(begin('work', all, 3)).rejects.toThrow(refusedWith('CASE_SLOTS'))
  await expect(begin('in', all)).rejects.toThrow(refusedWith('STAFF_ROLE'))
  await begin('work', all)
  await expect(world.client.cases.get({ session: sessionOf('other').token, case: id })).rejects.toThrow(
    refusedWith('NOT_FOUND'),
  )
  const mine = await world.client.cases.get({ session: sessionOf('work').token, case: id })
  expect(mine.wraps.map(({ epoch }) => epoch)).toEqual([1, 2])
  expect((await new Mailbox(world.client, survivor.keys).fetch()).wraps.map(({ epoch }) => epoch)).toEqual([
    1, 2,
  ])
})

it('keeps the day on which the case is due as a day', async () => {
  const { id } = await reportTo('work')
  const { token: session } = sessionOf('work')
  await world.client.cases.due({ session, case: id, day: '2026-12-01' })
  expect((await world.client.cases.get({ session, case: id })).nextDueDay).toBe('2026-12-01')
})

it('never changes an item and takes none away while somebody can open the case', async () => {
  const { survivor, id } = await reportTo('work')
  const { kysely } = world.database
  const caseId = Buffer.from(id, 'base64url')
  await expect(
    kysely.updateTable('items').set({ epoch: 2 }).where('case_id', '=', caseId).execute(),
  ).rejects.toThrow('append-only')
  await expect(kysely.deleteFrom('items').where('case_id', '=', caseId).execute()).rejects.toThrow(
    'append-only',
  )
  await expect(sql`truncate items`.execute(kysely)).rejects.toThrow('append-only')
  const commitment = Buffer.from(random(32)).toString('hex')
  await new Mailbox(world.client, survivor.keys).withdraw({ mode: 'erase', commitment, erased: [] })
  const left = await kysely.selectFrom('items').select('id').where('case_id', '=', caseId).execute()
  expect(left).toEqual([])
})

it('releases a reply at the next quarter hour, keeps it once, and keeps the case from being erased unopened', async () => {
  const { survivor, id } = await reportTo('work')
  const mailbox = new Mailbox(world.client, survivor.keys)
  world.clock.advanceMs(MINUTE_MS)
  const request = { session: sessionOf('work').token, case: id, item: newItem() }
  await world.client.cases.post(request)
  await world.client.cases.post(request)
  const other = { ...request, item: { ...newItem(), id: request.item.id } }
  await expect(world.client.cases.post(other)).rejects.toThrow(refusedWith('CASE_CONFLICT'))
  const seen = async () => (await mailbox.fetch()).items.filter(({ direction }) => direction === 'out').length
  world.clock.advanceMs(13 * MINUTE_MS)
  expect(await seen()).toBe(0)
  world.clock.advanceMs(MINUTE_MS)
  expect(await seen()).toBe(1)
  const row = await world.database.kysely
    .selectFrom('cases')
    .select('expires_week')
    .where('id', '=', Buffer.from(id, 'base64url'))
    .executeTakeFirstOrThrow()
  expect(row.expires_week).toBeNull()
})

it('lets nobody go who alone can read a case, unless that was decided', async () => {
  await reportTo('other')
  const entry = organisation.people.find(({ handle }) => handle === 'other')?.entry.id ?? ''
  const now = () => world.clock.now()
  const previous = await rosterToSucceed(world.client, organisation.trust)
  const plan = { leaving: [{ entry, reason: 'left' as const }] }
  const text = draftRoster(previous, plan, { now: now(), open: { count: new Map() } })
  const [first, second] = organisation.rootSeeds.map((seed, i) => rootSigningKey('org.example', i + 1, seed))
  if (first === undefined || second === undefined) return expect.fail('no officers')
  const note = addRootSignature(signRootText(text, first), second)
  const { passphrase = '' } = organisation.people.find(({ handle }) => handle === 'sup') ?? {}
  const signIn = { org: 'org.example', handle: 'sup', passphrase, origin: 'https://pages.example' }
  const session = await StaffSession.open(world.client, signIn, solve)
  const { client } = world
  const persist: Persist = (send) => send()
  const desk = { client, session, trust: organisation.trust, random, now, persist }
  await expect(publishRoster(desk, note)).rejects.toThrow(refusedWith('ROSTER_CASES_LEFT'))
  expect((await client.members.roster()).version).toBe(1)
  await publishRoster(desk, note, [], { leavesCases: true })
  expect((await client.members.roster()).version).toBe(2)
})

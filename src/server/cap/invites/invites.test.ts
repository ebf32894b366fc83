import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { CONTEXT_SIZES, SIGHTING_BYTES } from '#contract/sizes.ts'
import { bytesToBase64, bytesToHex } from '#lib/bytes/index.ts'
import { blindPasses, type Pass, parseInviteCode, usePass } from '#lib/passes/index.ts'
import { makeTemporaryFolder, removeFolder } from '#node/testing/temporary-folder.ts'
import {
  endInvite,
  makeInvite,
  type NewOrganisation,
  PassPurse,
  StaffSession,
  setUpOrganisation,
  solvedPuzzle,
} from '../../../client/index.ts'
import { random } from '../../testing/prints-of-scenes.ts'
import { newId, solve } from '../../testing/reports.ts'
import { openWorld, type World } from '../../testing/world.ts'
import { isoWeekOf, weekAfter } from '../../time.ts'

const WEEK_MS = 7 * 24 * 60 * 60_000
const refusedWith = (code: string) => expect.objectContaining({ code })

let world: World
let organisation: NewOrganisation
const directory = makeTemporaryFolder()
beforeAll(async () => {
  world = await openWorld({
    directory,
    settings: { setUpGate: { isOpen: async () => true, close: async () => {} } },
  })
  const token = Buffer.from(random(32)).toString('base64url')
  const people = [
    { handle: 'aina', role: 'supervisor', langs: ['ms'] },
    { handle: 'ana', role: 'analyst', langs: ['en'] },
  ] as const
  const plan = { token, org: 'org.example', log: 'custody.example.org/log', people }
  organisation = await setUpOrganisation(world.client, plan, { now: world.clock.now(), random })
}, 60_000)
afterAll(async () => {
  await world.close()
  removeFolder(directory)
})

function signIn(handle: 'aina' | 'ana'): Promise<StaffSession> {
  const { passphrase = '' } = organisation.people.find((one) => one.handle === handle) ?? {}
  const origin = 'https://pages.example'
  return StaffSession.open(world.client, { org: 'org.example', handle, passphrase, origin }, solve)
}

const thisWeek = () => isoWeekOf(world.clock.now())
const invite = async (pictures: number, until = thisWeek()) =>
  makeInvite(world.client, await signIn('aina'), { pictures, until, random })

/** In memory: what a run that is not interrupted needs. */
function memory() {
  const unused: Pass[] = []
  const bound = new Map<string, Pass>()
  return {
    unused,
    add: async () => {},
    boundTo: (id: string) => bound.get(id) ?? null,
    bind: async (pass: Pass, id: string) => void bound.set(id, pass),
  }
}

const purseOf = (code: string) =>
  new PassPurse(world.client, parseInviteCode(code), { store: memory(), random })
const contentOf = (id: string) => ({
  id,
  body: bytesToBase64(random(SIGHTING_BYTES)),
  context: bytesToBase64(random(CONTEXT_SIZES[0])),
})

async function remainingOf(): Promise<number[]> {
  const rows = await world.database.kysely.selectFrom('invites').select('remaining').execute()
  return rows.map(({ remaining }) => remaining)
}

it('lets in as many pictures as the invite is for, and not one more', async () => {
  const purse = purseOf(await invite(18))
  for (let n = 0; n < 18; n++) {
    const id = newId()
    await world.client.sightings.submit({ ...contentOf(id), ...(await purse.admissionOf(id)) })
  }
  await expect(purse.admissionOf(newId())).rejects.toThrow(refusedWith('INVITE_SPENT'))
  expect(await remainingOf()).toContain(0)
}, 60_000)

it('keeps the same sighting once, and refuses its pass for another one', async () => {
  const purse = purseOf(await invite(5))
  const [id, other] = [newId(), newId()]
  const first = { ...contentOf(id), ...(await purse.admissionOf(id)) }
  await world.client.sightings.submit(first)
  await world.client.sightings.submit(first)
  const { submit } = world.client.sightings
  await expect(submit({ ...contentOf(id), pass: first.pass })).rejects.toThrow(refusedWith('PASS_SPENT'))
  await expect(submit({ ...contentOf(other), pass: first.pass })).rejects.toThrow(refusedWith('PASS_INVALID'))
  await expect(submit(contentOf(other))).rejects.toThrow(refusedWith('REQUEST_INVALID'))
  const both = {
    ...contentOf(other),
    ...(await purse.admissionOf(other)),
    pow: await solvedPuzzle(world.client, solve),
  }
  await expect(submit(both)).rejects.toThrow(refusedWith('REQUEST_INVALID'))
}, 60_000)

it('refuses forged, unknown, ended and expired invites and passes, and uses nothing up', async () => {
  const { exchange } = world.client.invites
  const blinded = blindPasses(2, random).map((one) => bytesToHex(one.blinded))
  await expect(exchange({ code: '0'.repeat(20), blinded })).rejects.toThrow(refusedWith('INVITE_UNKNOWN'))
  const text = await invite(7)
  const code = text.replaceAll(' ', '')
  for (const none of [bytesToHex(new Uint8Array(32)), 'ff'.repeat(32)]) {
    await expect(exchange({ code, blinded: [none] })).rejects.toThrow(refusedWith('PASS_FORM'))
  }
  expect(await remainingOf()).toContain(7)

  const id = newId()
  const { pass } = await purseOf(text).admissionOf(id)
  if (!pass) throw new Error('no pass')
  const forged = { ...pass, mac: bytesToHex(random(32)) }
  const ofAnother = { ...pass, nonce: bytesToHex(random(32)) }
  const selfMade = { ...pass, mac: bytesToHex(usePass({ key: random(32) }, Buffer.from(id, 'base64url'))) }
  for (const wrong of [forged, ofAnother, selfMade, { ...pass, week: weekAfter(world.clock.now(), 1) }]) {
    await expect(world.client.sightings.submit({ ...contentOf(id), pass: wrong })).rejects.toThrow(
      refusedWith('PASS_INVALID'),
    )
  }
  await endInvite(world.client, await signIn('aina'), parseInviteCode(text))
  await expect(exchange({ code, blinded })).rejects.toThrow(refusedWith('INVITE_UNKNOWN'))

  const short = (await invite(3)).replaceAll(' ', '')
  world.clock.advanceMs(WEEK_MS)
  await expect(exchange({ code: short, blinded })).rejects.toThrow(refusedWith('INVITE_EXPIRED'))
  // A pass outlives its invite by a week, and no longer.
  await world.client.sightings.submit({ ...contentOf(id), pass })
  const late = newId()
  const { pass: next } = await purseOf(await invite(1)).admissionOf(late)
  if (!next) throw new Error('no pass')
  world.clock.advanceMs(2 * WEEK_MS)
  await expect(world.client.sightings.submit({ ...contentOf(late), pass: next })).rejects.toThrow(
    refusedWith('PASS_INVALID'),
  )
  await world.runJobs()
  expect(await remainingOf()).toEqual([])
  const spent = await world.database.kysely.selectFrom('passes_spent').select('week').execute()
  expect(spent).toEqual([])
}, 120_000)

it('is for those to make who read cases, with a fresh signature, and not for ever', async () => {
  const analyst = await signIn('ana')
  const wish = { pictures: 3, until: thisWeek(), random }
  await expect(makeInvite(world.client, analyst, wish)).rejects.toThrow(refusedWith('STAFF_ROLE'))
  const [over, far] = [weekAfter(world.clock.now(), -1), weekAfter(world.clock.now(), 27)]
  for (const until of [over, far]) await expect(invite(3, until)).rejects.toThrow(refusedWith('INVITE_WEEK'))
  const staff = await signIn('aina')
  const payload = { hash: 'a'.repeat(64), pictures: 3, until: thisWeek() }
  const unsigned = {
    session: staff.token,
    fresh: { nonce: 'A'.repeat(43), signature: 'a'.repeat(128) },
    payload,
  }
  await expect(world.client.invites.create(unsigned)).rejects.toThrow(refusedWith('STAFF_FRESH'))
}, 60_000)

it('takes sightings by invite only, where the organisation wants that', async () => {
  const folder = makeTemporaryFolder()
  const closed = await openWorld({ directory: folder, settings: { needsInvite: true } })
  const sent = { ...contentOf(newId()), pow: await solvedPuzzle(closed.client, solve) }
  await expect(closed.client.sightings.submit(sent)).rejects.toThrow(refusedWith('INVITE_NEEDED'))
  await closed.close()
  removeFolder(folder)
}, 60_000)

it('leaves nothing in the database that leads from a sighting to its invite, or to another one of it', async () => {
  const text = await invite(4)
  const purse = purseOf(text)
  const shown = []
  for (let n = 0; n < 4; n++) {
    const id = newId()
    const admission = await purse.admissionOf(id)
    await world.client.sightings.submit({ ...contentOf(id), ...admission })
    shown.push({ id, ...admission })
  }
  const secrets = [
    text,
    text.replaceAll(' ', ''),
    ...shown.flatMap(({ pass }) => [pass?.nonce ?? '', pass?.mac ?? '']),
  ]
  for (const table of ['invites', 'passes_spent', 'sightings', 'jobs', 'pow_spent']) {
    const { rows } = await sql<{ row: string }>`select t::text as row from ${sql.table(table)} t`.execute(
      world.database.kysely,
    )
    const content = rows.map(({ row }) => row).join('\n')
    for (const secret of secrets) expect(content.includes(secret), table).toBe(false)
    if (table !== 'sightings') {
      for (const { id } of shown) expect(content).not.toContain(Buffer.from(id, 'base64url').toString('hex'))
    }
  }
  expect(world.logged.join('\n')).not.toContain(text.replaceAll(' ', ''))
}, 60_000)

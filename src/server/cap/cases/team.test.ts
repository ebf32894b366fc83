import { afterAll, beforeAll, expect, it } from 'vitest'
import { PART_BYTES } from '#contract/sizes.ts'
import {
  addRootSignature,
  collectBytes,
  openItem,
  openUnknownWrap,
  type ReturnKeys,
  rootSigningKey,
  SealError,
  sealedFileLength,
  sealFile,
  signRootText,
} from '#lib/seal/index.ts'
import { makeTemporaryFolder, removeFolder } from '#node/testing/temporary-folder.ts'
import {
  type Client,
  casesStillHers,
  currentKey,
  type Desk,
  draftRoster,
  Mailbox,
  makeColleague,
  matchNow,
  moveCase,
  type NewOrganisation,
  type OpenCase,
  openCaseFile,
  openCases,
  openMatcher,
  postEntry,
  publishRoster,
  readCase,
  readOwnCase,
  refreshDesk,
  removeFromCase,
  sendParts,
  setDueDay,
  shareWith,
  startNewEpoch,
} from '../../../client/index.ts'
import { newId } from '../../testing/reports.ts'
import type { World } from '../../testing/world.ts'
import {
  deskOf,
  deskWith,
  entryOf,
  openStaffedWorld,
  type Reported,
  random,
  report,
} from './testing/people.ts'

let world: World
let organisation: NewOrganisation
let her: Reported
const desks = new Map<string, Desk>()
const directory = makeTemporaryFolder()
const HANDLES = [
  ['aina', 'intake'],
  ['devi', 'intake'],
  ['mei', 'caseworker'],
  ['sup', 'supervisor'],
] as const

beforeAll(async () => {
  ;({ world, organisation } = await openStaffedWorld(directory, HANDLES))
  for (const [handle] of HANDLES) desks.set(handle, await deskOf(world, organisation, handle))
  her = await report(world, organisation, { exclude: [entryOf(organisation, 'devi')] })
}, 120_000)
afterAll(async () => {
  await world.close()
  removeFolder(directory)
})

const desk = (handle: string) => desks.get(handle) ?? expect.fail(handle)
const entry = (handle: string) => entryOf(organisation, handle)
const caseOf = async (handle: string): Promise<OpenCase> =>
  (await openCases(desk(handle))).cases[0] ?? expect.fail(`no case for ${handle}`)
const own = (keys: ReturnKeys, client = world.client) =>
  readOwnCase(new Mailbox(client, keys), keys, {
    rosters: desk('sup').rosters,
    nowSeconds: Math.floor(world.clock.now().getTime() / 1_000),
  })

it('gives a case to a colleague, who reads all of it, and never to whom the survivor excluded', async () => {
  let open = await caseOf('aina')
  await expect(shareWith(desk('aina'), open, entry('devi'), { why: 'takes over' })).rejects.toMatchObject({
    code: 'CASE_EXCLUDED_RECIPIENT',
  })
  await expect(shareWith(desk('aina'), open, newId(), { why: 'takes over' })).rejects.toMatchObject({
    code: 'COLLEAGUE_UNKNOWN',
  })
  for (const handle of ['mei', 'sup']) {
    open = await shareWith(desk('aina'), open, entry(handle), { why: 'knows about deadlines' })
    const hers = await caseOf(handle)
    expect(hers.conversation).toEqual(open.conversation)
    expect(hers.replay.state.members.get(entry(handle))?.role).toBe(
      desk('sup').rules.roster.get(entry(handle)),
    )
  }
  await expect(shareWith(desk('aina'), open, entry('mei'), { why: 'once more' })).rejects.toMatchObject({
    code: 'ID_TAKEN',
  })
  expect((await openCases(desk('devi'))).cases).toEqual([])
}, 60_000)

it('opens a file of the case for a member, whole or not at all', async () => {
  const file = new Uint8Array(1_500_000).map((_, n) => (n * 7) & 255)
  const mailbox = new Mailbox(world.client, her.keys)
  const { key } = await own(her.keys)
  const sealing = sealFile([file], file.length, key.identity.recipient)
  const sealed = await collectBytes(sealing.stream)
  expect(sealed.length).toBe(sealedFileLength(file.length))
  const blob = newId()
  const upload = await mailbox.beginUpload(blob, sealed.length)
  const part = async (n: number) => sealed.subarray(n * PART_BYTES, (n + 1) * PART_BYTES)
  await sendParts(world.client, upload, sealed.length, part)
  const described = {
    blob,
    name: 'a.bin',
    sizeBytes: file.length,
    sha256: sealing.digest() ?? '',
    mime: '',
    note: '',
  }
  const open = await caseOf('mei')
  const got = await collectBytes(openCaseFile(desk('mei'), open, described))
  expect(Buffer.from(got).equals(file)).toBe(true)
  for (const wrong of [{ sha256: 'ab'.repeat(32) }, { sizeBytes: file.length - 1 }]) {
    const read = collectBytes(openCaseFile(desk('mei'), open, { ...described, ...wrong }))
    await expect(read).rejects.toMatchObject({ code: 'BLOB_MISMATCH' })
  }
  const elsewhere = collectBytes(openCaseFile(desk('mei'), open, { ...described, blob: newId() }))
  await expect(elsewhere).rejects.toMatchObject({ code: 'NOT_FOUND' })
  const hidden = collectBytes(openCaseFile(desk('devi'), open, described))
  await expect(hidden).rejects.toMatchObject({ code: 'NOT_FOUND' })
}, 60_000)

it('shuts a colleague out with a new key: what is written then is not for her, nor is what was', async () => {
  const before = await caseOf('aina')
  const { age } = desk('aina').session.identity
  await expect(startNewEpoch(desk('aina'), before, 'routine')).rejects.toMatchObject({
    code: 'EPOCH_UNTRUSTED',
  })
  let open = await removeFromCase(desk('sup'), await caseOf('sup'), entry('aina'))
  expect(open.keys.map(({ epoch }) => epoch)).toEqual([1, 2])
  expect(open.replay.state).toMatchObject({ epoch: 2, needsNewEpoch: false })
  expect((await openCases(desk('aina'))).cases).toEqual([])
  open = await postEntry(desk('sup'), open, 'case.open')
  open = await postEntry(desk('sup'), open, 'message.write', { text: 'for those who stayed' })
  // Her identity, and every key she had, against everything of the new epoch.
  const { kysely } = world.database
  const items = await kysely.selectFrom('items').select('body').where('epoch', '=', 2).execute()
  expect(items.length).toBeGreaterThanOrEqual(3)
  for (const { body } of items) {
    await expect(openItem(body, [age, currentKey(before).identity])).rejects.toBeInstanceOf(SealError)
  }
  const wraps = await kysely.selectFrom('wraps').select('body').execute()
  for (const { body } of wraps) await expect(openUnknownWrap(body, age)).rejects.toBeInstanceOf(SealError)
  // Survivor and colleague go on.
  const mine = await own(her.keys)
  expect(mine).toMatchObject({ hasUntrustedEpoch: false, key: { epoch: 2 } })
  expect((await caseOf('mei')).replay.state.status).toBe('triage')
  await expect(shareWith(desk('sup'), open, entry('aina'), { why: 'back' })).rejects.toMatchObject({
    code: 'CASE_EXCLUDED_RECIPIENT',
  })
}, 60_000)

it('goes by the journal alone for who gets a new key, whatever the server says about who reads the case', async () => {
  const open = await caseOf('sup')
  const devi = organisation.people.find(({ handle }) => handle === 'devi')?.entry.addr ?? ''
  const slots = [...open.slots, { epoch: 2, slot: 12, address: devi }]
  const next = await startNewEpoch(desk('sup'), { ...open, slots }, 'routine')
  expect(currentKey(next).epoch).toBe(3)
  const addresses = next.slots.filter(({ epoch }) => epoch === 3).map(({ address }) => address)
  expect(addresses).not.toContain(devi)
  const [mei, sup] = ['mei', 'sup'].map((one) => organisation.people.find(({ handle }) => handle === one))
  expect(addresses).toEqual(expect.arrayContaining([mei?.entry.addr, sup?.entry.addr, open.mailbox]))
}, 60_000)

it('notices a server that keeps back the survivor’s or a member’s new key', async () => {
  const { cases } = world.client
  const withholding: Client = {
    ...world.client,
    cases: {
      ...cases,
      get: async (input) => {
        const got = await cases.get(input)
        // The wrap of another epoch in its place.
        const [first] = got.wraps
        return { ...got, wraps: got.wraps.map((wrap) => ({ ...wrap, body: first?.body ?? wrap.body })) }
      },
    },
  }
  const { id } = await caseOf('mei')
  const misled = await readCase({ ...desk('mei'), client: withholding }, id)
  expect(misled.hasUntrustedEpoch).toBe(true)
  expect(currentKey(misled).epoch).toBe(1)
  expect(misled.conversation.missing).toEqual([])
  // Kept back altogether: the record of the new key, sealed to the old one, says that there is one.
  const none: Client = {
    ...world.client,
    cases: {
      ...cases,
      get: async (input) => {
        const got = await cases.get(input)
        return { ...got, wraps: got.wraps.slice(0, 1), items: got.items.filter(({ epoch }) => epoch === 1) }
      },
    },
  }
  expect((await readCase({ ...desk('mei'), client: none }, id)).hasUntrustedEpoch).toBe(true)
  const { kysely } = world.database
  const hers = await kysely
    .deleteFrom('wraps')
    .where('address', '=', Buffer.from(her.keys.mailbox, 'base64url'))
    .where('epoch', '>=', 2)
    .returningAll()
    .execute()
  expect(await own(her.keys)).toMatchObject({ hasUntrustedEpoch: true, key: { epoch: 1 } })
  await kysely.insertInto('wraps').values(hers).execute()
  expect(await own(her.keys)).toMatchObject({ hasUntrustedEpoch: false, key: { epoch: 3 } })
  // With what she knew, she sees that messages are missing.
  const known = await caseOf('mei')
  const later = await readCase({ ...desk('mei'), client: withholding }, id, known)
  expect(later.conversation.missing.length).toBeGreaterThan(0)
}, 60_000)

it('takes a colleague off the roster only when no case is left to her, and lets a new one in who opens the matcher', async () => {
  let sup = desk('sup')
  const [verified] = sup.rosters
  const { cases } = await openCases(sup)
  expect(casesStillHers(sup, cases, entry('aina'))).toEqual([])
  const stillHers = casesStillHers(sup, cases, entry('mei'))
  expect(stillHers).toHaveLength(1)
  const made = await makeColleague(
    'org.example',
    { handle: 'noor', role: 'supervisor', langs: ['ms'] },
    world.clock.now().toISOString().slice(0, 10),
    random,
  )
  const leaving = (handle: string) => [{ entry: entry(handle), reason: 'left' as const }]
  const open = { count: new Map([[entry('mei'), stillHers.length]]) }
  const plan = { joining: [made.colleague.entry], leaving: leaving('mei') }
  expect(() => draftRoster(verified, plan, { now: world.clock.now(), open })).toThrow(
    expect.objectContaining({ code: 'ROSTER_SUCCESSION' }),
  )
  const text = draftRoster(verified, { ...plan, leaving: leaving('aina') }, { now: world.clock.now(), open })
  const officer = (n: number) => rootSigningKey('org.example', n, organisation.rootSeeds[n - 1] ?? random(32))
  const byOne = signRootText(text, officer(1))
  await expect(publishRoster(sup, byOne, [made])).rejects.toMatchObject({ code: 'ROSTER_INVALID' })
  await publishRoster(sup, addRootSignature(byOne, officer(3)), [made])
  sup = await refreshDesk(sup)
  expect(sup.rosters[0]).toMatchObject({ roster: { v: 2 }, publicity: 'promised' })
  desks.set('sup', sup)
  const { session } = desk('aina')
  await expect(world.client.cases.list({ session: session.token })).rejects.toMatchObject({
    code: 'STAFF_SESSION',
  })
  const noor = await deskWith(world, organisation, 'noor', made.colleague.passphrase)
  expect(await openMatcher(noor)).toEqual({ isOpen: true, unreadableSets: 0 })
  // What the leaver wrote while she was there still counts.
  const { conversation } = await caseOf('sup')
  expect(conversation.items.filter(({ verdict }) => verdict === 'unverified')).toEqual([])
  const shared = await shareWith(sup, await caseOf('sup'), noor.session.entry, { why: 'joined us' })
  expect(shared.replay.state.members.has(noor.session.entry)).toBe(true)
  // A colleague with the former list sees that it is not the newest, and trusts nobody who is not in it.
  const posted = await postEntry(noor, shared, 'message.write', { text: 'hello' })
  const outdated = await readCase(desk('mei'), posted.id)
  expect(outdated.conversation.isRosterBehind).toBe(true)
  expect(outdated.conversation.items.filter(({ verdict }) => verdict === 'unverified')).toHaveLength(1)
  const current = await readCase(await refreshDesk(desk('mei')), posted.id)
  expect(current.conversation.items.filter(({ verdict }) => verdict === 'unverified')).toEqual([])
  const hers = (await openCases(noor)).cases
  expect(hers.map(({ keys }) => keys.map(({ epoch }) => epoch))).toEqual([[1, 2, 3]])
  expect((await matchNow(noor, hers)).found).toEqual([])
}, 60_000)

it('tells the server a day and how far a case is, and nothing more; a supervisor alone closes', async () => {
  const open = await caseOf('sup')
  await setDueDay(desk('mei'), open, '2026-12-01')
  expect((await caseOf('mei')).nextDueDay).toBe('2026-12-01')
  await expect(moveCase(desk('mei'), open, 'closed')).rejects.toMatchObject({ code: 'STAFF_ROLE' })
  await moveCase(desk('mei'), open, 'closing')
  await moveCase(desk('sup'), open, 'closed')
  const row = async () =>
    world.database.kysely
      .selectFrom('cases')
      .select(['status', 'expires_week'])
      .where('id', '=', Buffer.from(open.id, 'base64url'))
      .executeTakeFirst()
  expect(await row()).toEqual({ status: 'closed', expires_week: '2027-W08' })
  await expect(
    postEntry(desk('mei'), await caseOf('mei'), 'message.write', { text: 'late' }),
  ).rejects.toMatchObject({
    code: 'CASE_CLOSED',
  })
  await moveCase(desk('sup'), open, 'open')
  expect(await row()).toEqual({ status: 'open', expires_week: null })
}, 60_000)

import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { members, type NewMember } from '#contract/members.ts'
import { bytesToHex } from '#lib/bytes/index.ts'
import {
  addRootSignature,
  formatRosterText,
  hybridIdentityOf,
  openUnknownWrap,
  parseRosterText,
  passphraseSecret,
  type Roster,
  rootSigningKey,
  rosterDigest,
  signLogin,
  signRootText,
  staffKeysOf,
} from '#lib/seal/index.ts'
import { parseNote } from '#lib/tlog/index.ts'
import { makeTemporaryFolder, removeFolder } from '#node/testing/temporary-folder.ts'
import {
  makeColleague,
  type NewOrganisation,
  rosterOpening,
  StaffSession,
  setUpOrganisation,
} from '../../../client/index.ts'
import { solve } from '../../testing/reports.ts'
import { openWorld, type World } from '../../testing/world.ts'

const ORIGIN = 'https://pages.example'
const MINUTE_MS = 60_000
const random = (bytes: number) => new Uint8Array(randomBytes(bytes))
const refusedWith = (code: string) => expect.objectContaining({ code })
const TOKEN = Buffer.alloc(32, 5).toString('base64url')

let world: World
let organisation: NewOrganisation
let isSetUp = false
const directory = makeTemporaryFolder()
const setUp = (token: string) =>
  setUpOrganisation(
    world.client,
    {
      token,
      org: 'org.example',
      log: 'custody.example.org/log',
      people: [
        { handle: 'Aina', role: 'supervisor', langs: ['ms'] },
        { handle: 'devi', role: 'caseworker', langs: ['en'] },
        { handle: 'mei', role: 'match-officer', langs: ['zh'] },
        { handle: 'ana', role: 'analyst', langs: ['en'] },
      ],
    },
    { now: world.clock.now(), random },
  )
beforeAll(async () => {
  const setUpGate = {
    isOpen: async (token: string) => !isSetUp && token === TOKEN,
    close: async () => {
      isSetUp = true
    },
  }
  world = await openWorld({ directory, settings: { setUpGate } })
  await expect(setUp(Buffer.alloc(32, 6).toString('base64url'))).rejects.toThrow(refusedWith('SETUP_TOKEN'))
  organisation = await setUp(TOKEN)
}, 120_000)
afterAll(async () => {
  await world.close()
  removeFolder(directory)
})

const personOf = (handle: string) =>
  organisation.people.find((one) => one.handle === handle) ?? expect.fail(handle)
const signIn = (handle: string, changes: { passphrase?: string; origin?: string } = {}) =>
  StaffSession.open(
    world.client,
    { org: 'org.example', handle, passphrase: personOf(handle).passphrase, origin: ORIGIN, ...changes },
    solve,
  )

function rosterNote(changes: Partial<Roster>, officers: readonly number[] = [1, 3]): string {
  const text = formatRosterText({
    ...organisation.roster,
    v: 2,
    prev: rosterDigest(formatRosterText(organisation.roster)),
    ...changes,
  })
  const [first, second] = officers.map((n) =>
    rootSigningKey('org.example', n, organisation.rootSeeds[n - 1] ?? random(32)),
  )
  if (first === undefined) return expect.fail('no officer')
  const note = signRootText(text, first)
  return second === undefined ? note : addRootSignature(note, second)
}

/** The public record of a roster, as its makers hand it in. */
function openingOf(note: string): string {
  const { text } = parseNote(note)
  const log = 'custody.example.org/log'
  return rosterOpening(text, parseRosterText(text).v, { log, now: world.clock.now(), random })
}

it('is set up once, with one link, and has no secret of anybody', async () => {
  await expect(setUp(TOKEN)).rejects.toThrow(refusedWith('SETUP_TOKEN'))
  isSetUp = false
  // Also when the link could not be closed.
  await expect(setUp(TOKEN)).rejects.toThrow(refusedWith('SETUP_TOKEN'))
  const { note, version } = await world.client.members.roster()
  expect(version).toBe(1)
  expect(parseRosterText(`${note.split('\n').slice(0, 2).join('\n')}\n`)).toEqual(organisation.roster)
  expect(organisation.shares).toHaveLength(5)
  const recipient = await world.database.kysely.selectFrom('bank_recipient').selectAll().execute()
  expect(recipient).toEqual([{ recipient: organisation.bank.recipient }])
}, 60_000)

it('signs in with a passphrase and gives back the keys that were made', async () => {
  const session = await signIn('Aina')
  expect(session.identity).toEqual(personOf('Aina').identity)
  expect(session.entry).toBe(personOf('Aina').entry.id)
  const stored = await world.database.kysely.selectFrom('sessions').select('token_hash').execute()
  expect(stored.some(({ token_hash }) => token_hash.toString('base64url') === session.token)).toBe(false)
  await world.client.members.logout({ session: session.token })
  await expect(world.client.members.state({ session: session.token })).rejects.toThrow(
    refusedWith('STAFF_SESSION'),
  )
}, 60_000)

it('answers for a handle that nobody has as for one that somebody has, the same each time', async () => {
  const [nobody, again, devi] = [
    await world.client.members.salt({ handle: 'nobody' }),
    await world.client.members.salt({ handle: 'NOBODY' }),
    await world.client.members.salt({ handle: 'DEVI' }),
  ]
  expect({ ...again, nonce: '' }).toEqual({ ...nobody, nonce: '' })
  expect(Object.keys(nobody)).toEqual(Object.keys(devi))
  expect(JSON.stringify(nobody)).toHaveLength(JSON.stringify(devi).length)
  expect(devi.staff).toBe(personOf('devi').staff)
})

it('refuses another phrase, another origin, an unknown handle and a nonce that was used, all alike', async () => {
  const wrong = refusedWith('STAFF_LOGIN_REFUSED')
  await expect(signIn('devi', { passphrase: 'not the phrase of anybody here' })).rejects.toThrow(wrong)
  await expect(signIn('devi', { origin: 'https://pages.example.evil.example' })).rejects.toThrow(wrong)
  const { methodId, nonce } = await world.client.members.salt({ handle: 'nobody' })
  const request = { handle: 'nobody', methodId, nonce, signature: '0'.repeat(128), pow: null }
  await expect(world.client.members.login(request)).rejects.toThrow(wrong)
  await expect(world.client.members.login({ ...request, handle: 'ana' })).rejects.toThrow(wrong)
}, 60_000)

it('refuses a sign-in that is sent a second time', async () => {
  const { passphrase } = personOf('devi')
  const { staff, methodId, kdf, salt, nonce } = await world.client.members.salt({ handle: 'devi' })
  const secret = await passphraseSecret(passphrase, kdf, new Uint8Array(Buffer.from(salt, 'base64url')))
  const signature = bytesToHex(signLogin(staffKeysOf(secret).auth, { staff, nonce, origin: ORIGIN }))
  const request = { handle: 'devi', methodId, nonce, signature, pow: null }
  await world.client.members.login(request)
  await expect(world.client.members.login(request)).rejects.toThrow(refusedWith('STAFF_LOGIN_REFUSED'))
}, 60_000)

it('ends a session after fifteen minutes without use, and after eight hours', async () => {
  const session = (await signIn('mei')).token
  for (let i = 0; i < 47; i++) {
    world.clock.advanceMs(10 * MINUTE_MS)
    await world.client.members.state({ session })
  }
  world.clock.advanceMs(11 * MINUTE_MS)
  await expect(world.client.members.state({ session })).rejects.toThrow(refusedWith('STAFF_SESSION'))
  const other = (await signIn('mei')).token
  world.clock.advanceMs(16 * MINUTE_MS)
  await expect(world.client.members.state({ session: other })).rejects.toThrow(refusedWith('STAFF_SESSION'))
}, 60_000)

it('asks for work after five failures, of a handle that nobody has as well, and locks nobody out', async () => {
  for (const handle of ['ana', 'nobody else']) {
    for (let i = 0; i < 5; i++) {
      const { methodId, nonce } = await world.client.members.salt({ handle })
      const request = { handle, methodId, nonce, signature: '0'.repeat(128), pow: null }
      await expect(world.client.members.login(request)).rejects.toThrow(refusedWith('STAFF_LOGIN_REFUSED'))
    }
    const { methodId, nonce, puzzle } = await world.client.members.salt({ handle })
    expect(puzzle).toMatchObject({ bits: 10 })
    const request = { handle, methodId, nonce, signature: '0'.repeat(128), pow: null }
    await expect(world.client.members.login(request)).rejects.toThrow(refusedWith('STAFF_WORK'))
  }
  await expect(signIn('ana')).resolves.toBeInstanceOf(StaffSession)
}, 60_000)

it('takes a fresh signature for one request only, within two minutes, and from whom the role allows it', async () => {
  const session = await signIn('Aina')
  const payload = { rootFiles: 3, shares: 4 }
  const request = await session.confirm(members.handOver, payload)
  const stale = await session.confirm(members.handOver, payload)
  const changed = { ...stale, payload: { rootFiles: 0, shares: 0 } }
  await expect(world.client.members.handOver(changed)).rejects.toThrow(refusedWith('STAFF_FRESH'))
  await world.client.members.handOver(request)
  await expect(world.client.members.handOver(request)).rejects.toThrow(refusedWith('STAFF_FRESH'))
  world.clock.advanceMs(3 * MINUTE_MS)
  await expect(world.client.members.handOver(stale)).rejects.toThrow(refusedWith('STAFF_FRESH'))
  const state = await world.client.members.state({ session: session.token })
  expect(state).toEqual({ inOneHand: ['recovery-shares'] })
  const devi = await signIn('devi')
  await expect(world.client.members.handOver(await devi.confirm(members.handOver, payload))).rejects.toThrow(
    refusedWith('STAFF_ROLE'),
  )
}, 60_000)

it('gives the wrap of the bank to supervisors and match officers alone', async () => {
  for (const handle of ['Aina', 'mei']) {
    const session = await signIn(handle)
    const { body } = await world.client.members.bankBox(await session.confirm(members.bankBox, {}))
    const opened = await openUnknownWrap(new Uint8Array(Buffer.from(body, 'base64')), session.identity.age)
    expect(opened.identity.recipient).toBe(organisation.bank.recipient)
  }
  for (const handle of ['devi', 'ana']) {
    const session = await signIn(handle)
    const request = await session.confirm(members.bankBox, {})
    await expect(world.client.members.bankBox(request)).rejects.toThrow(refusedWith('STAFF_ROLE'))
  }
}, 60_000)

it('refuses a roster that is forged, rolled back or signed by one, and signs out whoever left', async () => {
  const session = await signIn('Aina')
  const leaver = await signIn('ana')
  const publish = async (note: string, people: readonly NewMember[] = []) =>
    world.client.members.publishRoster(
      await session.confirm(members.publishRoster, {
        note,
        opening: openingOf(note),
        members: JSON.parse(JSON.stringify(people)),
        boxes: [],
      }),
    )
  const { colleague, methods } = await makeColleague(
    'org.example',
    { handle: 'new', role: 'intake', langs: [] },
    '2026-11-25',
    random,
  )
  const newcomer = { handle: 'new', entry: colleague.entry.id, methods: [...methods] }
  const entries = [
    ...organisation.roster.entries.filter(({ id }) => id !== personOf('ana').entry.id),
    colleague.entry,
  ]
  const { sign } = personOf('ana').entry
  const retired = [
    {
      id: personOf('ana').entry.id,
      role: 'analyst' as const,
      sign,
      from: '2026-11-24',
      to: '2026-11-25',
      reason: 'left' as const,
    },
  ]
  const good = rosterNote({ entries, retired })
  const swapped = good.replace(personOf('devi').entry.age, personOf('mei').entry.age)
  await expect(publish(swapped)).rejects.toThrow(refusedWith('ROSTER_INVALID'))
  const { age } = personOf('mei').entry
  const swappedBank = good.replace(organisation.bank.recipient, age)
  await expect(publish(swappedBank)).rejects.toThrow(refusedWith('ROSTER_INVALID'))
  const otherBank = { age: (await hybridIdentityOf(random(32))).recipient }
  await expect(publish(rosterNote({ bank: otherBank }))).rejects.toThrow(refusedWith('SETUP_SHAPE'))
  await expect(publish(rosterNote({}, [1]))).rejects.toThrow(refusedWith('ROSTER_INVALID'))
  await expect(publish(rosterNote({ v: 3 }))).rejects.toThrow(refusedWith('ROSTER_ROLLBACK'))
  await expect(publish(rosterNote({ prev: '0'.repeat(64) }))).rejects.toThrow(refusedWith('ROSTER_ROLLBACK'))
  await expect(publish(organisation.note)).rejects.toThrow(refusedWith('ROSTER_ROLLBACK'))
  await expect(publish(rosterNote({ iss: '2026-10-01', exp: '2026-10-31' }))).rejects.toThrow(
    refusedWith('ROSTER_EXPIRED'),
  )
  await world.client.members.state({ session: leaver.token })
  await expect(publish(good, [{ ...newcomer, handle: 'AINA' }])).rejects.toThrow(refusedWith('SETUP_SHAPE'))
  await expect(publish(good, [{ ...newcomer, methods: methods.slice(0, 1) }])).rejects.toThrow(
    refusedWith('STAFF_METHODS_TOO_FEW'),
  )
  expect((await world.client.members.roster()).version).toBe(1)
  await publish(good, [newcomer])
  const { passphrase } = colleague
  const hers = await StaffSession.open(
    world.client,
    { org: 'org.example', handle: 'new', passphrase, origin: ORIGIN },
    solve,
  )
  expect(hers.entry).toBe(colleague.entry.id)
  await expect(publish(good)).rejects.toThrow(refusedWith('ROSTER_ROLLBACK'))
  expect((await world.client.members.roster()).version).toBe(2)
  await expect(world.client.members.state({ session: leaver.token })).rejects.toThrow(
    refusedWith('STAFF_SESSION'),
  )
}, 60_000)

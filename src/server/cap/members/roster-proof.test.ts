import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { SetUpBody } from '#contract/members.ts'
import { bytesToBase64 } from '#lib/bytes/index.ts'
import { bankRecipient, formatRosterText, hybridIdentityOf, sealWrap } from '#lib/seal/index.ts'
import { formatVkey, noteKey } from '#lib/tlog/index.ts'
import { makeTemporaryFolder, removeFolder } from '#node/testing/temporary-folder.ts'
import {
  type Client,
  fetchRoster,
  type NewOrganisation,
  type OrganisationTrust,
  openDesk,
  openMatcher,
  type SetUpMeans,
  StaffSession,
  sendReport,
  setUpOrganisation,
} from '../../../client/index.ts'
import { newSurvivor, solve } from '../../testing/reports.ts'
import { openWorld, type World } from '../../testing/world.ts'

const HOUR_MS = 60 * 60_000
const TOKEN = Buffer.alloc(32, 5).toString('base64url')
const random = (bytes: number) => new Uint8Array(randomBytes(bytes))
const refusedWith = (code: string) => expect.objectContaining({ code })

let world: World
let isUsedUp = false
let organisation: NewOrganisation
const directory = makeTemporaryFolder()

const setUp = (keep?: SetUpMeans['keep'], client = world.client) =>
  setUpOrganisation(
    client,
    {
      token: TOKEN,
      org: 'org.example',
      log: 'custody.example.org/log',
      people: [
        { handle: 'aina', role: 'supervisor', langs: ['ms'] },
        { handle: 'mei', role: 'match-officer', langs: ['zh'] },
      ],
    },
    { now: world.clock.now(), random, ...(keep && { keep }) },
  )

beforeAll(async () => {
  const setUpGate = {
    isOpen: async (token: string) => !isUsedUp && token === TOKEN,
    close: async () => {
      isUsedUp = true
    },
  }
  world = await openWorld({ directory, settings: { setUpGate } })
}, 60_000)
afterAll(async () => {
  await world.close()
  removeFolder(directory)
})

const fetched = (trust: OrganisationTrust = organisation.trust, client: Client = world.client) =>
  fetchRoster(client, trust, { now: world.clock.now() })

/** The same server, with a roster answer that an operator has altered. */
function alteredBy(change: (answer: Awaited<ReturnType<Client['members']['roster']>>) => object): Client {
  const { members } = world.client
  const roster = async () => {
    const answer = await members.roster()
    return { ...answer, ...change(answer) }
  }
  return { ...world.client, members: { ...members, roster } }
}

it('sets up again until every secret is in a hand, and never after', async () => {
  expect((await world.client.health.check()).needs).toEqual(['set-up'])
  const lost = setUp(async () => {
    throw new Error('the page was closed')
  })
  await expect(lost).rejects.toThrow('the page was closed')
  const { note: first } = await world.client.members.roster()
  let kept: NewOrganisation | null = null
  organisation = await setUp(async (made) => {
    kept = made
  })
  expect(kept).toEqual(organisation)
  const { note } = await world.client.members.roster()
  expect(note).toBe(organisation.note)
  expect(note).not.toBe(first)
  const staff = await world.database.kysely.selectFrom('staff').select('handle').execute()
  expect(staff.map(({ handle }) => handle).sort()).toEqual(['aina', 'mei'])
  await expect(setUp()).rejects.toThrow(refusedWith('SETUP_TOKEN'))
  expect((await world.client.health.check()).needs).toEqual(['matcher'])
}, 60_000)

it('takes the promise of the log until the next checkpoint, and its proof from then on', async () => {
  expect((await fetched()).publicity).toBe('promised')
  expect(bankRecipient(await fetched())).toBe(organisation.bank.recipient)
  world.clock.advanceMs(2 * HOUR_MS)
  await world.custodyLog.keep()
  await world.runJobs()
  expect((await fetched()).publicity).toBe('log-only')
})

it('refuses a roster that is forged, of another organisation, rolled back or in no log, each by its code', async () => {
  const evil = (await hybridIdentityOf(random(32))).recipient
  const swapped = alteredBy(({ note }) => ({ note: note.replace(organisation.bank.recipient, evil) }))
  await expect(fetched(organisation.trust, swapped)).rejects.toThrow(refusedWith('ROSTER_INVALID'))
  const rootKeys = organisation.rootKeys.toReversed()
  await expect(fetched({ ...organisation.trust, rootKeys })).rejects.toThrow(refusedWith('ROSTER_INVALID'))
  await expect(fetched({ ...organisation.trust, minRosterVersion: 2 })).rejects.toThrow(
    refusedWith('ROSTER_ROLLBACK'),
  )
  const unlogged = refusedWith('ROSTER_UNLOGGED')
  const hidden = alteredBy(() => ({ proof: null, receipt: '' }))
  await expect(fetched(organisation.trust, hidden)).rejects.toThrow(unlogged)
  // The proof is held back, and the time of the promise is over.
  const promisedOnly = alteredBy(() => ({ proof: null }))
  await expect(fetched(organisation.trust, promisedOnly)).resolves.toMatchObject({ publicity: 'promised' })
  world.clock.advanceMs(26 * HOUR_MS)
  await expect(fetched(organisation.trust, promisedOnly)).rejects.toThrow(unlogged)
  const otherLog = noteKey('custody.example.org/log', random(32))
  const policy = `log ${formatVkey(otherLog.vkey)}\nquorum none\n`
  await expect(fetched({ ...organisation.trust, policy })).rejects.toThrow(unlogged)
  const receiptsKey = formatVkey(noteKey('custody.example.org/receipts', random(32)).vkey)
  await expect(fetched({ ...organisation.trust, receiptsKey }, promisedOnly)).rejects.toThrow(unlogged)
})

it('opens no desk for the entry of somebody else, and no matcher with a key that is not the bank’s', async () => {
  const { client, clock } = world
  const { people, trust } = organisation
  const [aina, mei] = people
  const { passphrase = '' } = aina ?? {}
  const signIn = { org: 'org.example', handle: 'aina', passphrase, origin: 'https://pages.example' }
  const means = { random, now: () => clock.now() }
  const { members } = client
  const login: typeof members.login = async (request) => ({
    ...(await members.login(request)),
    entry: mei?.entry.id ?? '',
  })
  const misled = await StaffSession.open({ ...client, members: { ...members, login } }, signIn, solve)
  await expect(openDesk(client, misled, trust, means)).rejects.toThrow(refusedWith('STAFF_NOT_IN_ROSTER'))
  const desk = await openDesk(client, await StaffSession.open(client, signIn, solve), trust, means)
  const key = { caseRef: 'A'.repeat(22), epoch: 1, identity: await hybridIdentityOf(random(32)) }
  const swapped = bytesToBase64(await sealWrap(key, aina?.entry.age ?? ''))
  const bankBox: typeof members.bankBox = async () => ({ body: swapped })
  const withOther = { ...desk, client: { ...client, members: { ...members, bankBox } } }
  await expect(openMatcher(withOther)).rejects.toThrow(refusedWith('BANK_BOX_OTHER'))
  expect(await openMatcher(desk)).toEqual({ isOpen: true, unreadableSets: 0 })
}, 60_000)

it('promises once: asked later, the time does not move', async () => {
  const { receipt } = await world.client.members.roster()
  world.clock.advanceMs(HOUR_MS)
  expect((await world.client.members.roster()).receipt).toBe(receipt)
})

it('takes no record that is of another roster or for another log', async () => {
  isUsedUp = false
  await world.database.kysely.updateTable('organisation').set({ is_acknowledged: false }).execute()
  const { members } = world.client
  const sent: SetUpBody[] = []
  const kept: typeof members.setUp = async (body) => {
    sent.push(body)
    return { done: true }
  }
  const acknowledge: typeof members.acknowledge = async () => ({ done: true })
  await setUp(undefined, { ...world.client, members: { ...members, setUp: kept, acknowledge } })
  const [body] = sent
  if (body === undefined) return expect.fail('nothing was sent')
  for (const change of [
    (opening: string) => opening.replace('"version":1', '"version":2'),
    (opening: string) => opening.replace('custody.example.org/log', 'custody.example.com/log'),
    (opening: string) => opening.replace('roster.changed', 'policy.changed'),
    () => '{}',
  ]) {
    const rosterOpening = change(body.rosterOpening)
    await expect(members.setUp({ ...body, rosterOpening })).rejects.toThrow(refusedWith('ROSTER_RECORD'))
  }
  // What was there before is as it was.
  expect((await members.roster()).note).toBe(organisation.note)
  expect(formatRosterText(organisation.roster)).toContain(organisation.bank.recipient)
}, 60_000)

it('sets nothing up anew once a report is there, acknowledged or not', async () => {
  await sendReport(world.client, newSurvivor().report, solve)
  await expect(setUp()).rejects.toThrow(refusedWith('SETUP_TOKEN'))
  expect((await world.client.members.roster()).note).toBe(organisation.note)
}, 60_000)

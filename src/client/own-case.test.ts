import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  deriveReturnKeys,
  makeReturnCode,
  orgRoot,
  type ReturnKeys,
  rootFingerprint,
} from '#lib/seal/index.ts'
import { makeTemporaryFolder, removeFolder } from '#node/testing/temporary-folder.ts'
import { solve } from '../server/testing/reports.ts'
import { openWorld, type World } from '../server/testing/world.ts'
import {
  Mailbox,
  type Organisation,
  readOrganisation,
  readOwnCase,
  sealNewCase,
  sendNewCase,
  setUpOrganisation,
  writeToOwnCase,
} from './index.ts'

const ORG = 'org.example'
const LOG = 'custody.example.org/log'
const random = (bytes: number) => new Uint8Array(randomBytes(bytes))

let world: World
let organisation: Organisation
const directory = makeTemporaryFolder()
beforeAll(async () => {
  const setUpGate = { isOpen: async () => true, close: async () => {} }
  world = await openWorld({ directory, settings: { setUpGate } })
  const people = [
    { handle: 'aina', role: 'supervisor', langs: ['ms'] },
    { handle: 'devi', role: 'intake', langs: ['ta'] },
  ] as const
  const token = Buffer.from(random(32)).toString('base64url')
  const now = world.clock.now()
  const made = await setUpOrganisation(world.client, { token, org: ORG, log: LOG, people }, { now, random })
  const fingerprint = rootFingerprint(orgRoot(ORG, made.rootKeys))
  organisation = await readOrganisation(world.client, { fingerprint }, now)
}, 60_000)
afterAll(async () => {
  await world.close()
  removeFolder(directory)
})

async function openedCase() {
  const keys = await deriveReturnKeys(makeReturnCode(random), ORG)
  const nowSeconds = Math.floor(world.clock.now().getTime() / 1_000)
  const said = { text: 'What happened.', ageBand: 'adult', exclude: [], sets: [] } as const
  const sealed = await sealNewCase({ keys, organisation, log: LOG, nowSeconds, ...said }, random)
  await sendNewCase(world.client, sealed, keys, { solve, random })
  return { keys, sealed, means: { rosters: [organisation.verified] as const, nowSeconds, random } }
}

const mailboxOf = (keys: ReturnKeys) => new Mailbox(world.client, keys)

it('reads a case as she left it, message by message, with what shows that it was received', async () => {
  const { keys, means } = await openedCase()
  const mailbox = mailboxOf(keys)
  for (const text of ['One.', 'Two.', 'Three.']) {
    const own = await readOwnCase(mailbox, keys, means)
    await writeToOwnCase(mailbox, keys, own, [{ type: 'message.write', body: { text } }], means)
  }
  const { conversation, receipts } = await readOwnCase(mailbox, keys, means)
  expect(conversation.items.map(({ verdict }) => verdict)).toEqual(Array(5).fill('verified'))
  expect(conversation.missing).toEqual([])
  expect(receipts).toHaveLength(1)
}, 60_000)

it('notices a message that the server does not deliver, whichever it is but the last', async () => {
  const { keys, means } = await openedCase()
  const mailbox = mailboxOf(keys)
  const own = await readOwnCase(mailbox, keys, means)
  const sayings = ['One.', 'Two.'].map((text) => ({ type: 'message.write', body: { text } }) as const)
  const before = new Set((await mailbox.fetch()).items.map(({ id }) => Buffer.from(id).toString('hex')))
  await writeToOwnCase(mailbox, keys, own, sayings.slice(0, 1), means)
  const [dropped] = (await mailbox.fetch()).items.filter(
    ({ id }) => !before.has(Buffer.from(id).toString('hex')),
  )
  if (!dropped) throw new Error('nothing was written')
  await writeToOwnCase(mailbox, keys, await readOwnCase(mailbox, keys, means), sayings.slice(1), means)
  await world.database.kysely.transaction().execute(async (tx) => {
    // Whoever has the machine can do with its database what he likes.
    await sql`alter table items disable trigger user`.execute(tx)
    await tx.deleteFrom('items').where('id', '=', Buffer.from(dropped.id)).execute()
    await sql`alter table items enable trigger user`.execute(tx)
  })
  const { conversation } = await readOwnCase(mailbox, keys, means)
  expect(conversation.missing).toEqual([{ author: 'survivor', from: 3, to: 3 }])
  expect(conversation.items.map(({ verdict }) => verdict)).toEqual(['verified', 'verified', 'missing-before'])
}, 60_000)

it('opens nothing of a case with the keys of another code', async () => {
  const { keys, means } = await openedCase()
  const other = await deriveReturnKeys(makeReturnCode(random), ORG)
  const read = readOwnCase(mailboxOf(keys), { ...other, mailbox: keys.mailbox }, means)
  await expect(read).rejects.toMatchObject({ code: expect.stringMatching(/^SEAL_|^WRAP_/) })
  await expect(readOwnCase(mailboxOf(other), other, means)).rejects.toMatchObject({
    code: 'MAILBOX_NOT_FOUND',
  })
}, 60_000)
